import { parseArgs } from 'node:util';

/** The three processes of the demo. */
export const PROCESS_NAMES = ['ask', 'answer', 'persist'] as const;
export type ProcessName = (typeof PROCESS_NAMES)[number];

/** How a demo process was started. */
export interface DemoOptions {
  readonly brokers: readonly string[];
  /** Processes that are to stay away; one that finds its own name here ends at once. */
  readonly without: readonly ProcessName[];
  readonly wrongProducer: boolean;
  readonly poison: boolean;
  /** File that gets the true cause of every produced record, one JSON line each. */
  readonly truthFile: string | null;
  /** Conversations opened per minute. */
  readonly perMinute: number;
}

/** Options, or a sentence that says what is wrong with them. */
export type OptionsAnswer =
  | { readonly ok: true; readonly options: DemoOptions }
  | { readonly ok: false; readonly reason: string };

const DEFAULT_PER_MINUTE = 40;
const MOST_PER_MINUTE = 6_000;

/** Reads the arguments of a demo process; brokers come from `--brokers`, else from `KAFKA_BROKERS`. */
export function readOptions(args: readonly string[], env: Readonly<Record<string, string | undefined>>): OptionsAnswer {
  const parsed = parse(args);
  if (typeof parsed === 'string') return { ok: false, reason: parsed };
  const brokers = (parsed.brokers ?? env.KAFKA_BROKERS ?? '').split(',').flatMap((it) => it.trim() || []);
  if (brokers.length === 0) {
    return { ok: false, reason: 'No Kafka address: give --brokers host:port or set KAFKA_BROKERS.' };
  }
  const perMinute = Number(parsed.rate ?? DEFAULT_PER_MINUTE);
  if (!(perMinute > 0 && perMinute <= MOST_PER_MINUTE)) {
    return { ok: false, reason: `--rate ${parsed.rate} is not a number above 0 and up to ${MOST_PER_MINUTE}.` };
  }
  const without = PROCESS_NAMES.filter((name) => parsed.without?.includes(name));
  const unknown = parsed.without?.find((name) => !PROCESS_NAMES.some((known) => known === name));
  if (unknown !== undefined) {
    return { ok: false, reason: `--without ${unknown} names no demo process; they are ${PROCESS_NAMES.join(', ')}.` };
  }
  const { 'wrong-producer': wrongProducer = false, poison = false, truth = null } = parsed;
  return { ok: true, options: { brokers, without, wrongProducer, poison, truthFile: truth, perMinute } };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        brokers: { type: 'string' },
        without: { type: 'string', multiple: true },
        'wrong-producer': { type: 'boolean' },
        poison: { type: 'boolean' },
        truth: { type: 'string' },
        rate: { type: 'string' },
      },
    }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
