import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createQueueNames, NAMES_ALONE, NO_DEAD_LETTER_RULES } from '../../model/dead-letter-queue.ts';
import { createSchemaCatalog } from './schema-catalog.ts';
import { readSchemasInForce, registrySchemaLine, schemaLines } from './schemas-in-force.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'throughline-schemas-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: unknown): void {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
}

const paid = (version: string, more: object = {}) => ({
  'x-throughline': { event_types: ['order.paid'], topics: ['shop.paid.v1'], version },
  title: `Paid ${version}`,
  ...more,
});

describe('the schemas in force', () => {
  it('are the built-in ones, all of them usable, where no folder is named', async () => {
    const schemas = await readSchemasInForce([]);
    expect(schemas.broken).toEqual([]);
    expect(schemas.set.schemas.map(({ document }) => document.origin)).toEqual(
      schemas.set.schemas.map(() => 'built in'),
    );
    expect(schemaLines(schemas)).toEqual([
      `Events are held against ${schemas.set.schemas.length} schemas, 0 of them yours.`,
    ]);
  });

  it('are those of the folders before the built-in ones, the newest version first', async () => {
    write('orders/paid-1.json', paid('1.0.0'));
    write('orders/paid-2.json', paid('2.0.0'));
    write('omninode/pattern-applied.json', { 'x-throughline': { event_types: ['PATTERN_APPLIED'] }, title: 'Ours' });
    const { set, broken } = await readSchemasInForce([folder]);
    expect(broken).toEqual([]);
    expect(set.byType.get('order.paid')?.map(({ document }) => document.name)).toEqual([
      'orders/paid-2.json',
      'orders/paid-1.json',
    ]);
    // Of two files of one name the operator's counts, and the other is not there.
    expect(set.byType.get('PATTERN_APPLIED')?.map(({ document }) => document.title)).toEqual(['Ours']);
  });

  it('are used beside files that cannot be, which are named as people look for them, with line and reason', async () => {
    write('good.json', paid('1.0.0'));
    write('torn.json', '{\n  "type":\n');
    write('odd.json', '{\n"title": "x",\n"type": "strnig"}');
    write('bytes.json', '\ufffd');
    writeFileSync(path.join(folder, 'bytes.json'), Buffer.from([0xff]));
    const nowhere = path.join(folder, 'nowhere');
    const schemas = await readSchemasInForce([folder, nowhere]);
    expect(schemas.set.byType.has('order.paid')).toBe(true);
    const named = new Map(schemas.broken.map(({ name, ...rest }) => [path.relative(folder, path.resolve(name)), rest]));
    expect([...named.keys()].sort()).toEqual(['bytes.json', 'nowhere', 'odd.json', 'torn.json']);
    expect(named.get('odd.json')?.line).toBe(3);
    expect(named.get('torn.json')?.line).toBeGreaterThan(1);
    expect(named.get('bytes.json')).toEqual({ line: 0, reason: 'it is no UTF-8' });
    const lines = schemaLines(schemas);
    expect(lines[0]).toMatch(/^Events are held against \d+ schemas, 1 of them yours\.$/);
    expect(lines).toContainEqual(expect.stringMatching(/^Schema .*odd\.json:3 is not used: .+\.$/));
    expect(lines).toContainEqual(expect.stringMatching(/^Schema .*bytes\.json is not used: it is no UTF-8\.$/));
  });

  it('of a registry are named in the log by subject and id', () => {
    const broken = { name: 'orders-value', line: 2, reason: 'this is no schema' };
    expect(registrySchemaLine({ id: 7 }, broken)).toBe(
      'Schema orders-value (id 7 of the registry) is not used: line 2: this is no schema.',
    );
  });
});

describe('the catalog of them', () => {
  it('names each with what it is for, and the newest for a type, else for a topic', async () => {
    write('paid-1.json', paid('1.0.0', { description: 'From the shop' }));
    write('paid-2.json', paid('2.0.0'));
    write('torn.json', '{');
    const catalog = createSchemaCatalog(await readSchemasInForce([folder]), NAMES_ALONE);
    const newest = { name: 'paid-2.json', title: 'Paid 2.0.0', version: '2.0.0', origin: 'operator' };
    expect(catalog.schemas[0]).toEqual({ ...newest, source: null, event_types: ['order.paid'] });
    expect(catalog.schemas[1]).toMatchObject({ name: 'paid-1.json', source: 'From the shop' });
    expect(catalog.schemas.length).toBeGreaterThan(30);
    expect(catalog.broken).toMatchObject([{ name: expect.stringContaining('torn.json'), line: 1 }]);
    expect(catalog.schemaFor('order.paid', 'any')).toEqual(newest);
    expect(catalog.schemaFor('order.paid.v1', 'any')).toMatchObject({ name: 'paid-1.json' });
    expect(catalog.schemaFor('order.paid.v3', 'any')).toBeNull();
    expect(catalog.schemaFor('other', 'dev.shop.paid.v4')).toEqual(newest);
    expect(catalog.schemaFor('other', 'other')).toBeNull();
    expect(catalog.schemaFor('order.paid', 'shop.paid.v1.dlq')).toBeNull();
  });

  it('knows what is declared of topics: a queue has no schema, and a topic that is none has one', async () => {
    write('paid.json', paid('2.0.0'));
    const names = createQueueNames({ ...NO_DEAD_LETTER_RULES, queues: ['^graveyard$'], ignore: ['^shop.dlq$'] });
    const catalog = createSchemaCatalog(await readSchemasInForce([folder]), names);
    expect(catalog.schemaFor('order.paid', 'graveyard')).toBeNull();
    expect(catalog.schemaFor('order.paid', 'shop.dlq')).toMatchObject({ name: 'paid.json' });
  });
});
