import type { TryRequest } from '../model/dialect-wire.ts';
import type { Clock } from '../ports/clock.ts';
import type { PlacedRecord } from '../ports/explain.ts';
import type { Handler } from './api-deps.ts';
import { isStorableRecordId } from './get-event.ts';
import { json } from './json.ts';
import { badParameters, parseQuery } from './parse-query.ts';
import { problem } from './problem.ts';
import { noQuery } from './queries.ts';
import { readBody } from './read-body.ts';
import { tryRequest } from './schemas/dialects.ts';

/** `POST /dialects/try`: how a record is read by the rules in force, step by step. Nothing is stored. */
export const tryDialects: Handler = async (request, { records, explain, clock }) => {
  const query = parseQuery(request, noQuery);
  if (!query.ok) return query.refusal;
  const read = await readBody(request, tryRequest);
  if (!read.ok) return read.refusal;
  if (!('event' in read.body)) {
    const pasted = toRecord(read.body, clock);
    return pasted === null ? notBase64() : json(await explain(pasted));
  }
  if (!isStorableRecordId(read.body.event)) {
    return badParameters([{ name: 'event', reason: 'must be {cluster}/{topic}~{n}/{partition}/{offset}.' }]);
  }
  const stored = await records.record(read.body.event);
  return typeof stored === 'string' ? missing(stored) : json(await explain(stored));
};

/** Null when the value is said to be base64 and is not. */
function toRecord(
  { topic, key, headers, value, encoding }: Exclude<TryRequest, { event: string }>,
  clock: Clock,
): PlacedRecord | null {
  // White space is allowed: such texts are pasted from terminals.
  const written = encoding === 'base64' ? value?.replace(/\s+/g, '') : undefined;
  if (written !== undefined && !BASE64.test(written)) return null;
  const record = {
    offset: 0n,
    key: key === null ? null : Buffer.from(key),
    headers: headers.map((header) => ({
      name: Buffer.from(header.name),
      value: header.value === null ? null : Buffer.from(header.value),
    })),
    value: value === null ? null : Buffer.from(value, encoding === 'base64' ? 'base64' : 'utf8'),
    timestampMs: clock.now(),
    timestampType: 'CreateTime' as const,
  };
  return { record, topic, stored: null };
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

function notBase64(): Response {
  return badParameters([{ name: 'value', reason: 'is said to be base64 and is not.' }]);
}

function missing(why: 'absent' | 'gone'): Response {
  return problem(
    why === 'absent'
      ? {
          kind: 'no-such-event',
          title: 'No record is stored at these coordinates',
          status: 404,
          detail: 'It may not be read yet, or its day has been dropped.',
        }
      : {
          kind: 'payload-gone',
          title: 'The record’s bytes are no longer stored',
          status: 410,
          detail: 'Its payload has expired or is damaged; what was read of it then stands on its page.',
        },
  );
}
