import type { Chance } from '../../../demo/behaviour/chance.ts';
import { type FaultContext, wholeBetween } from './fault-context.ts';
import { PROCESS_FAULTS } from './process-faults.ts';
import { TOPIC_FAULTS } from './topic-faults.ts';

/** One thing that goes wrong, and is put right again. */
export interface Fault {
  readonly name: string;
  readonly run: (context: FaultContext) => Promise<void>;
}

const FAULTS: readonly Fault[] = Object.entries({ ...PROCESS_FAULTS, ...TOPIC_FAULTS }).map(([name, run]) => ({
  name,
  run,
}));

/** The faults in the order in which they happen: every kind comes before any comes again. */
export function drawFaults(chance: Chance, count: number): Fault[] {
  const drawn: Fault[] = [];
  for (let bag: Fault[] = []; drawn.length < count; ) {
    if (bag.length === 0) bag = [...FAULTS];
    drawn.push(...bag.splice(wholeBetween(chance, 0, bag.length), 1));
  }
  return drawn;
}
