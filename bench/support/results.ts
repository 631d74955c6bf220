import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';

const FILE = 'bench/RESULTS.md';
const HEADER =
  '# Measurements\n\nWritten by `npm run bench -- NAME`; each section is replaced by the next run of its name.\n';

/** The machine in one line: what a number is worth depends on it. */
export function machine(): string {
  const gigabytes = Math.round(os.totalmem() / 2 ** 30);
  const load = os.loadavg()[0]?.toFixed(1);
  const model = os.cpus()[0]?.model.trim() ?? 'unknown processor';
  const hardware = `${os.cpus().length} × ${model}, ${gigabytes} GB`;
  return `${hardware}, ${os.type()}, Node ${process.versions.node}, load ${load} at the end`;
}

/** Replaces the section of this name in the results; sections stay in order of their names. */
export function writeResults(name: string, text: string): void {
  const sections = new Map(readSections().set(name, `## ${name}\n\n${text.trim()}\n`));
  const sorted = [...sections].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, section]) => section);
  writeFileSync(FILE, [HEADER, ...sorted].join('\n'));
}

function readSections(): Map<string, string> {
  let text = '';
  try {
    text = readFileSync(FILE, 'utf8');
  } catch {
    // The first run makes the file.
  }
  const parts = text.split(/^(?=## )/m).filter((part) => part.startsWith('## '));
  return new Map(parts.map((part) => [/^## (.*)$/m.exec(part)?.[1] ?? '', `${part.trim()}\n`]));
}

/** The middle one; of an even number the upper of the two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
