/** Where decisions take their randomness from. `unit` answers a number in [0, 1). */
export interface Chance {
  unit(): number;
}

/** The chance of a running process. */
export const liveChance: Chance = { unit: () => Math.random() };

/** A repeatable chance: the same seed gives the same numbers (mulberry32). */
export function seededChance(seed: number): Chance {
  let state = seed >>> 0;
  return {
    unit() {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    },
  };
}

/** A chance that belongs to a text: every service that knows the text draws the same numbers (FNV-1a as seed). */
export function chanceOf(text: string): Chance {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return seededChance(hash);
}

/** A number in [from, to). */
export function between(chance: Chance, from: number, to: number): number {
  return from + chance.unit() * (to - from);
}

/** A whole number of milliseconds around a middle, from 0.4 to 2.2 times of it, short ones more often than long ones. */
export function around(chance: Chance, middleMs: number): number {
  return Math.round(middleMs * (0.4 + 1.8 * chance.unit() ** 1.8));
}

/** One entry of a list that is never empty. */
export function oneOf<T>(chance: Chance, list: readonly [T, ...T[]]): T {
  return list[Math.floor(chance.unit() * list.length)] ?? list[0];
}

/** A version 4 UUID. */
export function uuid(chance: Chance): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(chance.unit() * 16).toString(16));
  hex[12] = '4';
  hex[16] = (8 + Math.floor(chance.unit() * 4)).toString(16);
  const text = hex.join('');
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
}
