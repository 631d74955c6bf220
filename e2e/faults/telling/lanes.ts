import type { Kafka, Producer } from 'kafkajs';
import type pg from 'pg';
import { until } from '../../support/until.ts';
import { workOff } from '../../support/work-off.ts';
import type { Transition } from '../check/compare-told.ts';
import { PATIENCE_MS } from '../patience.ts';

/** A queue whose alert is made to fire and to resolve in turn. */
export interface Lane {
  readonly queue: string;
  /** How it is worked off: by its triage group, or marked as handled by somebody at the page. */
  readonly by: 'group' | 'page';
}

/** What lanes are driven with. */
export interface LaneWorld {
  readonly kafka: Kafka;
  readonly producer: Producer;
  readonly pool: pg.Pool;
  readonly webUrl: string;
  /** Resolves once a further change may be brought about. */
  readonly pace: () => Promise<void>;
}

/** The rules of the lanes fire above this. */
export const THRESHOLD = 2;
const LETTERS = THRESHOLD + 1;
const LOOK = { timeoutMs: PATIENCE_MS, everyMs: 200 };

/** The name of the group that works a lane's queue off. */
export function triageOf(queue: string): string {
  return `${queue}-triage`;
}

/** Brings about that many changes, one after the other, each once the one before stands in the history. */
export async function driveLane(world: LaneWorld, { queue, by }: Lane, changes: number): Promise<void> {
  for (let change = 1; change <= changes; change += 1) {
    await world.pace();
    if (change % 2 === 1) await fill(world.producer, queue);
    else if (by === 'group') await workOff(world.kafka, { topic: queue, groupId: triageOf(queue), count: LETTERS });
    else await markHandled(world.webUrl, queue);
    const stands = async (): Promise<boolean> =>
      (await readHistory(world.pool)).filter((each) => each.queue === queue).length >= change;
    await until(`change ${change} of ${queue}`, stands, LOOK);
  }
}

async function fill(producer: Producer, queue: string): Promise<void> {
  const messages = Array.from({ length: LETTERS }, (_, n) => ({
    value: JSON.stringify({ failure_reason: `no ${n}` }),
  }));
  await producer.send({ topic: queue, messages });
}

/** Asks again while the web is away; twice does no harm. */
async function markHandled(webUrl: string, topic: string): Promise<void> {
  const mark = async (): Promise<boolean> => {
    const { ok } = await fetch(`${webUrl}/api/v1/alerts/queue-resolved`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: webUrl },
      body: JSON.stringify({ topic, author: 'faults' }),
    });
    return ok;
  };
  await until(`${topic} to be marked`, mark, LOOK);
}

/** All changes of alerts so far, in their order. */
export async function readHistory(pool: pg.Pool): Promise<readonly Transition[]> {
  const { rows } = await pool.query<Transition>(HISTORY);
  return rows;
}

const HISTORY = `
  select labels->>'queue' as queue, fingerprint, firing, to_state as "to", extract(epoch from at)::float8 * 1000 as at
  from alert_transition where labels ? 'queue' order by fingerprint, seq`;
