import { Agent, type Dispatcher, request } from 'undici';
import type { Send, SendOutcome } from '../../ports/send.ts';
import type { Network } from './address-trouble.ts';
import { guardedConnect, type Resolve, systemResolve } from './guarded-connect.ts';
import { readExcerpt } from './read-excerpt.ts';
import { sayFailure } from './say-failure.ts';

export interface SenderOptions {
  /** Networks that may be sent to although they are not public. */
  readonly allowed: readonly Network[];
  readonly resolve?: Resolve;
  /** For everything: name, connection, answer. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 15_000;
/** All headers of an answer together, in bytes. */
const LARGEST_HEADERS = 16_384;

/**
 * Sends to receivers. Each try has a connection of its own, so each is checked; no redirect is followed, no proxy asked,
 * and of an answer at most 4 KB are read.
 */
export function createSender({ allowed, resolve = systemResolve, timeoutMs = TIMEOUT_MS }: SenderOptions): Send {
  const connect = guardedConnect(allowed, { resolve, timeoutMs });
  return async ({ url, headers, body }, stopping) => {
    const begun = performance.now();
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = AbortSignal.any([deadline, stopping]);
    const dispatcher = new Agent({
      ...{ connect, pipelining: 0, connections: 1, maxHeaderSize: LARGEST_HEADERS },
      ...{ headersTimeout: 0, bodyTimeout: 0 },
    });
    const latency = () => Math.round(performance.now() - begun);
    try {
      const answer = await request(url, { method: 'POST', headers, body, signal, dispatcher });
      return { ...(await judged(answer)), latencyMs: latency() };
    } catch (error) {
      const host = new URL(url).host;
      const ranOut = deadline.aborted ? `${host} did not answer within ${timeoutMs / 1000} s.` : null;
      return { ...failed(error, ranOut, host), latencyMs: latency() };
    } finally {
      await dispatcher.destroy();
    }
  };
}

type Judged = Omit<SendOutcome, 'latencyMs'>;

/** 2xx alone is success; what follows the status line is only told. */
async function judged({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<Judged> {
  const { excerpt, remark } = await readExcerpt(body);
  const delivered = statusCode >= 200 && statusCode < 300;
  const redirects = statusCode >= 300 && statusCode < 400 ? ', a redirect, and none is followed' : '';
  const gone = statusCode === 410 ? ': it wants nothing any more' : '';
  return {
    outcome: delivered ? 'delivered' : 'refused',
    status: statusCode,
    sentence: `It answered ${statusCode}${redirects}${gone}.${remark === null ? '' : ` ${remark}`}`,
    excerpt,
    retryAfter: only(headers['retry-after']),
  };
}

function failed(error: unknown, ranOut: string | null, host: string): Judged {
  const { outcome, sentence } = sayFailure(error, host);
  const none = { status: null, excerpt: null, retryAfter: null };
  return outcome === 'forbidden' ? { outcome, sentence, ...none } : { outcome, sentence: ranOut ?? sentence, ...none };
}

function only(header: string | string[] | undefined): string | null {
  return typeof header === 'string' ? header : null;
}
