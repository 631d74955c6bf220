import { get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';

const EVERY_MS = 100;

/** Resolves once the address gives any HTTP answer; rejects with the signal's reason. */
export async function untilHttpAnswers(address: string, signal: AbortSignal): Promise<void> {
  while (!(await answers(address))) await wait(EVERY_MS, undefined, { signal });
}

function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(address, { timeout: 5000 }, (response) => {
      response.resume();
      resolve(true);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}

/** Resolves once the tap with that pid keeps its row in the database; rejects with the signal's reason. */
export async function untilTapReports(databaseUrl: string, pid: number, signal: AbortSignal): Promise<void> {
  while (!(await hasRow(databaseUrl, pid))) await wait(EVERY_MS, undefined, { signal });
}

async function hasRow(databaseUrl: string, pid: number): Promise<boolean> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rowCount } = await client.query(
      `select from process where kind = 'tap' and pid = $1 and seen_at > now() - interval '1 minute'`,
      [pid],
    );
    return rowCount !== null && rowCount > 0;
  } catch {
    // The database may be restarting: the next look will tell.
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
