import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../../e2e/support/until.ts';
import { EMPTY_TOPOLOGY, EPISODE_GAP_MS } from '../../model/trace.ts';
import { traceKey } from '../../model/trace-key.ts';
import { type OpenTrace, type SettleStore, shardOf } from '../../ports/settle-store.ts';
import type { TopicPartition } from '../../ports/source.ts';
import { settleTraces } from '../../settle/settle-traces.ts';
import { createFrameReader } from '../frames/frame-reader.ts';
import { createFrameWriter } from '../frames/frame-writer.ts';
import { appendFrames } from '../settle/append-frames.ts';
import { createSettleStore } from '../settle/settle-store.ts';
import { batchOf, eventOf, openStore, type TestStore } from '../store.test-support.ts';
import { changedPool, replacedOnce, type StatementChanges } from './changed-pool.test-support.ts';

// Each history is driven by hand to the one interleaving that matters, first through the real code, which must lose
// nothing, then through the same code with one mistake, which must lose something: the check sees what it is for.

let store: TestStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

const EAGER = { limit: 1000, quietMs: 0 };
const stitchAll = (open: readonly OpenTrace[]) => settleTraces(open, EMPTY_TOPOLOGY, { episodeGapMs: EPISODE_GAP_MS });
const shardOfId = (id: string) => shardOf(traceKey(1, 'correlation', id));

/** Settles a trace's shard until there is nothing to do, and answers how many of its stored events its row does not count. */
async function lostEvents(settle: SettleStore, id: string): Promise<number> {
  while ((await settle.settleShard(shardOfId(id), EAGER, stitchAll)) !== 0);
  const { rows } = await store.pool.query<{ lost: number }>(
    `select count(*)::int - (select event_count from trace where trace_key = $1) as lost from event where trace_key = $1`,
    [traceKey(1, 'correlation', id)],
  );
  return rows[0]?.lost ?? Number.NaN;
}

/** Stores the n-th event of a trace; it has a term of its own, so that rows are copied behind its mark. */
function storeNth(place: TopicPartition, id: string, n: number): Promise<unknown> {
  const terms = [{ kind: 'field', value: `${id}${n}` }] as const;
  return store.ingest.storeBatch(batchOf(place, [{ ...eventOf(place, BigInt(n), { correlation: id }), terms }]));
}

/**
 * Stores a second event of a trace just before the n-th statement of the settle of its first, for every n, and answers
 * the statements before which that event was lost.
 */
async function lostBetweenStatements(name: string, change: () => StatementChanges): Promise<readonly string[]> {
  const lost: string[] = [];
  for (let at = 0; ; at += 1) {
    const id = `${name}-${at}`;
    const place = await store.topic(id);
    await storeNth(place, id, 0);
    let seen = 0;
    let between: string | null = null;
    const changes = change();
    const pool = changedPool(store.pool, {
      ...changes,
      async before(text, client) {
        await changes.before?.(text, client);
        if (seen === at) {
          between = text.trim().split('\n')[0] ?? '';
          await storeNth(place, id, 1);
        }
        seen += 1;
      },
    });
    const settle = createSettleStore({ pool, workspaceId: 1 });
    await settle.settleShard(shardOfId(id), EAGER, stitchAll);
    if (between === null) return lost;
    if ((await lostEvents(createSettleStore({ pool: changedPool(store.pool, change()), workspaceId: 1 }), id)) > 0) {
      lost.push(between);
    }
  }
}

/** Settle that reads the marks first and deletes them when it has written. */
function deletesAfterReading(): StatementChanges {
  let keys: unknown[] = [];
  return {
    rewrite: (text) =>
      text.includes('delete from dirty_mark')
        ? replacedOnce(
            replacedOnce(
              text,
              'delete from dirty_mark where',
              'select trace_key, id_kind, id_text, id_length, stored_day from dirty_mark where',
            ),
            'returning trace_key, id_kind, id_text, id_length, stored_day',
            '',
          )
        : text,
    after(text, rows) {
      if (text.includes('delete from dirty_mark')) keys = rows.map((row) => row.trace_key);
    },
    async before(text, client) {
      if (text === 'commit') await client.query('delete from dirty_mark where trace_key = any($1::uuid[])', [keys]);
    },
  };
}

describe('marks that are deleted before their trace is read', () => {
  test('lose no event that is stored between any two statements of a settle', async () => {
    expect(await lostBetweenStatements('before', () => ({}))).toEqual([]);
  });

  test('would lose events if they were read first and deleted afterwards', async () => {
    expect(await lostBetweenStatements('after', deletesAfterReading)).not.toEqual([]);
  });
});

