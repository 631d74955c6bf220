import { hasRepeatedKey } from '../decode/repeated-key.ts';
import type { Resolution } from '../model/event.ts';

/** The keys, in quotation marks, at which the ids of a resolution stand on top of the body. */
const KEYS = new WeakMap<Resolution, readonly Buffer[]>();
const ON_TOP = /^body \/([^/~ ]+)$/;

/** True when an id that decides about the event's trace was written twice on top of a JSON body: the last one counts. */
export function hasRepeatedFields(value: Buffer, resolution: Resolution): boolean {
  let keys = KEYS.get(resolution);
  if (keys === undefined) {
    const { correlationId, eventId } = resolution.origins;
    keys = [correlationId, eventId].flatMap((rule) => {
      const key = rule === undefined ? undefined : ON_TOP.exec(rule)?.[1];
      return key === undefined ? [] : [Buffer.from(JSON.stringify(key))];
    });
    KEYS.set(resolution, keys);
  }
  for (const key of keys) if (hasRepeatedKey(value, key)) return true;
  return false;
}
