import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { freePort } from '../runtime/supervise/free-ports.ts';
import { openPool } from './open-pool.ts';
import { withClient } from './transaction.ts';

let server: Server | null = null;

afterEach(() => {
  server?.close();
});

/** A message of PostgreSQL's protocol: its letter, the length, the rest. */
function message(letter: string, rest: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(rest.length + 4);
  return Buffer.concat([Buffer.from(letter), length, rest]);
}

/** A server that takes the sign-in and says in the same packet that it is going down. */
async function startGoingDown(): Promise<number> {
  const port = await freePort();
  const fatal = 'SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0';
  const answer = Buffer.concat([
    message('R', Buffer.alloc(4)),
    message('Z', Buffer.from('I')),
    message('E', Buffer.from(fatal)),
  ]);
  const made = createServer((socket: Socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(answer));
  });
  made.listen(port, '127.0.0.1');
  await once(made, 'listening');
  server = made;
  return port;
}

test('a connection that breaks in the moment it is made is a failed statement, and does not end the process', async () => {
  const pool = openPool({ connectionString: `postgres://u:p@127.0.0.1:${await startGoingDown()}/d` });
  await expect(withClient(pool, (client) => client.query('select 1'))).rejects.toThrow();
  await pool.end();
});
