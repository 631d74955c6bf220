import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { processConfig } from '../../server/config/process-config.ts';
import type { RecordSink, Source } from '../../server/ports/source.ts';
import { buildSource } from '../../server/runtime/build-source.ts';
import { readSchemasInForce, type SchemasInForce } from '../../server/runtime/schemas/schemas-in-force.ts';
import { createTap } from '../../server/runtime/tap.ts';
import type { IngestTask, Timed } from './contenders.ts';
import { createStopwatch } from './stopwatch.ts';

/** (d) The tap as it runs: everything it does, told by environment as any tap is. */
export async function runProduct(task: IngestTask): Promise<Timed> {
  const stopwatch = createStopwatch(task);
  const tap = await startTap({ ...task, topics: [task.topic] }, (records) => stopwatch.add(records));
  const timed = await stopwatch.done;
  await tap.stop();
  return timed;
}

/** Starts a tap on a broker and a database, with the built-in schemas or others; hears of each delivery that was stored. */
export async function startTap(
  {
    brokers,
    databaseUrl,
    groupId,
    topics,
    schemas,
  }: Pick<IngestTask, 'brokers' | 'databaseUrl' | 'groupId'> & { topics: readonly string[]; schemas?: SchemasInForce },
  onStored: (records: number) => void,
): Promise<{ stop(): Promise<void> }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'throughline-bench-tap-'));
  const settings = path.join(folder, 'throughline.yaml');
  writeFileSync(settings, JSON.stringify({ topics: { include: topics } }));
  const loaded = processConfig({
    ...process.env,
    KAFKA_BROKERS: brokers,
    DATABASE_URL: databaseUrl,
    TAP_GROUP_ID: groupId,
    TAP_START: 'beginning',
    TAP_BACKFILL_BYTES_PER_S: 'none',
    THROUGHLINE_CONFIG: settings,
  });
  rmSync(folder, { recursive: true });
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
  const source = heard(buildSource(loaded.config), onStored);
  const tap = createTap(loaded.config, {
    ...{ databaseUrl, source },
    schemas: schemas ?? (await readSchemasInForce(loaded.config.schemaFolders)),
    say: (line) => console.error(line),
  });
  await tap.start();
  return tap;
}

function heard(source: Source, onStored: (records: number) => void): Source {
  const listening = (sink: RecordSink): RecordSink => ({
    ...sink,
    async deliver(batch) {
      const answer = await sink.deliver(batch);
      if (answer.kind === 'stored') onStored(batch.records.length);
      return answer;
    },
  });
  return { ...source, start: (sink) => source.start(listening(sink)) };
}
