import type { LatencyAnswer, LatencyRow } from '@/server/model/latency-wire.ts';
import { rowKey } from './latency-query.ts';

/**
 * The answer about one row, if it is about this one: while another is on its way, that of the row before is still there.
 * Else null.
 */
export function askedAlone(
  answer: LatencyAnswer | null,
  row: LatencyRow,
  group: LatencyAnswer['group'],
): { readonly answer: LatencyAnswer; readonly row: LatencyRow } | null {
  const own = answer?.event_types.find((each) => rowKey(each, group) === rowKey(row, group));
  return answer === null || own === undefined || answer.group !== group ? null : { answer, row: own };
}
