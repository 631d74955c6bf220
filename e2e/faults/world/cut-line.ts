import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to the database that can be cut in the one moment that matters. */
export interface CutLine {
  /** The database's address by this way. */
  readonly url: string;
  /**
   * Waits for a transaction that stores records to be committed, and breaks its connection before the answer has passed:
   * it has happened, and whoever asked for it cannot know.
   */
  cutNextCommit(): Promise<void>;
  close(): Promise<void>;
}

const STORES_RECORDS = 'copy event (';
const COMMITTED = Buffer.from('COMMIT\0');

/** Passes every byte on, both ways, until it is told to cut. */
export async function layCutLine(databaseUrl: string): Promise<CutLine> {
  const target = new URL(databaseUrl);
  const open = new Set<Socket>();
  let cut: (() => void) | null = null;
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    let storing = false;
    for (const socket of [near, far]) {
      open.add(socket);
      // An end that breaks breaks the other; whoever waits hears of it there.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', (bytes) => {
      storing ||= bytes.includes(STORES_RECORDS);
      far.write(bytes);
    });
    far.on('data', (bytes) => {
      const committed = storing && bytes.includes(COMMITTED);
      if (committed) storing = false;
      if (!committed || cut === null) {
        near.write(bytes);
        return;
      }
      near.destroy();
      cut();
      cut = null;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the line has no port');
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${address.port}`;
  return {
    url: url.href,
    cutNextCommit: () =>
      new Promise((resolve) => {
        cut = resolve;
      }),
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
