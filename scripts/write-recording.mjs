// @ts-check
// Writes demo/recording/conversations.ndjson: a short conversation for places where no Kafka can run. Node cannot read
// TypeScript on every version we support, so the rehearsal is bundled first.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from './tracked-files.mjs';

const target = path.join(root, 'demo/recording/conversations.ndjson');

/** The file is part of the repository: it stays small. */
const MOST_BYTES = 300 * 1024;

/** @returns {Promise<typeof import('../demo/behaviour/rehearse.ts')>} */
async function loadRehearsal() {
  const { outputFiles } = await build({
    entryPoints: [path.join(root, 'demo/behaviour/rehearse.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
  });
  const source = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64');
  return import(`data:text/javascript;base64,${source}`);
}

const startMs = Date.UTC(2025, 9, 18, 10, 45);
const { rehearse } = await loadRehearsal();
const { records } = rehearse({ seed: 20251018, startMs, askingMs: 120_000, perMinute: 20 });
const lastMs = Math.max(...records.map(({ atMs }) => atMs));
/** It begins again at the next whole second. */
const periodMs = (Math.floor(lastMs / 1000) + 1) * 1000;
const head = { recording: 1, startedAt: new Date(startMs).toISOString(), periodMs };
const lines = records.map(({ topic, partition, atMs, key, value }) => ({
  topic,
  partition,
  atMs,
  key,
  headers: [],
  value,
}));
const text = [head, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
const bytes = Buffer.byteLength(text);
if (bytes > MOST_BYTES) throw new Error(`The recording would have ${bytes} bytes, more than ${MOST_BYTES}.`);
const before = await readFile(target, 'utf8').catch(() => '');
await writeFile(target, text);
const state = before === text ? 'unchanged' : 'written';
console.log(`${path.relative(root, target)} ${state}: ${records.length} records, ${bytes} bytes`);
