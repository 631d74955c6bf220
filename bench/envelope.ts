// What resolving an envelope costs, per dialect and over their mix, `JSON.parse` apart.
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { compileRules } from '../server/envelope/compile-rules.ts';
import { ENVELOPES } from '../server/envelope/envelopes.test-support.ts';
import type { EnvelopeRecord } from '../server/envelope/record-search.ts';
import { resolveEnvelope } from '../server/envelope/resolve-envelope.ts';
import { encodeHeaders } from '../server/model/header-bytes.ts';
import { isJsonObject, type Json } from '../server/model/json.ts';
import { millis } from '../server/model/time.ts';
import { readTopicName, type TopicName } from '../server/model/topic-name.ts';
import { machine, median, writeResults } from './support/results.ts';

const SEED = 20_251_018;
/** What the product promises for the mean over the mix. */
const PROMISED_US = 15;

interface Prepared {
  readonly text: string;
  readonly body: Json | null;
  readonly record: EnvelopeRecord;
  readonly topic: TopicName;
}

const RULES = compileRules([]);

/** Records of a dialect as the tap has them: headers in one piece, the topic's name read once. */
function prepare(dialect: string, count: number): Prepared[] {
  const envelopes = ENVELOPES[dialect];
  if (envelopes === undefined) throw new Error(`no dialect ${dialect}`);
  const topics = new Map<string, TopicName>();
  return fc.sample(envelopes, { numRuns: count, seed: SEED }).map(({ topic, body, headers }) => {
    const name = topics.get(topic) ?? readTopicName(topic);
    topics.set(topic, name);
    const record = { headers, headerBytes: encodeHeaders(headers), timestampMs: millis(1_760_784_300_000) };
    const text = JSON.stringify(body);
    return { text, body: JSON.parse(text), record, topic: name };
  });
}

/** Microseconds of processor time per record, of one pass after another until so many milliseconds are over. */
function timed(records: readonly Prepared[], leastMs: number, work: (one: Prepared) => unknown): number {
  const started = performance.now();
  const before = process.cpuUsage();
  let done = 0;
  let kept: unknown = null;
  for (; performance.now() - started < leastMs; done += records.length) for (const one of records) kept = work(one);
  const { user, system } = process.cpuUsage(before);
  if (kept === undefined) throw new Error('there is an answer');
  return (user + system) / done;
}

/** The floor: the body parsed, and six fields taken from where one dialect has them. */
function byHand({ text }: Prepared): unknown {
  const body: Json = JSON.parse(text);
  if (!isJsonObject(body)) return null;
  return [body.event_id, body.event_type, body.correlation_id, body.causation_id, body.source_service, body.timestamp];
}

const WORKS = {
  parse: ({ text }: Prepared) => JSON.parse(text) as Json,
  resolve: ({ body, record, topic }: Prepared) => resolveEnvelope(body, record, topic, RULES),
  'by hand': byHand,
} as const;

type Work = keyof typeof WORKS;

function main(): void {
  const { values } = parseArgs({
    options: {
      records: { type: 'string', default: '500' },
      rounds: { type: 'string', default: '5' },
      ms: { type: 'string', default: '40' },
    },
  });
  const dialects = Object.keys(ENVELOPES).map((name) => ({ name, records: prepare(name, Number(values.records)) }));
  // The mix takes one record of each dialect after the other: nothing stays warm for the next.
  const mix = Array.from({ length: Number(values.records) }, (_, place) =>
    dialects.flatMap(({ records }) => records[place] ?? []),
  );
  const all = [...dialects, { name: 'all, mixed', records: mix.flat() }];
  const runs = new Map(
    all.map(({ name }) => [name, { parse: [], resolve: [], 'by hand': [] } as Record<Work, number[]>]),
  );
  for (let round = 0; round <= Number(values.rounds); round += 1) {
    for (const { name, records } of all) {
      for (const work of Object.keys(WORKS) as Work[]) {
        const us = timed(records, Number(values.ms) * (name === 'all, mixed' ? 10 : 1), WORKS[work]);
        // The first round warms up.
        if (round > 0) runs.get(name)?.[work].push(us);
      }
    }
  }
  const cells = (name: string, works: readonly Work[]) =>
    works.map((work) => median(runs.get(name)?.[work] ?? []).toFixed(2)).join(' | ');
  const mean = median(runs.get('all, mixed')?.resolve ?? []);
  const text = [
    `Microseconds of processor time per event, medians of ${values.rounds} rounds over ${values.records} records of each built-in dialect (${dialects.length} of them),`,
    'headers in one piece as the tap has them. By hand: `JSON.parse` and six fields from where OnexEnvelopeV1 has them.',
    '',
    '| dialect | JSON.parse | resolve | by hand, with JSON.parse |',
    '|---|---:|---:|---:|',
    ...all.map(({ name }) => `| ${name} | ${cells(name, ['parse', 'resolve', 'by hand'])} |`),
    '',
    `Resolution over the mix: ${mean.toFixed(2)} µs per event, of ${PROMISED_US} at most. ${machine()}.`,
  ].join('\n');
  console.log(`\n${text}`);
  writeResults('envelope', text);
  if (mean > PROMISED_US) process.exitCode = 1;
}

main();
