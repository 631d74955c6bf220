import type { Millis } from '../model/time.ts';

/** The time, as an argument: real in processes, driven by hand in tests. */
export interface Clock {
  now(): Millis;
}
