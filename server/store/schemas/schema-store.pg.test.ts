import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../e2e/support/test-database.ts';
import type { RegistrySchema } from '../../model/registry-schema.ts';
import { createSchemaStore } from './schema-store.ts';

const schema = (registry: string, id: number | string, text = '"string"'): RegistrySchema => ({
  ...{ registry, id, text, type: 'AVRO' },
  references: [{ name: 'a', text: '{"x":"é\\\\"}' }],
});

describe('the schema store', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  beforeAll(async () => {
    database = await testDatabase();
    pool = new pg.Pool({ connectionString: database.url, max: 2 });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  it('gives back what it keeps, by number and by GUID, and keeps the first of two', async () => {
    const store = createSchemaStore({ pool });
    const guid = '01020304-0506-0708-090a-0b0c0d0e0f10';
    await store.keep([schema('http://a', 1), schema('http://a', guid)]);
    await store.keep([schema('http://a', 1, '"int"')]);
    const found = await store.find(['http://a'], [1, guid, 2]);
    expect(found).toEqual(
      new Map<number | string, unknown>([
        [1, { kind: 'found', schema: schema('http://a', 1) }],
        [guid, { kind: 'found', schema: schema('http://a', guid) }],
      ]),
    );
  });

  it('keeps the subjects of a schema, where the registry said them', async () => {
    const store = createSchemaStore({ pool });
    const named = { ...schema('http://a', 30), subjects: [{ subject: 'orders-value', version: 2 }] };
    await store.keep([named, schema('http://a', 31)]);
    const found = await store.find(['http://a'], [30, 31]);
    expect([found.get(30)?.schema, found.get(31)?.schema]).toEqual([named, schema('http://a', 31)]);
  });

  it('takes the subjects of a schema that was kept without, and nothing else of it', async () => {
    const store = createSchemaStore({ pool });
    const subjects = [{ subject: 'orders-value', version: 2 }];
    await store.keep([schema('http://a', 40)]);
    await store.keep([{ ...schema('http://a', 40, '"int"'), subjects }]);
    await store.keep([schema('http://a', 40)]);
    expect((await store.find(['http://a'], [40])).get(40)?.schema).toEqual({ ...schema('http://a', 40), subjects });
  });

  it('prefers the registry that is named first, and takes any other before none', async () => {
    const store = createSchemaStore({ pool });
    await store.keep([schema('http://a', 5, '"a"'), schema('http://b', 5, '"b"')]);
    const textFor = async (registries: readonly string[]) => (await store.find(registries, [5])).get(5)?.schema.text;
    expect(await textFor(['http://b', 'http://a'])).toBe('"b"');
    expect(await textFor(['http://a'])).toBe('"a"');
    expect(['"a"', '"b"']).toContain(await textFor([]));
  });
});
