import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../config/project-root.ts';
import { freePort } from '../runtime/supervise/free-ports.ts';

/** A really running web process of the build. */
export interface RunningWeb {
  readonly port: number;
  readonly url: string;
  /** Everything it has printed. */
  output(): string;
  /** Sends SIGTERM and answers with how it ended. */
  end(): Promise<{ code: number | null; signal: NodeJS.Signals | null; ms: number }>;
}

/** What came back over a raw connection. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

const started = new Set<ChildProcess>();

/** Ends what a failed test left running. */
export function endLeftovers(): void {
  for (const child of started) child.kill('SIGKILL');
}

/** Starts `dist/main/web.js`; resolves when it says it is ready, or has ended. */
export async function startWeb(
  databaseUrl: string,
  port?: number,
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningWeb> {
  const chosen = port ?? (await freePort());
  const folder = mkdtempSync(path.join(tmpdir(), 'throughline-web-'));
  const child = spawn(process.execPath, [path.join(projectRoot(), 'dist/main/web.js')], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      DATABASE_URL: databaseUrl,
      PORT: String(chosen),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.add(child);
  const ended = once(child, 'exit').then(() => {
    started.delete(child);
    rmSync(folder, { recursive: true, force: true });
  });
  const lines: string[] = [];
  await new Promise<void>((resolve) => {
    const take = (chunk: Buffer): void => {
      lines.push(chunk.toString());
      if (lines.join('').includes('web ready')) resolve();
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('close', () => resolve());
  });
  return {
    port: chosen,
    url: `http://127.0.0.1:${chosen}`,
    output: () => lines.join(''),
    end: () => end(child, ended),
  };
}

async function end(child: ChildProcess, ended: Promise<void>) {
  const began = performance.now();
  child.kill('SIGTERM');
  await ended;
  return { code: child.exitCode, signal: child.signalCode, ms: performance.now() - began };
}

/** Sends exactly these bytes of a head, which no client library would send, and reads until the server closes. */
export async function raw(port: number, requestLine: string, headers: readonly string[] = []): Promise<RawAnswer> {
  const own = headers.some((line) => /^host:/i.test(line)) ? [] : [`Host: 127.0.0.1:${port}`];
  const socket = connect(port, '127.0.0.1');
  const close = headers.some((line) => /^upgrade:/i.test(line)) ? 'Connection: upgrade' : 'Connection: close';
  socket.write([`${requestLine} HTTP/1.1`, ...own, ...headers, close, '', ''].join('\r\n'));
  const chunks: Buffer[] = [];
  // A server that refuses early resets the connection: what it said before counts.
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => chunks.push(chunk));
  await once(socket, 'close');
  return parseAnswer(Buffer.concat(chunks).toString());
}

function parseAnswer(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = new Headers();
  for (const line of lines) headers.append(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim());
  const body = rest.join('\r\n\r\n');
  const isChunked = headers.get('transfer-encoding') === 'chunked';
  return { status: Number(statusLine.split(' ')[1]), headers, body: isChunked ? joinChunks(body) : body };
}

/** Bodies here are ASCII, so lengths in bytes are lengths in characters. */
function joinChunks(body: string): string {
  let result = '';
  for (let rest = body; rest !== ''; ) {
    const lineEnd = rest.indexOf('\r\n');
    const size = Number.parseInt(rest.slice(0, lineEnd), 16);
    if (!(size > 0)) break;
    result += rest.slice(lineEnd + 2, lineEnd + 2 + size);
    rest = rest.slice(lineEnd + 4 + size);
  }
  return result;
}
