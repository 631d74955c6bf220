import type { Settle } from '../../ports/settle-store.ts';
import { applySums } from '../settle/apply-sums.ts';
import { FrozenEffects } from '../settle/frozen-effects.ts';
import type { HopRow } from '../settle/hop-row.ts';
import { readHopRows } from '../settle/hop-rows.ts';
import { isCounted } from '../settle/hop-sums.ts';
import { readEvents } from '../settle/read-events.ts';
import type { Settling } from '../settle/settle-marked.ts';
import { dayFromText, dayText } from '../sql-time.ts';
import type { SpannedKey } from './choose-traces.ts';
import { forgetTraces } from './forget-traces.ts';
import { freeze, placeholders, type Remainder } from './freeze.ts';
import { insertPlaceholders, sealRows } from './sealed-rows.ts';

/**
 * Seals what traces have stored until `day`. What leads to events of those days leaves the live sums for the sealed ones,
 * with what is frozen of the later ones; trace rows are made to fit what is left. That a trace's row begins after the day
 * says that it is done: rows of hops that are dropped with the day are not touched.
 */
export async function sealTraces(
  { client, workspaceId, shard, memory }: Settling,
  traces: readonly SpannedKey[],
  day: string,
  settle: Settle,
): Promise<void> {
  if (traces.length === 0) return;
  const keys = traces.map((trace) => trace.traceKey);
  const rows = await readHopRows(client, traces);
  const next = dayText(dayFromText(day) + 1);
  const goingOn = traces.filter(({ lastDay }) => lastDay > day).map((trace) => ({ ...trace, firstDay: next }));
  const open = goingOn.length === 0 ? [] : await readEvents(client, goingOn, memory.names);
  const later = byTrace(rows.filter((row) => row.storedDay > day));
  const remainders = open.map((trace): Remainder => ({ trace, rows: later.get(trace.traceKey) ?? [] }));
  const frozen = await freeze({ client, workspaceId, day, settle }, remainders);
  const kept = rows.filter((row) => !row.sealed && row.storedDay > day && frozen.get(row.traceKey)?.has(row) === true);
  const gone = rows.filter((row) => !row.sealed && row.storedDay <= day);
  await sealRows(client, kept);
  await insertPlaceholders(
    client,
    workspaceId,
    remainders.flatMap((each) => placeholders(each, frozen.get(each.trace.traceKey) ?? new FrozenEffects())),
  );
  await forgetTraces(client, day, keys);
  const moved = [...gone, ...kept].filter(isCounted);
  await applySums(client, { workspaceId, shard, sealed: false }, { removed: moved, added: [] });
  await applySums(client, { workspaceId, shard, sealed: true }, { removed: [], added: moved });
}

function byTrace(rows: readonly HopRow[]): ReadonlyMap<string, readonly HopRow[]> {
  const lists = new Map<string, HopRow[]>();
  for (const row of rows) {
    const list = lists.get(row.traceKey);
    if (list === undefined) lists.set(row.traceKey, [row]);
    else list.push(row);
  }
  return lists;
}
