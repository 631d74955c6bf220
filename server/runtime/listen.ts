import { once } from 'node:events';
import type { Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/** Why a server cannot listen, as one sentence with the remedy. */
export class CannotListenError extends Error {
  readonly code = 'cannot_listen';
}

/** Listens, and answers with the port in use (another than asked for only when that was 0). */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  const name = host.replace(/^\[(.*)\]$/, '$1');
  server.listen(port, name);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new CannotListenError(sentenceFor(error, host, port), { cause: error });
  }
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a listening TCP server has a port');
  return address.port;
}

function sentenceFor(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use. Stop what listens there, or choose another: PORT=${port + 1}.`;
  if (code === 'EACCES') return `Port ${port} needs privileges. Choose one above 1023: PORT=3000.`;
  return `Cannot listen on ${host}:${port} (${String(code)}). Set HOST and PORT to an address of this machine.`;
}

/**
 * Ends a server: no new connections, idle ones closed at once, those in use after `graceMs`. Upgraded connections are no
 * longer the server's to close: they end with the process.
 */
export async function closeServer(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const late = new AbortController();
  const waited = wait(graceMs, undefined, { signal: late.signal }).catch(() => undefined);
  await Promise.race([closed, waited]);
  late.abort();
  server.closeAllConnections();
}
