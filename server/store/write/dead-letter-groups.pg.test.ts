import { expect, onTestFinished, test } from 'vitest';
import { MORE_REASONS, MOST_OF_QUEUE } from '../../model/dead-letter-group.ts';
import { batchOf, eventOf, openStore } from '../store.test-support.ts';

test('a queue has so many groups and one for the rest of an original topic; every dead letter is counted', async () => {
  const store = await openStore();
  onTestFinished(() => store.close());
  const place = await store.topic('loud.dlq');
  const letter = (offset: number, original: string) => {
    const deadLetter = {
      ...{ fingerprint: `reason ${offset}`, reason: `reason ${offset}`, errorClass: `E${offset}` },
      original: { topic: original, partition: 0, offset: 0n, timestamp: null },
    };
    return eventOf(place, BigInt(offset), { correlation: 'l', type: 'failed', service: null, deadLetter });
  };
  const letters = Array.from({ length: MOST_OF_QUEUE + 20 }, (_, offset) => letter(offset, 'orders'));
  await store.ingest.storeBatch(batchOf(place, letters));
  // What comes again is counted where it was; what says nothing is told from the rest.
  const [from, silent] = [BigInt(letters.length), {}];
  await store.ingest.storeBatch(
    batchOf(place, [
      { ...letter(0, 'orders'), offset: from },
      { ...letter(MOST_OF_QUEUE + 5, 'payments'), offset: from + 1n },
      eventOf(place, from + 2n, { correlation: 'l', type: 'failed', service: null, deadLetter: silent }),
    ]),
  );
  const { rows } = await store.pool.query(
    `select g.fingerprint, g.error_class, g.original_topic, sum(c.records)::int as n,
       (select count(*)::int from dead_letter d where d.group_key = g.key) as stored
     from dead_letter_group g join dead_letter_count c on c.group_key = g.key group by g.key order by 4 desc, 1, 3`,
  );
  expect(rows).toHaveLength(MOST_OF_QUEUE + 3);
  const rest = { fingerprint: MORE_REASONS.fingerprint, error_class: '' };
  expect(rows.slice(0, 4)).toEqual([
    { ...rest, original_topic: 'orders', n: 20, stored: 20 },
    { fingerprint: 'reason 0', error_class: 'E0', original_topic: 'orders', n: 2, stored: 2 },
    { fingerprint: '', error_class: '', original_topic: '', n: 1, stored: 1 },
    { ...rest, original_topic: 'payments', n: 1, stored: 1 },
  ]);
});
