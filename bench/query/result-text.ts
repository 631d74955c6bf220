import lock from '../../server/runtime/kafka/jars.lock.json' with { type: 'json' };
import { machine } from '../support/results.ts';
import { TYPES } from './filled-database.ts';
import { QUESTIONS } from './questions.ts';

/** How long one kind of request took, in ms, and how long its answers were. */
export interface Answered {
  readonly name: string;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly bytes: number;
}

/** The section of `bench/RESULTS.md`. */
export function resultText(
  answered: readonly Answered[],
  facts: {
    ingestPerS: number;
    stored: number;
    traces: number;
    requests: string;
    behind: readonly number[];
    version: string;
    buffers: string;
    warmed: string;
  },
): string {
  const behind = [...facts.behind].sort((a, b) => a - b);
  const lag = behind[Math.max(0, Math.ceil(0.95 * behind.length) - 1)] ?? Number.NaN;
  const wanted = (name: string) => QUESTIONS.find((each) => each.name === name);
  return [
    `${facts.stored.toLocaleString('en')} events in ${facts.traces.toLocaleString('en')} traces of the last 24 hours, ${TYPES} types, ${TYPES * 2} edges; ${facts.requests} random requests each,`,
    `one after the other over HTTP, warm, while a tap stores ${facts.ingestPerS.toLocaleString('en')} events a second (settle behind by ${lag.toFixed(1)} s at p95).`,
    '',
    '| question | p50 ms | p95 ms | p99 ms | asked p95 | kB |',
    '|---|---:|---:|---:|---:|---:|',
    ...answered.map((one) => {
      const asked = `${wanted(one.name)?.p50 == null ? '' : `p50 ${wanted(one.name)?.p50}, `}${wanted(one.name)?.p95}`;
      return `| ${one.name} | ${one.p50.toFixed(1)} | ${one.p95.toFixed(1)} | ${one.p99.toFixed(1)} | ${asked} | ${(one.bytes / 1000).toFixed(1)} |`;
    }),
    '',
    `PostgreSQL ${facts.version} (shared_buffers ${facts.buffers}, ${facts.warmed}), Apache Kafka ${lock.kafka}; ${machine()}.`,
  ].join('\n');
}
