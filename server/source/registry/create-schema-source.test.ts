import { describe, expect, it, vi } from 'vitest';
import type { SchemaId } from '../../model/decoded.ts';
import type { RegistrySchema, SchemaAnswer } from '../../model/registry-schema.ts';
import { millis } from '../../model/time.ts';
import { createSchemaSource } from './create-schema-source.ts';

const NAME = 'http://registry';
const schemaOf = (id: SchemaId, registry = NAME): RegistrySchema => ({
  ...{ registry, id, text: '"int"', references: [] },
  type: 'AVRO',
});
const named = (id: SchemaId) => ({ ...schemaOf(id), subjects: [{ subject: `s-${id}`, version: 1 }] });
const found = (id: SchemaId, registry = NAME) => ({ kind: 'found', schema: schemaOf(id, registry) }) as const;

function setUp(answer: (id: SchemaId) => Promise<SchemaAnswer>, stored: readonly RegistrySchema[] = []) {
  const kept: SchemaId[] = [];
  const asked: SchemaId[] = [];
  const clock = { ms: 0, now: () => millis(clock.ms) };
  const source = createSchemaSource({
    clock,
    waitMs: 50,
    registry: {
      name: NAME,
      fetch(id) {
        asked.push(id);
        return answer(id);
      },
    },
    store: {
      find: async (_registries, ids) =>
        new Map(stored.filter(({ id }) => ids.includes(id)).map((schema) => [schema.id, { kind: 'found', schema }])),
      keep: async (schemas) => {
        kept.push(...schemas.map(({ id }) => id));
      },
    },
  });
  return { source, kept, asked, clock };
}

describe('the schemas of ingest', () => {
  it('come from the registry once, and are kept before they are answered', async () => {
    const { source, kept, asked } = setUp(async (id) => found(id));
    expect(await source.schemas([1, 2])).toEqual(
      new Map([
        [1, found(1)],
        [2, found(2)],
      ]),
    );
    expect(kept).toEqual([1, 2]);
    await source.schemas([1, 2]);
    expect(asked).toEqual([1, 2]);
  });

  it('come from the store before the registry, unless another registry calls something else by that id', async () => {
    const { source, asked } = setUp(async (id) => found(id), [named(1), schemaOf(2, 'http://old')]);
    expect((await source.schemas([1, 2])).get(2)).toEqual(found(2));
    expect(asked).toEqual([2]);
  });

  it('that were kept without their names are answered at once, and have them from the next call on', async () => {
    let tell = (_answer: SchemaAnswer): void => {};
    const told = new Promise<SchemaAnswer>((resolve) => {
      tell = resolve;
    });
    const { source, kept, asked } = setUp(() => told, [schemaOf(1)]);
    expect(await source.schemas([1])).toEqual(new Map([[1, found(1)]]));
    tell({ kind: 'found', schema: named(1) });
    await vi.waitFor(() => expect(kept).toEqual([1]));
    expect(await source.schemas([1])).toEqual(new Map([[1, { kind: 'found', schema: named(1) }]]));
    expect(asked).toEqual([1]);
  });

  it('that were kept without their names stay as they are where the registry has none, and is asked once', async () => {
    const { source, kept, asked } = setUp(async () => ({ kind: 'unknown' }), [schemaOf(1)]);
    for (let n = 0; n < 3; n += 1) expect(await source.schemas([1])).toEqual(new Map([[1, found(1)]]));
    expect([kept, asked]).toEqual([[], [1]]);
  });

  it('stay unknown for half a minute', async () => {
    const { source, asked, clock } = setUp(async () => ({ kind: 'unknown' }));
    for (clock.ms of [0, 29_999, 30_000]) expect((await source.schemas([1])).get(1)).toEqual({ kind: 'unknown' });
    expect(asked).toEqual([1, 1]);
  });

  it('hold nobody up: what comes late is kept and answered the next time', async () => {
    const gate: { open?: () => void } = {};
    const { source, kept, asked } = setUp(
      (id) =>
        new Promise((resolve) => {
          gate.open = () => resolve(found(id));
        }),
    );
    expect(await source.schemas([1])).toEqual(new Map([[1, { kind: 'unreachable' }]]));
    gate.open?.();
    await new Promise(setImmediate);
    expect(await source.schemas([1])).toEqual(new Map([[1, found(1)]]));
    expect([kept, asked]).toEqual([[1], [1]]);
  });

  it('are not asked for by the thousand when bytes only look like ids', async () => {
    const { source, asked } = setUp(async () => ({ kind: 'unknown' }));
    const ids = Array.from({ length: 1000 }, (_, id) => id);
    const answers = await source.schemas(ids);
    expect(answers.size).toBe(1000);
    expect(asked.length).toBeLessThanOrEqual(64);
    expect(answers.get(999)).toEqual({ kind: 'unreachable' });
  });
});