/** Stores a second event of a trace, and settles the trace while that transaction has written its mark and not committed. */
async function settledWhileStoring(id: string): Promise<number> {
  const place = await store.topic(id);
  await storeNth(place, id, 0);
  const holder = await store.pool.connect();
  try {
    // Terms are copied in behind marks.
    await holder.query('begin; lock table term in access exclusive mode');
    const storing = storeNth(place, id, 1);
    await until('the second event to wait with its mark written', () => someoneWaitsFor(store.pool, 'copy '));
    await store.settle.settleShard(shardOfId(id), EAGER, stitchAll);
    await holder.query('rollback');
    await storing;
  } finally {
    holder.release();
  }
  return lostEvents(store.settle, id);
}

async function someoneWaitsFor(pool: Pool, statement: string): Promise<boolean> {
  const { rows } = await pool.query(
    `select from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock' and query like $1 || '%'`,
    [statement],
  );
  return rows.length > 0;
}

/** Marks as one row per trace, which an insert leaves as it is where it stands already. */
const ONE_MARK_A_TRACE = `
  create unique index one_mark on dirty_mark (workspace_id, trace_key);
  create function insert_unless_marked() returns trigger language plpgsql as $$
  begin
    if pg_trigger_depth() > 1 then return new; end if;
    insert into dirty_mark select new.* on conflict do nothing;
    return null;
  end $$;
  create trigger insert_unless_marked before insert on dirty_mark for each row execute function insert_unless_marked()`;
const MANY_MARKS_A_TRACE = `
  drop trigger insert_unless_marked on dirty_mark; drop function insert_unless_marked; drop index one_mark`;

describe('marks that are appended', () => {
  test('lose no event whose transaction commits after its trace was settled', async () => {
    expect(await settledWhileStoring('appended')).toBe(0);
  });

  test('would lose it if a trace had one mark, inserted ON CONFLICT DO NOTHING', async () => {
    await store.pool.query(ONE_MARK_A_TRACE);
    try {
      expect(await settledWhileStoring('once')).toBe(1);
    } finally {
      await store.pool.query(MANY_MARKS_A_TRACE);
    }
  });
});

/**
 * Two settles leave word, and the one that came second commits first. A browser hears of it, and asks for what comes
 * after that. Answers the frames that never reached it.
 */
async function framesMissed(pool: Pool): Promise<readonly string[]> {
  const reader = createFrameReader({ pool: store.pool });
  const writer = createFrameWriter({ pool });
  await store.pool.query('truncate frame; truncate frame_outbox restart identity');
  if (!(await writer.acquire())) throw new Error('another writer is at work');
  const [first, second] = [await store.pool.connect(), await store.pool.connect()];
  const keys = [traceKey(1, 'correlation', 'first'), traceKey(1, 'correlation', 'second')] as const;
  const heard: string[] = [];
  let lastEventId = 0n;
  const listen = async () => {
    await writer.flush();
    const frames = await reader.after(lastEventId, 100);
    if (frames === null) throw new Error('the browser was told to begin anew');
    for (const { number, frame } of frames) {
      lastEventId = number;
      if (frame.kind === 'traces') heard.push(...frame.keys);
    }
  };
  try {
    // It has heard of something before.
    await appendFrames(store.pool, [traceKey(1, 'correlation', 'earlier')]);
    await listen();
    for (const client of [first, second]) await client.query('begin');
    await appendFrames(first, [keys[0]]);
    await appendFrames(second, [keys[1]]);
    for (const client of [second, first]) {
      await client.query('commit');
      await listen();
    }
  } finally {
    first.release();
    second.release();
    await writer.release();
  }
  return keys.map((key) => key.replaceAll('-', '')).filter((key) => !heard.includes(key));
}

const BY_COMMIT = '(select coalesce(max(number), 0) from frame) + row_number() over (order by id)';

describe('frames that one writer numbers after their commit', () => {
  test('all reach a browser that asks for what comes after the last one it saw', async () => {
    expect(await framesMissed(store.pool)).toEqual([]);
  });

  test('would be passed over if their number were that of a sequence', async () => {
    const bySequence = changedPool(store.pool, {
      rewrite: (text) => (text.includes('insert into frame ') ? replacedOnce(text, BY_COMMIT, 'id') : text),
    });
    expect(await framesMissed(bySequence)).toEqual([traceKey(1, 'correlation', 'first').replaceAll('-', '')]);
  });
});

test('a mistake is only planted where the statement is the one it was written for', () => {
  expect(() => replacedOnce('select 1', 'delete', '')).toThrow('found 0 times');
  expect(() => replacedOnce('a a', 'a', 'b')).toThrow('found 2 times');
});
