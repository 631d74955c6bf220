// What records of other kinds cost against ordinary ones: those of all dialects in turn, and hostile ones, each broken in
// another way.
import { parseArgs } from 'node:util';
import { onDatabase } from '../e2e/support/private-postgres.ts';
import type { IngestTask, Timed } from './ingest/contenders.ts';
import { runProduct } from './ingest/product.ts';
import { makeEvent } from './support/omninode-events.ts';
import { answerAndEnd, inOwnProcess, ownTask } from './support/own-process.ts';
import { produceEvents } from './support/produce-events.ts';
import { machine, median, writeResults } from './support/results.ts';
import { startBenchKafka, startBenchPostgres, withDatabase } from './support/services.ts';

const PARTITIONS = 18;
const TIMEOUT_MS = 600_000;

interface Run extends Timed {
  readonly topic: string;
  readonly stored: number;
  readonly withReason: number;
}

async function main(): Promise<void> {
  // Not for the tap's process, which is this file too: it would hold the samples, and the time to make them would be its own.
  const { makeMixed } = await import('./kinds/make-mixed.ts');
  const { MALFORMATIONS, makeMalformed } = await import('./kinds/make-malformed.ts');
  const { values } = parseArgs({
    options: { records: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '3' } },
  });
  const count = Number(values.records);
  const kafka = await startBenchKafka();
  const postgres = await startBenchPostgres();
  const topics = {
    'bench.ordinary': (index: number) => makeEvent(index, { headers: false }),
    'bench.mixed': makeMixed,
    'bench.malformed': makeMalformed,
  };
  const measure = (topic: string, round: number): Promise<Run> =>
    withDatabase(postgres, async (databaseUrl) => {
      const task: IngestTask = {
        ...{ contender: 'throughline', brokers: kafka.brokers, topic, count, groupId: `bench-${topic}-${round}` },
        ...{ databaseUrl, postgresPid: postgres.pid, withHeaders: true },
      };
      const timed = await inOwnProcess<Timed>(task, { timeoutMs: TIMEOUT_MS }).answer;
      const { rows } = await onDatabase(databaseUrl, (client) =>
        client.query<{ stored: number; reasons: number }>(
          'select count(*)::int as stored, count(*) filter (where reason <> 0)::int as reasons from event',
        ),
      );
      return { ...timed, topic, stored: rows[0]?.stored ?? 0, withReason: rows[0]?.reasons ?? 0 };
    });
  try {
    for (const [topic, record] of Object.entries(topics)) {
      await produceEvents({ brokers: kafka.brokers, topic, partitions: PARTITIONS, count, record });
      console.log(`${count} records in ${topic}`);
    }
    const runs: Run[] = [];
    for (let round = 1; round <= Number(values.rounds); round += 1) {
      for (const topic of Object.keys(topics)) {
        const run = await measure(topic, round);
        console.log(`round ${round}: ${JSON.stringify(run)}`);
        runs.push(run);
      }
    }
    const of = (topic: string, figure: 'recordsPerS' | 'peakMb' | 'stored' | 'withReason') =>
      median(runs.filter((run) => run.topic === topic).map((run) => run[figure]));
    const ratio = (topic: string) => (of(topic, 'recordsPerS') / of('bench.ordinary', 'recordsPerS')).toFixed(2);
    const row = (name: string, topic: string) =>
      `| ${name} | ${of(topic, 'recordsPerS').toFixed(0)} | ${of(topic, 'peakMb').toFixed(0)} | ${of(topic, 'stored').toLocaleString('en')} | ${of(topic, 'withReason').toLocaleString('en')} |`;
    const text = [
      `${count.toLocaleString('en')} records of each kind, stored by one tap with everything running; medians of ${values.rounds} interleaved rounds. Malformed, in turn:`,
      `${MALFORMATIONS.join(', ')}.`,
      '',
      '| | records/s | peak MB | stored | with a reason |',
      '|---|---:|---:|---:|---:|',
      row('ordinary', 'bench.ordinary'),
      row('all dialects', 'bench.mixed'),
      row('malformed', 'bench.malformed'),
      '',
      `Against ordinary: all dialects ${ratio('bench.mixed')}, malformed ${ratio('bench.malformed')} × the records/s. ${machine()}.`,
    ].join('\n');
    console.log(`\n${text}`);
    writeResults('kinds', text);
  } finally {
    await Promise.all([kafka.stop(), postgres.stop()]);
  }
}

const task = ownTask<IngestTask>();
if (task === null) await main();
else answerAndEnd(await runProduct(task));
