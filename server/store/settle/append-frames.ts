import { traceKeyToHex } from '../../model/trace-key.ts';
import type { Queryable } from '../transaction.ts';

/** Most trace keys in one frame. */
const KEYS_A_FRAME = 500;

/** Leaves word of the settled traces for the frame writer, in the settling transaction. */
export async function appendFrames(client: Queryable, traceKeys: readonly string[]): Promise<void> {
  const at = new Date().toISOString();
  const bodies: string[] = [];
  for (let start = 0; start < traceKeys.length; start += KEYS_A_FRAME) {
    const keys = traceKeys.slice(start, start + KEYS_A_FRAME).map(traceKeyToHex);
    bodies.push(JSON.stringify({ kind: 'traces', keys, at }));
  }
  if (bodies.length === 0) return;
  await client.query({
    name: 'append-frames',
    text: 'insert into frame_outbox (body) select b::jsonb from unnest($1::text[]) as b',
    values: [bodies],
  });
}
