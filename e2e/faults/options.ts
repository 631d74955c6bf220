/** What a run of the fault loop is told to do. */
export interface FaultOptions {
  readonly faults: number;
  readonly seed: number;
  /** Which parts run. */
  readonly loop: boolean;
  readonly scenarios: boolean;
  readonly mutants: boolean;
  /** How long the database is away in its scenario. */
  readonly databaseStopMs: number;
  /** Write the counts here, as JSON. */
  readonly reportFile: string | null;
}

export const USAGE = `npm run test:faults                    the loop of 20 faults, the scenarios and the mutants
npm run test:faults -- --loop          only the loop; likewise --scenarios, --mutants
  --faults N                           so many faults
  --seed N                             the same run again
  --database-stop SECONDS              how long the database is away in its scenario (60)
  --report FILE                        write the counts there, as JSON`;

const DEFAULTS = { faults: 20, databaseStopSeconds: 60 };
const PARTS = ['loop', 'scenarios', 'mutants'] as const;

/** Reads the words after the command; a sentence when they cannot be understood. `anySeed` is used without `--seed`. */
export function faultOptions(words: readonly string[], anySeed: number): FaultOptions | string {
  const numbers = new Map<string, number>();
  const parts = new Set<string>();
  let reportFile: string | null = null;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const name = word.replace(/^--/, '');
    if (PARTS.some((part) => word === `--${part}`)) {
      parts.add(name);
      continue;
    }
    const value = words[++index] ?? '';
    if (word === '--report' && value !== '') reportFile = value;
    else if (!['--faults', '--seed', '--database-stop'].includes(word)) return `There is no option ${word}.`;
    else if (!/^\d{1,10}$/.test(value)) return `${word} needs a whole number.`;
    else numbers.set(name, Number(value));
  }
  const runs = (part: (typeof PARTS)[number]): boolean => parts.size === 0 || parts.has(part);
  return {
    faults: numbers.get('faults') ?? DEFAULTS.faults,
    seed: numbers.get('seed') ?? anySeed,
    loop: runs('loop'),
    scenarios: runs('scenarios'),
    mutants: runs('mutants'),
    databaseStopMs: (numbers.get('database-stop') ?? DEFAULTS.databaseStopSeconds) * 1000,
    reportFile,
  };
}
