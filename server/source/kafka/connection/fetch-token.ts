import { z } from 'zod';
import type { IssuedToken } from './kept-token.ts';
import { TokenError } from './sign-in.ts';

/** An OAuth 2.0 token endpoint and the client that asks it, by the grant `client_credentials`. */
export interface TokenEndpoint {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string | null;
}

const ANSWER_TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024;
const answerSchema = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  /** Seconds; some endpoints write it as a text. */
  expires_in: z.coerce.number().positive().optional(),
});

/** RFC 6749 allows these characters in `error`; anything longer or stranger is not shown. */
const errorSchema = z.object({ error: z.string().regex(/^[\x20\x21\x23-\x5b\x5d-\x7e]{1,80}$/) });

/** Asks the endpoint for a token. Rejects with `TokenError`; nothing of the secret or the answer is in its message. */
export async function fetchToken(endpoint: TokenEndpoint): Promise<IssuedToken> {
  const askedAtMs = Date.now();
  const { access_token: token, expires_in: seconds } = await requestToken(endpoint);
  return { token, endsAtMs: seconds === undefined ? null : askedAtMs + seconds * 1000 };
}

async function requestToken({
  url,
  clientId,
  clientSecret,
  scope,
}: TokenEndpoint): Promise<z.output<typeof answerSchema>> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...(scope !== null && { scope }) });
  const credentials = Buffer.from(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`).toString('base64');
  const headers = { authorization: `Basic ${credentials}`, accept: 'application/json' };
  const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  let response: Response;
  let text: string;
  try {
    // A redirect is an answer like any other that is no token: the secret goes to the named address alone.
    response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
    text = await readBounded(response);
  } catch (error) {
    if (error instanceof TokenError) throw error;
    throw new TokenError(`${shown(url)} does not answer (${reasonOf(error)})`, { cause: error });
  }
  const content = parseJson(text);
  if (response.status !== 200) {
    const { data } = errorSchema.safeParse(content);
    const named = data === undefined ? '' : ` (${data.error})`;
    throw new TokenError(`${shown(url)} answers with status ${response.status}${named}`);
  }
  const parsed = answerSchema.safeParse(content);
  if (!parsed.success) throw new TokenError(`the answer of ${shown(url)} holds no access_token`);
  return parsed.data;
}

async function readBounded(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    if (size > MAX_ANSWER_BYTES) throw new TokenError(`the answer is longer than ${MAX_ANSWER_BYTES / 1024} KB`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // no JSON has neither a token nor an error code
  }
}

/** RFC 6749, 2.3.1: both are form-encoded before they are joined. */
function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

/** Query and user info of an address may hold secrets. */
function shown(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

/** The code of the network's own error, which `fetch` hides in `cause`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown failure';
  if (error.name === 'TimeoutError') return `nothing in ${ANSWER_TIMEOUT_MS / 1000} s`;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.cause === undefined ? error.name : reasonOf(error.cause);
}
