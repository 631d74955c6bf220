import { pathTail } from './path-tail.ts';

/** The name of the receiver in the path of a request, before `after`; a refusal when there is none. */
export function receiverName(request: Request, after = ''): ReturnType<typeof pathTail> {
  const found = pathTail(request, '/api/v1/receivers/', 'name');
  return found.ok ? { ok: true, tail: found.tail.slice(0, found.tail.length - after.length) } : found;
}
