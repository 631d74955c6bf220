import { randomUUID } from 'node:crypto';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { IngestStore } from '../../ports/ingest-store.ts';
import type { TopicPartition } from '../../ports/source.ts';
import { openPool } from '../open-pool.ts';
import { batchOf, eventOf, openStore, type TestStore } from '../store.test-support.ts';
import { createIngestStore } from './ingest-store.ts';

/** A line to PostgreSQL that is cut after so many bytes of either direction, counted from when it was armed. */
class Line {
  left = { up: Number.POSITIVE_INFINITY, down: Number.POSITIVE_INFINITY };
  sent = { up: 0, down: 0 };
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(host: string, port: number) {
    this.#server = createServer((near) => {
      const far = connect(port, host);
      this.#join(near, far, 'up');
      this.#join(far, near, 'down');
    });
  }

  async open(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  arm(direction: 'up' | 'down', bytes: number): void {
    this.sent = { up: 0, down: 0 };
    this.left = { up: Number.POSITIVE_INFINITY, down: Number.POSITIVE_INFINITY, [direction]: bytes };
  }

  async close(): Promise<void> {
    this.#cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(from: Socket, to: Socket, direction: 'up' | 'down'): void {
    this.#sockets.add(from);
    from.on('error', () => undefined);
    from.on('close', () => {
      this.#sockets.delete(from);
      to.end();
    });
    from.on('data', (chunk) => {
      const passed = chunk.subarray(0, Math.min(chunk.length, this.left[direction]));
      this.left[direction] -= passed.length;
      this.sent[direction] += passed.length;
      to.write(passed, () => {
        if (passed.length < chunk.length) this.#cut();
      });
    });
  }

  #cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

let store: TestStore;
let line: Line;
let pool: ReturnType<typeof openPool>;
let ingest: IngestStore;
beforeAll(async () => {
  store = await openStore();
  const url = new URL(store.database.url);
  line = new Line(url.hostname, Number(url.port || 5432));
  url.hostname = '127.0.0.1';
  url.port = String(await line.open());
  pool = openPool({ connectionString: url.href, max: 2 });
  pool.on('error', () => undefined);
  ingest = createIngestStore({ pool, workspaceId: 1, writerId: randomUUID() });
});
afterAll(async () => {
  await pool.end();
  await line.close();
  await store.close();
});

/** What stands of a partition: its position, and how many rows each table has of it. */
async function standing({ incarnationId }: TopicPartition) {
  const { rows } = await store.pool.query<Record<string, number>>(
    `select next_offset::int as next, stored_count::int as stored,
       (select count(*)::int from event e where e.incarnation_id = $1) as events,
       (select coalesce(sum(record_count), 0)::int from segment g where g.incarnation_id = $1) as in_segments,
       (select coalesce(sum(records), 0)::int from ingest_count c where c.incarnation_id = $1) as counted
     from partition_state where incarnation_id = $1`,
    [incarnationId],
  );
  return rows[0];
}

const all = (n: number) => ({ next: n, stored: n, events: n, in_segments: n, counted: n });

/** Large enough that the rows go in several pieces: 40 records of 10 KB that do not pack well. */
const eventsOf = (place: TopicPartition, from: number) =>
  Array.from({ length: 40 }, (_, n) =>
    eventOf(place, BigInt(from + n), {
      correlation: `cut-${n}`,
      value: Buffer.from(Array.from({ length: 280 }, () => randomUUID()).join('')),
    }),
  );

test.each(['up', 'down'] as const)(
  'a line that is cut at any byte on its way %s leaves rows and position together, and nothing is stored twice',
  async (direction) => {
    const place = await store.topic(`cut-${direction}`);
    line.arm('up', Number.POSITIVE_INFINITY);
    await ingest.storeBatch(batchOf(place, eventsOf(place, 0)));
    line.arm('up', Number.POSITIVE_INFINITY);
    await ingest.storeBatch(batchOf(place, eventsOf(place, 40)));
    const whole = line.sent[direction];
    let stands = 80;
    for (let step = 0; step <= 30; step += 1) {
      const batch = batchOf(place, eventsOf(place, stands));
      // The last ones close to the end, where the commit is.
      line.arm(direction, step < 20 ? Math.floor((whole * step) / 20) : whole - (30 - step) * 7);
      const first = await ingest.storeBatch(batch).catch((error: unknown) => error);
      line.arm(direction, Number.POSITIVE_INFINITY);
      await expect
        .poll(async () => JSON.stringify(await standing(place)))
        .toMatch(new RegExp(`^(${[stands, stands + 40].map((n) => escaped(JSON.stringify(all(n)))).join('|')})$`));
      const again = await ingest.storeBatch(batch);
      expect([{ kind: 'stored' }, { kind: 'moved', nextOffset: BigInt(stands + 40) }]).toContainEqual(again);
      if (!(first instanceof Error)) expect(again).toMatchObject({ kind: 'moved' });
      stands += 40;
      expect(await standing(place)).toEqual(all(stands));
    }
  },
  60_000,
);

function escaped(text: string): string {
  return text.replace(/[{}]/g, '\\$&');
}

test.each([
  ['event', '23514'],
  ['segment', '23514'],
  ['segment_bytes', '40001'],
  ['dirty_mark', '57014'],
])(
  'an error of %s that says nothing of the data rolls all tables back, and the line is good for the next',
  async (table, code) => {
    const place = await store.topic(`error-${table}`);
    const name = `fail_${table}`;
    await store.pool.query(`create function ${name}() returns trigger language plpgsql as
    $$ begin raise exception 'not now' using errcode = '${code}'; end $$`);
    await store.pool.query(`create trigger ${name} before insert on ${table} for each row execute function ${name}()`);
    const batch = batchOf(place, eventsOf(place, 0));
    await expect(ingest.storeBatch(batch)).rejects.toMatchObject({ code });
    expect(await standing(place)).toEqual(all(0));
    await store.pool.query(`drop function ${name} cascade`);
    expect(await ingest.storeBatch(batch)).toEqual({ kind: 'stored' });
    expect(await standing(place)).toEqual(all(40));
  },
);

test('a commit that fails stores nothing, is told, and the batch can be stored again', async () => {
  const place = await store.topic('commit');
  await store.pool.query(`create function at_commit() returns trigger language plpgsql as
    $$ begin raise exception 'at commit' using errcode = '40001'; end $$`);
  await store.pool.query(`create constraint trigger at_commit after update on partition_state
    deferrable initially deferred for each row execute function at_commit()`);
  const batch = batchOf(place, eventsOf(place, 0));
  await expect(ingest.storeBatch(batch)).rejects.toMatchObject({ code: '40001' });
  expect(await standing(place)).toEqual(all(0));
  await store.pool.query('drop function at_commit cascade');
  expect(await ingest.storeBatch(batch)).toEqual({ kind: 'stored' });
  expect(await standing(place)).toEqual(all(40));
});
