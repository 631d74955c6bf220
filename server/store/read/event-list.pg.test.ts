import { afterAll, beforeAll, expect, test } from 'vitest';
import { micros } from '../../model/time.ts';
import type { EventFilter } from '../../ports/reads.ts';
import { batchOf, eventOf, NOON, openStore, type TestStore } from '../store.test-support.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

const MINUTE_US = 60e6;

interface Row {
  readonly id: string;
  readonly occurred: number;
  readonly stored: number;
  readonly topic: string;
  readonly type: string;
  readonly reason: string | null;
}

/** A small generator of numbers, so that a failure can be seen again. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

/** Events over days, late and early by their own clock, many in one instant. */
async function someEvents(): Promise<Row[]> {
  const next = numbers(7);
  const rows: Row[] = [];
  for (const topic of ['left', 'right']) {
    const place = await store.topic(topic);
    let offset = 0n;
    for (let batch = 0; batch < 25; batch++) {
      const stored = micros(NOON + next(4) * 86_400e6 + next(5) * 11 * MINUTE_US + next(3) * 1000);
      const events = Array.from({ length: 1 + next(5) }, (_, index) => {
        const occurred = NOON - next(3) * 86_400e6 + next(200) * MINUTE_US + next(2) * 30e6 + next(3);
        const alone = next(3) === 0;
        return eventOf(place, offset + BigInt(index), {
          at: occurred,
          type: ['a', 'b', 'rare'][next(batch === 3 ? 3 : 2)] ?? 'a',
          ...(alone ? { correlation: null } : {}),
        });
      });
      await store.ingest.storeBatch(batchOf(place, events, stored));
      for (const event of events) {
        rows.push({
          id: `test/${topic}~1/0/${event.offset}`,
          occurred: event.occurredAt,
          stored,
          topic,
          type: event.eventType,
          reason: event.reason,
        });
      }
      offset += BigInt(events.length);
    }
  }
  return rows;
}

test('pages hold every event once, newest first by either clock, as a sort of all would have them', async () => {
  const rows = await someEvents();
  const filters: Omit<EventFilter, 'clock' | 'limit'>[] = [
    {},
    { topic: 'left' },
    { type: 'rare' },
    { service: 'shop', type: 'a' },
    { has: 'uncorrelated' },
    { has: 'undecodable' },
    { from: micros(NOON + 86_400e6 + 11 * MINUTE_US), to: micros(NOON + 2 * 86_400e6 + 22 * MINUTE_US + 1) },
    { from: micros(NOON - 86_400e6 + 90e6), to: micros(NOON + 130e6 + 1), has: 'uncorrelated' },
  ];
  for (const clock of ['occurred', 'stored'] as const) {
    for (const filter of filters) {
      const wanted = rows
        .filter((row) => filter.topic === undefined || row.topic === filter.topic)
        .filter((row) => filter.type === undefined || row.type === filter.type)
        .filter((row) => filter.has === undefined || (filter.has === 'uncorrelated' && row.reason === 'uncorrelated'))
        .filter(
          (row) => row[clock] >= (filter.from ?? Number.NEGATIVE_INFINITY) && row[clock] < (filter.to ?? Infinity),
        )
        .sort(
          (a, b) =>
            b[clock] - a[clock] ||
            a.topic.localeCompare(b.topic) ||
            Number(a.id.split('/')[3]) - Number(b.id.split('/')[3]),
        );
      for (const limit of [1, 7, 200]) {
        const seen: string[] = [];
        let cursor: string | null = null;
        do {
          const page = await store.reads.events({ ...filter, clock, limit, ...(cursor === null ? {} : { cursor }) });
          seen.push(...page.events.map((event) => event.id));
          cursor = page.next_cursor;
        } while (cursor !== null);
        expect(seen, `${clock} ${JSON.stringify(filter)} by ${limit}`).toEqual(wanted.map((row) => row.id));
      }
    }
  }
});
