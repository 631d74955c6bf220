import { between, type Chance } from '../../../demo/behaviour/chance.ts';
import { until } from '../../support/until.ts';
import { PATIENCE_MS } from '../patience.ts';
import type { Producers } from '../produce/producers.ts';
import type { Broker } from '../world/broker.ts';
import type { LivingTopic } from '../world/cluster.ts';
import type { DatabaseServer } from '../world/database-server.ts';
import type { TapProcess } from '../world/tap-process.ts';
import type { TestBed } from '../world/test-bed.ts';

/** How many taps share the topics. */
export const TAPS = 3;

/** What a fault has at hand. */
export interface FaultContext {
  readonly bed: TestBed;
  readonly producers: Producers;
  readonly broker: Broker;
  readonly database: DatabaseServer;
  readonly chance: Chance;
  /** The tap of each place; a fault that ends one puts another there. */
  readonly taps: TapProcess[];
  /** Numbers names that must not repeat. */
  nextNumber(): number;
}

/** A whole number in [from, to). */
export function wholeBetween(chance: Chance, from: number, to: number): number {
  return Math.floor(between(chance, from, to));
}

/** Starts a new tap at that place. */
export function restartTap({ bed, taps }: FaultContext, place: number): void {
  taps[place] = bed.startTap(`tap-${place + 1}`);
}

/** Ends the tap of that place. */
export async function endTap({ taps }: FaultContext, place: number, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  await taps[place]?.end(signal);
}

/** Some of the places, each at most once, in any order. */
export function somePlaces(chance: Chance, count: number): number[] {
  const places = Array.from({ length: TAPS }, (_, place) => place);
  return Array.from({ length: count }, () => places.splice(wholeBetween(chance, 0, places.length), 1)).flat();
}

export function someTopic({ bed, chance }: FaultContext): LivingTopic {
  const topics = bed.ledger.living();
  const topic = topics[wholeBetween(chance, 0, topics.length)];
  if (topic === undefined) throw new Error('there is no topic');
  return topic;
}

/** Resolves once the taps have stored that many further offsets. */
export async function someProgress({ bed }: FaultContext, offsets: number): Promise<void> {
  const sum = async (): Promise<bigint> => [...(await bed.positions()).values()].reduce((a, b) => a + b, 0n);
  const before = await sum();
  await until(`${offsets} further offsets to be stored`, async () => (await sum()) >= before + BigInt(offsets), {
    timeoutMs: PATIENCE_MS,
  });
}

/** Runs a task while no tap runs and none of their transactions is open any more. */
export async function withoutTaps<T>(context: FaultContext, task: () => Promise<T>): Promise<T> {
  const signal = context.chance.unit() < 0.5 ? 'SIGTERM' : 'SIGKILL';
  await Promise.all(context.taps.map((tap) => tap.end(signal)));
  await until('the connections of the taps to be closed', () =>
    context.bed.onDatabase(async (client) => {
      const open = `select from pg_stat_activity where datname = current_database() and application_name like '%tap%'`;
      return (await client.query(open)).rowCount === 0;
    }),
  );
  try {
    return await task();
  } finally {
    for (const place of context.taps.keys()) restartTap(context, place);
  }
}
