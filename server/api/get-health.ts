import type { Health, Pulse } from '../model/wire.ts';
import type { ApiDeps, Handler } from './api-deps.ts';
import { json } from './json.ts';
import { parseQuery } from './parse-query.ts';
import { noQuery } from './queries.ts';

type Check = Health['checks'][number];

/** Settle follows the tap within seconds; further behind than this is worth a word. */
const SETTLE_LATE_MS = 60_000;

/** `GET /health`: 200 while this process can answer, also when degraded; 503 when the database is away. */
export const getHealth: Handler = async (request, deps) => {
  const parsed = parseQuery(request, noQuery);
  if (!parsed.ok) return parsed.refusal;
  const { checks, backfill } = await look(deps);
  const status = worst(checks);
  const health: Health = { status, version: deps.version, backfill, checks };
  return json(health, status === 'down' ? 503 : 200);
};

async function look({ databaseTrouble, reads, report }: ApiDeps): Promise<Pick<Health, 'checks' | 'backfill'>> {
  const trouble = await databaseTrouble();
  if (trouble !== null) return unknownBehind(trouble);
  try {
    const pulse = await reads.pulse();
    const checks: Check[] = [{ name: 'database', status: 'ok', reason: null }, ...checksOfPulse(pulse)];
    return { checks, backfill: pulse.tap.backfill };
  } catch (error) {
    // It went away, or refuses this query, between the two: either way nothing can be read.
    report(error);
    return unknownBehind((await databaseTrouble()) ?? 'The database answers, but its tables cannot be read.');
  }
}

function unknownBehind(trouble: string): Pick<Health, 'checks' | 'backfill'> {
  const unknown = 'Not known while the database is away.';
  const checks: Check[] = [
    { name: 'database', status: 'down', reason: trouble },
    { name: 'tap', status: 'degraded', reason: unknown },
    { name: 'kafka', status: 'degraded', reason: unknown },
    { name: 'settle', status: 'degraded', reason: unknown },
  ];
  return { checks, backfill: null };
}

/** What a pulse says of the processes behind the database. */
function checksOfPulse({ tap, settled, as_of }: Pulse): Check[] {
  const silent = tap.up === 0 ? (tap.message ?? 'No tap has reported within ten seconds.') : null;
  const away = tap.connected ? null : (tap.message ?? 'The tap is not connected to Kafka.');
  const lateMs = settled.waiting === 0 ? 0 : Date.parse(as_of) - Date.parse(settled.to);
  const late = lateMs > SETTLE_LATE_MS ? `${settled.waiting} traces wait, the oldest for ${seconds(lateMs)} s.` : null;
  return [degradedBy('tap', silent), degradedBy('kafka', away), degradedBy('settle', late)];
}

function degradedBy(name: Check['name'], reason: string | null): Check {
  return { name, status: reason === null ? 'ok' : 'degraded', reason };
}

function seconds(ms: number): number {
  return Math.round(ms / 1000);
}

function worst(checks: readonly Check[]): Health['status'] {
  if (checks.some((check) => check.status === 'down')) return 'down';
  return checks.some((check) => check.status === 'degraded') ? 'degraded' : 'ok';
}
