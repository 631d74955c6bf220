import type { Problem } from '../model/wire.ts';
import { problemDocument } from './problem.ts';

/** What the door looks at. Header values as Node gives them: a list when the header came more than once. */
export interface DoorRequest {
  readonly method: string;
  /** The request target, as it came over the wire. */
  readonly url: string;
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
}

export interface DoorConfig {
  readonly port: number;
  /** Further host names, without port, for a proxy in front. */
  readonly allowedHosts: readonly string[];
}

/** Longest request target, in characters. */
export const MAX_URL = 16 * 1024;
/** Largest body of a write, in bytes. */
export const MAX_BODY = 1024 * 1024;

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);
const WRITES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/**
 * The closed door: whether a request may come in, before anything of ours or of the framework sees it. There is no
 * sign-in yet, so what keeps other sites' pages out is this: a `Host` of the list (a page that rebinds its own name to a
 * loopback address sends its own name), and for writes JSON from our own origin, which another origin cannot send
 * unasked. Answers null to pass, else the problem. Pure; the same for pages, API, files, unknown paths and upgrades.
 */
export function door(request: DoorRequest, config: DoorConfig): Problem | null {
  return checkTarget(request) ?? checkHost(request, config) ?? checkMethod(request) ?? checkSite(request);
}

function checkTarget({ url }: DoorRequest): Problem | null {
  if (url.length > MAX_URL)
    return refuse(414, 'url-too-long', 'The address is too long', `At most ${MAX_URL} characters.`);
  // A proxy's form (`GET http://elsewhere/`) would carry a second host past the check of the first.
  const path = url.split('?', 1)[0] ?? '';
  if (!url.startsWith('/') || path.includes('\\') || !isPercentEncoded(path)) {
    return refuse(400, 'bad-target', 'The address is not understood', 'It must be a percent-encoded path.');
  }
  return null;
}

function isPercentEncoded(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

function checkHost({ headers }: DoorRequest, { port, allowedHosts }: DoorConfig): Problem | null {
  const host = only(headers.host)?.toLowerCase();
  if (host !== undefined && isAllowed(host, port, allowedHosts)) return null;
  return refuse(
    421,
    'host-not-allowed',
    'This host name is not on the list',
    `Use http://127.0.0.1:${port}, or start with the name in THROUGHLINE_ALLOWED_HOSTS.`,
  );
}

function isAllowed(host: string, port: number, allowedHosts: readonly string[]): boolean {
  if (LOOPBACK.some((name) => host === `${name}:${port}` || (port === 80 && host === name))) return true;
  // A proxy listens where it likes, so its port is not ours to check.
  const name = /^(.+?)(?::\d{1,5})?$/.exec(host)?.[1];
  return name !== undefined && allowedHosts.some((allowed) => allowed.toLowerCase() === name);
}

function checkMethod({ method }: DoorRequest): Problem | null {
  if (READS.has(method) || WRITES.has(method)) return null;
  return refuse(405, 'method-not-allowed', 'This method is not offered', 'Use GET.');
}

function checkSite({ method, url, headers }: DoorRequest): Problem | null {
  const sites = headers['sec-fetch-site'] ?? [];
  const foreign = sites.some((site) => site !== 'same-origin' && site !== 'none');
  if (READS.has(method)) {
    // A link from elsewhere may open a page; a script from elsewhere may not even start a request to the API.
    return foreign && url.startsWith('/api/') && only(headers['sec-fetch-mode']) !== 'navigate' ? crossSite() : null;
  }
  if (foreign || !isOwnOrigin(headers)) return crossSite();
  return checkBody(headers);
}

function isOwnOrigin(headers: DoorRequest['headers']): boolean {
  const origin = only(headers.origin)?.toLowerCase();
  const host = only(headers.host)?.toLowerCase();
  // `https` behind a proxy that ends TLS; the host decides, and it has been checked.
  return origin !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}

function checkBody(headers: DoorRequest['headers']): Problem | null {
  const mediaType = only(headers['content-type'])?.split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') {
    return refuse(403, 'not-json', 'Writes are JSON', 'Send content-type: application/json.');
  }
  const length = only(headers['content-length']);
  if (length === undefined) return refuse(411, 'length-required', 'The length is missing', 'Send content-length.');
  if (Number(length) > MAX_BODY) return refuse(413, 'too-large', 'The body is too large', `At most ${MAX_BODY} bytes.`);
  return null;
}

function crossSite(): Problem {
  const detail = 'Only pages of this server may do this: Origin and Sec-Fetch-Site must be its own.';
  return refuse(403, 'cross-site', 'The request comes from another site', detail);
}

/** The value of a header that came exactly once. */
function only(values: readonly string[] | undefined): string | undefined {
  return values?.length === 1 ? values[0] : undefined;
}

function refuse(status: number, kind: string, title: string, detail: string): Problem {
  return problemDocument({ kind, title, status, detail });
}
