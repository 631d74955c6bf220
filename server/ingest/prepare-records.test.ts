import { expect, it } from 'vitest';
import type { SchemaId } from '../model/decoded.ts';
import type { SourceRecord } from '../model/record.ts';
import { millis } from '../model/time.ts';
import { createReading } from '../pipeline/reading.ts';
import { createPreparer } from './prepare-records.ts';

const record = (value: Buffer | string): SourceRecord => ({
  ...{ offset: 1n, key: null, headers: [], timestampMs: millis(0), timestampType: 'CreateTime' },
  value: Buffer.from(value),
});
const PLACE = { incarnation: { id: 1, cluster: 'c', topic: 't', n: 1 }, partition: 0 };

it('asks for the schemas of a delivery once, each id once, and for none where all is JSON', async () => {
  const asked: (readonly SchemaId[])[] = [];
  const prepare = createPreparer({
    ...{ workspaceId: 1, reading: createReading([]), resolverVersion: async () => 1 },
    schemas: {
      async schemas(ids) {
        asked.push(ids);
        return new Map(ids.map((id) => [id, { kind: 'unknown' }]));
      },
    },
  });
  await prepare([record('{"a":1}'), record('text')], PLACE);
  expect(asked).toEqual([]);
  const named = (id: number) => record(Buffer.from([0, 0, 0, 0, id, 1]));
  const events = await prepare([named(7), record('{}'), named(8), named(7)], PLACE);
  expect(asked).toEqual([[7, 8]]);
  expect(events.map(({ reason }) => reason)).toEqual([
    'unknown schema',
    'uncorrelated',
    'unknown schema',
    'unknown schema',
  ]);
});
