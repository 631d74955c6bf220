import { createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

/** A token endpoint on loopback: grants tokens to one client by `client_credentials`, and shows its public key. */
export interface TokenIssuer {
  readonly tokenUrl: string;
  readonly keysUrl: string;
  readonly issuer: string;
  readonly audience: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Of the tokens it grants from now on. */
  lifetimeS: number;
  /** How many tokens were granted. */
  readonly granted: number;
  /** The last request's scope. */
  readonly scope: string | null;
  /** Answers everything instead of granting, when set. */
  answer: ((request: IncomingMessage, response: ServerResponse) => void) | null;
  close(): Promise<void>;
}

const KEY_ID = 'the-key';

export async function startTokenIssuer(): Promise<TokenIssuer> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keys = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: KEY_ID, alg: 'RS256', use: 'sig' }] };
  const clientId = 'tap-client';
  // Characters that must be escaped on their way.
  const clientSecret = `s:%&+ é-${randomUUID()}`;
  let granted = 0;
  let scope: string | null = null;
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const issuer: TokenIssuer = {
    tokenUrl: `${base}/token`,
    keysUrl: `${base}/keys`,
    issuer: base,
    audience: 'kafka',
    clientId,
    clientSecret,
    lifetimeS: 300,
    get granted() {
      return granted;
    },
    get scope() {
      return scope;
    },
    answer: null,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === '/keys') return json(response, 200, keys);
    if (issuer.answer !== null) return issuer.answer(request, response);
    const form = new URLSearchParams(await text(request));
    const basic = [clientId, clientSecret].map((part) => new URLSearchParams({ part }).toString().slice(5)).join(':');
    const expected = `Basic ${Buffer.from(basic).toString('base64')}`;
    if (request.headers.authorization !== expected) return json(response, 401, { error: 'invalid_client' });
    if (form.get('grant_type') !== 'client_credentials')
      return json(response, 400, { error: 'unsupported_grant_type' });
    scope = form.get('scope');
    granted += 1;
    json(response, 200, { access_token: token(), token_type: 'Bearer', expires_in: issuer.lifetimeS });
  }

  function token(): string {
    const now = Math.floor(Date.now() / 1000);
    const head = { alg: 'RS256', kid: KEY_ID, typ: 'JWT' };
    const claims = { iss: base, aud: 'kafka', sub: clientId, iat: now, exp: now + issuer.lifetimeS, scope: 'kafka' };
    const signed = [head, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKey).toString('base64url')}`;
  }

  return issuer;
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
