import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { z } from 'zod';
import { writeAtomically } from './write-atomically.ts';

const portsSchema = z.record(z.string(), z.number().int().min(1).max(65_535));

/**
 * A free loopback port for each name, the one of the last time where it still is free. `file` remembers them, so that
 * addresses seldom change between starts.
 */
export async function rememberedPorts<Name extends string>(
  file: string,
  names: readonly Name[],
): Promise<Record<Name, number>> {
  const kept = readPorts(file);
  const taken = new Set<number>();
  const found: Record<string, number> = {};
  for (const name of names) {
    const before = kept[name];
    const port =
      before !== undefined && !taken.has(before) && (await isPortFree(before)) ? before : await freePort(taken);
    taken.add(port);
    found[name] = port;
  }
  writeAtomically(file, `${JSON.stringify({ ...kept, ...found })}\n`);
  return allOf(found, names);
}

/** True when nothing listens on the port of that loopback address. */
export async function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return (await tryPort(port, host)) !== null;
}

/** A loopback port that nothing listens on at this moment, and none of `taken`. */
export async function freePort(taken: ReadonlySet<number> = new Set()): Promise<number> {
  for (;;) {
    const port = await tryPort(0, '127.0.0.1');
    if (port === null) throw new Error('no loopback port is free');
    if (!taken.has(port)) return port;
  }
}

function tryPort(port: number, host: string): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null));
    });
  });
}

function readPorts(file: string): Record<string, number> {
  try {
    return portsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Not there yet, or unreadable: other ports will do.
    return {};
  }
}

/** Guarantee: `found` was filled by a loop over these very names. */
function allOf<Name extends string>(found: Record<string, number>, _names: readonly Name[]): Record<Name, number> {
  return found as Record<Name, number>;
}
