// What the sample that drift is learned from costs of the pipeline, per event: where kinds are busy, and where every event
// is in the sample.
import { parseArgs } from 'node:util';
import { createPreparer, type PrepareRecords } from '../server/ingest/prepare-records.ts';
import type { SourceRecord } from '../server/model/record.ts';
import { millis } from '../server/model/time.ts';
import { createFieldSample, NO_SAMPLE, type SampleFields } from '../server/pipeline/field-sample.ts';
import { createReading } from '../server/pipeline/reading.ts';
import { createSchemaChecks } from '../server/pipeline/schema-checks.ts';
import { readSchemasInForce } from '../server/runtime/schemas/schemas-in-force.ts';
import { makeEvent } from './support/omninode-events.ts';
import { machine, median, writeResults } from './support/results.ts';

const BATCH = 500;
const HOUR_MS = 3_600_000;
/** Share of the pipeline's processor time that the sample may take. */
const PROMISED = 0.05;

/** A clock that is in another hour after so many looks: of 320 events of the eight kinds all are in the sample. */
function hoursOf(looks: number): () => number {
  let seen = 0;
  return () => Math.floor(seen++ / looks) * HOUR_MS;
}

const SAMPLES: Readonly<Record<string, () => SampleFields>> = {
  none: () => NO_SAMPLE,
  busy: () => createFieldSample(() => 0),
  'every event': () => createFieldSample(hoursOf(320)),
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { events: { type: 'string', default: '100000' }, rounds: { type: 'string', default: '5' } },
  });
  const reading = createReading([]);
  const check = createSchemaChecks((await readSchemasInForce([])).set);
  const records = Array.from({ length: Number(values.events) }, (_, index): SourceRecord => {
    const { key, value } = makeEvent(index, { headers: false });
    return {
      ...{ offset: BigInt(index), headers: [], timestampMs: millis(1_760_784_300_000), timestampType: 'CreateTime' },
      ...{ key: Buffer.from(String(key)), value: Buffer.from(String(value)) },
    };
  });
  const runs = new Map<string, number[]>(Object.keys(SAMPLES).map((name) => [name, []]));
  for (let round = 0; round <= Number(values.rounds); round += 1) {
    for (const [name, sample] of Object.entries(SAMPLES)) {
      const base = { workspaceId: 1, reading, resolverVersion: async () => 1, check };
      const us = await timed(createPreparer({ ...base, sample: sample() }), records);
      // The first round warms up.
      if (round > 0) runs.get(name)?.push(us);
    }
  }
  const of = (name: string) => median(runs.get(name) ?? []);
  const share = of('busy') / of('none') - 1;
  const text = [
    `Microseconds of processor time of the pipeline per event (decode, envelope, checks, terms), medians of ${values.rounds} rounds over ${values.events} OmniNode events of eight kinds.`,
    '',
    '| sample | µs per event | against none |',
    '|---|---:|---:|',
    ...[...runs.keys()].map(
      (name) => `| ${name} | ${of(name).toFixed(2)} | ${(100 * (of(name) / of('none') - 1)).toFixed(1)} % |`,
    ),
    '',
    `“busy”: all events in one hour, as the tap samples them; at most ${100 * PROMISED} % is promised. “every event”: the first forty of a kind in each hour, which is all that slow kinds have. ${machine()}.`,
  ].join('\n');
  console.log(`\n${text}`);
  writeResults('fields', text);
  if (share > PROMISED) process.exitCode = 1;
}

async function timed(prepare: PrepareRecords, records: readonly SourceRecord[]): Promise<number> {
  const incarnation = { id: 1, cluster: 'bench', topic: 'codegen-requests', n: 1 };
  const before = process.cpuUsage();
  for (let from = 0; from < records.length; from += BATCH) {
    await prepare(records.slice(from, from + BATCH), { incarnation, partition: 0 });
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / records.length;
}

await main();
