import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../config/load-config.ts';
import { embeddedUrl } from './postgres/embedded-url.ts';

/** Where the database is that a product of this configuration works on; null while the embedded one was never started. */
export async function runningDatabase({ databaseUrl, dataDir }: Config): Promise<string | null> {
  if (databaseUrl !== null) return databaseUrl;
  try {
    const ports: unknown = JSON.parse(await readFile(path.join(dataDir, 'run', 'ports.json'), 'utf8'));
    const password = (await readFile(path.join(dataDir, 'postgres', 'password'), 'utf8')).trim();
    const port = typeof ports === 'object' && ports !== null ? Number(Reflect.get(ports, 'postgres')) : Number.NaN;
    return Number.isInteger(port) ? embeddedUrl({ password, port }) : null;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
