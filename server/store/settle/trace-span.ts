import type { SettledTrace } from '../../ports/settle-store.ts';
import { dayFromText, dayText } from '../sql-time.ts';

/** The stored days a trace's rows can lie in, `YYYY-MM-DD`, both inclusive. */
export interface TraceSpan {
  readonly firstDay: string;
  readonly lastDay: string;
}

/** A trace whose rows are to be replaced. */
export interface ReplacedTrace extends TraceSpan {
  readonly traceKey: string;
  /** It has no row yet, so it has no hops and no copies of before either: these go before its row does. */
  readonly isNew: boolean;
}

/** A settled trace with the days its old rows can lie in. */
export type SpannedTrace = SettledTrace & ReplacedTrace;

/** Every day in which rows of these can lie. */
export function daysOf(traces: readonly TraceSpan[]): string[] {
  const days = new Set<string>();
  for (const { firstDay, lastDay } of traces) {
    for (let day = dayFromText(firstDay); day <= dayFromText(lastDay); day++) days.add(dayText(day));
  }
  return [...days];
}
