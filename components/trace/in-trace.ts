import type { EventDetail } from '@/server/model/wire.ts';

/** True for an event that is in a trace: it names a correlation id, or else a trace id. Telemetry never is. */
export function isInTrace({ correlation_id, trace_id, reason }: EventDetail): boolean {
  return correlation_id !== null || (trace_id !== null && reason !== 'telemetry');
}
