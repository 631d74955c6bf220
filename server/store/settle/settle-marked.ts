import type { PoolClient } from 'pg';
import { NAMES_ALONE, type QueueNames } from '../../model/dead-letter-queue.ts';
import type { OpenTrace, Settle, SettledTrace } from '../../ports/settle-store.ts';
import { AccompaniedTypes } from './accompanied-types.ts';
import { appendFrames } from './append-frames.ts';
import { EventNames } from './event-names.ts';
import { frozenByTrace } from './frozen-effects.ts';
import { readHopRows } from './hop-rows.ts';
import { readEvents } from './read-events.ts';
import { replaceTraces } from './replace-traces.ts';
import { SeriesRegistry } from './series-ids.ts';
import type { MarkedTrace } from './take-marks.ts';
import type { ReplacedTrace, SpannedTrace } from './trace-span.ts';

/** What a process remembers of a workspace from one settle to the next. */
export interface SettleMemory {
  readonly series: SeriesRegistry;
  readonly names: EventNames;
  readonly accompanied: AccompaniedTypes;
}

/** `queues` is what records were read with. */
export function openMemory(workspaceId: number, queues: QueueNames = NAMES_ALONE): SettleMemory {
  return {
    series: new SeriesRegistry(workspaceId),
    names: new EventNames(queues),
    accompanied: new AccompaniedTypes(workspaceId),
  };
}

/** The settling transaction, under the lock of the shard. */
export interface Settling {
  readonly client: PoolClient;
  readonly workspaceId: number;
  readonly shard: number;
  readonly memory: SettleMemory;
}

/** What came of it: how many traces, and what to do after the commit. */
export interface Settled {
  readonly count: number;
  readonly remember: () => void;
}

/** Settles traces whose marks were just deleted: reads their events and what is sealed of them, stitches, and replaces. */
export async function settleMarked(
  { client, workspaceId, shard, memory }: Settling,
  marked: readonly MarkedTrace[],
  settle: Settle,
): Promise<Settled> {
  if (marked.length === 0) return { count: 0, remember: () => {} };
  const stored = await readHopRows(
    client,
    marked.filter((trace) => !trace.isNew),
  );
  const frozen = frozenByTrace(stored);
  const open = (await readEvents(client, marked, memory.names)).map((trace) => {
    const sealed = frozen.get(trace.traceKey);
    return sealed === undefined ? trace : { ...trace, frozen: sealed };
  });
  const settled = settle(open);
  const emptied = withoutEvents(marked, open);
  const where = { client, workspaceId, shard, series: memory.series, accompanied: memory.accompanied };
  const remember = await replaceTraces(where, withSpans(settled, open), emptied, stored);
  const keys = [...settled, ...emptied].map((trace) => trace.traceKey);
  await appendFrames(client, keys);
  return { count: keys.length, remember };
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
