import type { Pool, PoolClient } from 'pg';
import type { OpenTrace, SettledTrace, SettleStore } from '../../ports/settle-store.ts';
import { SHARDS } from '../../ports/settle-store.ts';
import { BEGIN, inTransaction } from '../transaction.ts';
import { AccompaniedTypes } from './accompanied-types.ts';
import { appendFrames } from './append-frames.ts';
import { EventNames } from './event-names.ts';
import { readEvents } from './read-events.ts';
import { replaceTraces } from './replace-traces.ts';
import { SeriesRegistry } from './series-ids.ts';
import { type MarkedTrace, takeMarks } from './take-marks.ts';
import type { ReplacedTrace, SpannedTrace } from './trace-span.ts';

/** Lock space of settle; the second key is workspace and shard. */
const LOCK = 7202;

/**
 * The settle store on PostgreSQL. READ COMMITTED matters: marks are deleted by one statement, and events are read by a
 * later one, which sees everything that was committed with those marks. A batch that commits in between leaves its own
 * mark and is settled next time. Statements that look into growing tables are not prepared: a plan made while a table was
 * small is kept, and reads all of it when it is large.
 */
export function createSettleStore({
  pool,
  workspaceId,
}: {
  readonly pool: Pool;
  readonly workspaceId: number;
}): SettleStore {
  const series = new SeriesRegistry(workspaceId);
  const names = new EventNames();
  const accompanied = new AccompaniedTypes(workspaceId);
  return {
    async settleShard(shard, options, settle) {
      let committed = () => {};
      const count = await inTransaction(
        pool,
        async (client) => {
          if (!(await lockShard(client, workspaceId * SHARDS + shard))) return null;
          const marked = await takeMarks(client, workspaceId, shard, options);
          if (marked.length === 0) return 0;
          const open = await readEvents(client, marked, names);
          const settled = settle(open);
          const emptied = withoutEvents(marked, open);
          const where = { client, workspaceId, shard, series, accompanied };
          committed = await replaceTraces(where, withSpans(settled, open), emptied);
          const keys = [...settled, ...emptied].map((trace) => trace.traceKey);
          await appendFrames(client, keys);
          return keys.length;
        },
        BEGIN.lazily,
      );
      committed();
      return count;
    },
  };
}

async function lockShard(client: PoolClient, key: number): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>({
    name: 'lock-shard',
    text: 'select pg_try_advisory_xact_lock($1, $2) as locked',
    values: [LOCK, key],
  });
  return rows[0]?.locked === true;
}

/** Marked traces that have lost every event: to another trace by a re-resolve, or to retention. */
function withoutEvents(marked: readonly MarkedTrace[], open: readonly OpenTrace[]): readonly MarkedTrace[] {
  const filled = new Set(open.map((trace) => trace.traceKey));
  return marked.filter((trace) => !filled.has(trace.traceKey));
}

function withSpans(settled: readonly SettledTrace[], open: readonly ReplacedTrace[]): readonly SpannedTrace[] {
  const spans = new Map(open.map((trace) => [trace.traceKey, trace]));
  return settled.map((trace) => {
    const span = spans.get(trace.traceKey);
    if (span === undefined) throw new Error(`settle answered a trace it was not given: ${trace.traceKey}`);
    return { ...trace, firstDay: span.firstDay, lastDay: span.lastDay, isNew: span.isNew };
  });
}
