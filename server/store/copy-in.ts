import type { Connection, PoolClient, Submittable } from 'pg';
import type { CopyBinary } from './copy-binary.ts';

/** The rows of one table, ready to be copied. */
export interface TableRows {
  readonly table: string;
  readonly columns: string;
  readonly copy: CopyBinary;
}

/**
 * Sends encoded rows into their tables, and with `then` ends the transaction, all in one round trip: the statements go as
 * one text, and the rows follow at once instead of waiting for each table's turn. On a busy machine a round trip is two
 * waits for a core, and a table at a time takes two of them. Tables without rows are left out.
 */
export async function copyIn(client: PoolClient, tables: readonly TableRows[], then?: 'commit'): Promise<void> {
  const filled = tables.filter(({ copy }) => copy.rows > 0);
  const statements = filled.map(({ table, columns }) => `copy ${table} (${columns}) from stdin (format binary)`);
  if (then !== undefined) statements.push(then);
  if (statements.length === 0) return;
  await new Promise<void>((resolve, reject) => {
    client.query(new CopyStatements(statements.join('; '), filled, resolve, reject));
  });
}

const COPY_DATA = 0x64;
const COPY_DONE = Buffer.from([0x63, 0, 0, 0, 4]);

/**
 * Several COPY statements as one query, in the form the `pg` client asks for. PostgreSQL reads the rows of each statement
 * from where the one before ended, and passes over what is left of them when one has failed.
 */
class CopyStatements implements Submittable {
  readonly #text: string;
  readonly #tables: readonly TableRows[];
  readonly #resolve: () => void;
  readonly #reject: (error: Error) => void;

  constructor(text: string, tables: readonly TableRows[], resolve: () => void, reject: (error: Error) => void) {
    this.#text = text;
    this.#tables = tables;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  submit(connection: Connection): void {
    const { stream } = connection;
    stream.cork();
    connection.query(this.#text);
    for (const { copy } of this.#tables) {
      for (const chunk of copy.finish()) {
        stream.write(dataHead(chunk.length));
        stream.write(chunk);
      }
      stream.write(COPY_DONE);
    }
    stream.uncork();
  }

  /** The rows are on their way already. */
  handleCopyInResponse(): void {}

  handleCommandComplete(): void {}

  handleError(error: Error): void {
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    this.#resolve();
  }
}

/** What stands in front of a chunk of rows: the kind of message, and its length with the four bytes of the length. */
function dataHead(bytes: number): Buffer {
  const head = Buffer.allocUnsafe(5);
  head.writeUInt8(COPY_DATA);
  head.writeUInt32BE(bytes + 4, 1);
  return head;
}
