import { startTap } from '../ingest/product.ts';
import { answerAndEnd } from '../support/own-process.ts';
import { type ProduceTask, produceAtRate } from './produce-at-rate.ts';

/** What runs beside a bench, each in a process of its own: a tap until it is told to stop, a producer at a steady rate. */
export type Role =
  | { readonly role: 'tap'; readonly brokers: string; readonly databaseUrl: string; readonly topic: string }
  | ({ readonly role: 'producer' } & ProduceTask);

/** Plays the role this process was started with. */
export async function play(role: Role): Promise<void> {
  if (role.role === 'producer') {
    answerAndEnd(await produceAtRate(role));
    return;
  }
  const tap = await startTap({ ...role, groupId: `bench-${role.topic}`, topics: [role.topic] }, () => undefined);
  process.once('SIGTERM', () => void tap.stop().finally(() => process.exit(0)));
}
