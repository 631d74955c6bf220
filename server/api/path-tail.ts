import { badParameters } from './parse-query.ts';

/**
 * What follows `prefix` in the path of a request, percent-decoded once; a refusal when it is empty or no UTF-8. Read from
 * the URL itself, so that an id with `%2F` or `%25` arrives as it was sent.
 */
export function pathTail(
  request: Request,
  prefix: string,
  name: string,
): { readonly ok: true; readonly tail: string } | { readonly ok: false; readonly refusal: Response } {
  const { pathname } = new URL(request.url);
  const raw = pathname.startsWith(prefix) ? pathname.slice(prefix.length) : '';
  const tail = decode(raw);
  if (tail !== null && tail !== '') return { ok: true, tail };
  const reason = tail === null ? 'is not percent-encoded UTF-8.' : 'is missing from the path.';
  return { ok: false, refusal: badParameters([{ name, reason }]) };
}

function decode(raw: string): string | null {
  try {
    return decodeURIComponent(raw);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
