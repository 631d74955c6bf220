import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type DoorConfig, door, MAX_URL } from '../api/door.ts';
import { securityHeaders } from '../api/security-headers.ts';
import type { Problem } from '../model/wire.ts';

/** What stands behind the door. */
export interface Inside {
  readonly request: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Null where nothing is upgraded: every upgrade is refused then. */
  readonly upgrade: ((request: IncomingMessage, socket: Duplex, head: Buffer) => void) | null;
}

export interface ClosedServerOptions {
  /** Asked per request: the port is known only once the server listens. */
  readonly doorConfig: () => DoorConfig;
  readonly inside: Inside;
  readonly development: boolean;
  /** Tells the log of a request that failed inside. */
  readonly report: (error: unknown) => void;
}

/** Header bytes with the address; a browser sends some 2 KB. */
const MAX_HEADERS = MAX_URL + 16 * 1024;
/** Connections at once: streams, pages, and what strangers on this machine leave open. */
const MAX_CONNECTIONS = 1000;
/** A client has this long to send its headers, and then its body: one that drips bytes holds no connection. */
const HEADERS_WITHIN_MS = 10_000;
const REQUEST_WITHIN_MS = 30_000;
const CHECK_EVERY_MS = 2_000;
const KEEP_ALIVE_MS = 5_000;

/** An HTTP server whose every request passes the door first: pages, API, files, unknown paths and upgrades alike. */
export function createClosedServer({ doorConfig, inside, development, report }: ClosedServerOptions): Server {
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADERS,
      headersTimeout: HEADERS_WITHIN_MS,
      requestTimeout: REQUEST_WITHIN_MS,
      connectionsCheckingInterval: CHECK_EVERY_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    (request, response) => {
      const nonce = randomBytes(16).toString('base64');
      const headers = securityHeaders(nonce, development);
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      const problem = atDoor(request, doorConfig());
      if (problem !== null) {
        sendProblem(response, problem);
        return;
      }
      // The framework reads the nonce for its own scripts from here, so a client's header must never stand.
      request.headers['content-security-policy'] = headers['content-security-policy'];
      inside.request(request, response).catch((error: unknown) => {
        report(error);
        response.destroy();
      });
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.on('upgrade', (request, socket, head) => {
    const problem = atDoor(request, doorConfig()) ?? crossOriginUpgrade(request);
    socket.on('error', () => socket.destroy());
    if (problem !== null || inside.upgrade === null) refuseUpgrade(socket, problem?.status ?? 404);
    else inside.upgrade(request, socket, head);
  });
  return server;
}

function atDoor(request: IncomingMessage, config: DoorConfig): Problem | null {
  const { method = '', url = '', headersDistinct } = request;
  return door({ method, url, headers: headersDistinct }, config);
}

/** A web socket is not bound by the same-origin rule: its page names itself in `Origin`, which must be this server. */
function crossOriginUpgrade({ headers }: IncomingMessage): Problem | null {
  const own = headers.origin === `http://${headers.host}` || headers.origin === `https://${headers.host}`;
  return own ? null : { type: 'about:blank', title: 'Not from this server', status: 403 };
}

function sendProblem(response: ServerResponse, problem: Problem): void {
  const body = JSON.stringify(problem);
  response.writeHead(problem.status, {
    'content-type': 'application/problem+json; charset=utf-8',
    'cache-control': 'no-store',
    'content-length': Buffer.byteLength(body),
    // What the client still sends is not read.
    connection: 'close',
    ...(problem.status === 405 && { allow: 'GET, HEAD' }),
  });
  response.end(body);
}

function refuseUpgrade(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
