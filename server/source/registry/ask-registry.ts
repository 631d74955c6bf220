import http from 'node:http';
import https from 'node:https';

/** How a registry is reached. */
export interface RegistryAccess {
  /** One registry at several addresses: the first is its name, the next is asked where one does not answer. */
  readonly urls: readonly string[];
  /** Sent to every address; those that carry their own user and password are asked by that. */
  readonly signIn: { readonly username: string; readonly password: string } | null;
  /** PEM texts. */
  readonly tls: {
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly passphrase?: string;
  };
}

/** What one address answered. `failed` says nothing of the schema: nobody, or nobody sensible, was there. */
export type RegistryAnswer =
  | { readonly kind: 'body'; readonly body: unknown }
  /** A 404 with the registry's own code; without one, the address has no such route. */
  | { readonly kind: 'not found'; readonly code: number | null }
  | { readonly kind: 'too large' }
  | { readonly kind: 'failed' };

/** Longest a request takes in all, from the look-up of the name to the last byte. */
const REQUEST_MS = 2000;
/** A schema may be two million characters; in JSON most of them are escaped at worst. */
export const MAX_ANSWER_BYTES = 6 * 1024 * 1024;
const MAX_SOCKETS = 4;

/** Asks one address for `path`. Follows no redirect: it would carry the password elsewhere. Never throws. */
export type AskAddress = (address: string, path: string) => Promise<RegistryAnswer>;

/** Requests with kept connections; `close` ends them. */
export function createAskAddress({ signIn, tls }: RegistryAccess): { ask: AskAddress; close(): void } {
  const plain = new http.Agent({ keepAlive: true, maxSockets: MAX_SOCKETS });
  const secure = new https.Agent({ keepAlive: true, maxSockets: MAX_SOCKETS, ...tls });
  const ask: AskAddress = (address, path) => {
    const url = new URL(address);
    const isSecure = url.protocol === 'https:';
    const auth = authOf(url, signIn);
    const options = {
      agent: isSecure ? secure : plain,
      headers: { accept: 'application/vnd.schemaregistry.v1+json, application/json', ...auth },
    };
    const target = `${url.origin}${url.pathname.replace(/\/+$/, '')}${path}`;
    // Certificates that are none are refused here, at once.
    return attempt(() => (isSecure ? https : http).request(target, options));
  };
  return {
    ask,
    close() {
      plain.destroy();
      secure.destroy();
    },
  };
}

function authOf(url: URL, signIn: RegistryAccess['signIn']): { authorization?: string } {
  const own = url.username === '' ? null : { username: decoded(url.username), password: decoded(url.password) };
  const used = own ?? signIn;
  if (used === null) return {};
  return { authorization: `Basic ${Buffer.from(`${used.username}:${used.password}`).toString('base64')}` };
}

/** A text of an address; one that is badly encoded is taken as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function attempt(begin: () => http.ClientRequest): Promise<RegistryAnswer> {
  try {
    return await answered(begin());
  } catch {
    return { kind: 'failed' };
  }
}

function answered(outgoing: http.ClientRequest): Promise<RegistryAnswer> {
  return new Promise((resolve) => {
    const finish = (answer: RegistryAnswer): void => {
      clearTimeout(deadline);
      resolve(answer);
      outgoing.destroy();
    };
    const deadline = setTimeout(() => finish({ kind: 'failed' }), REQUEST_MS);
    outgoing.on('error', () => finish({ kind: 'failed' }));
    outgoing.on('response', (response) => readBody(response, finish));
    outgoing.end();
  });
}

function readBody(response: http.IncomingMessage, finish: (answer: RegistryAnswer) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) finish({ kind: 'too large' });
    else chunks.push(chunk);
  });
  response.on('error', () => finish({ kind: 'failed' }));
  response.on('end', () => finish(understood(response.statusCode ?? 0, Buffer.concat(chunks).toString('utf8'))));
}

/** A page of a proxy in between is no answer, whatever its status. */
function understood(status: number, text: string): RegistryAnswer {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { kind: 'failed' };
  }
  if (typeof body !== 'object' || body === null) return { kind: 'failed' };
  if (status === 200) return { kind: 'body', body };
  if (status !== 404) return { kind: 'failed' };
  const code = 'error_code' in body && typeof body.error_code === 'number' ? body.error_code : null;
  return { kind: 'not found', code };
}
