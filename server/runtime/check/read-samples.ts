import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { SourceRecord } from '../../model/record.ts';
import { isJsonLines, type SampleFile } from '../schemas/list-files.ts';
import { readLines } from './read-lines.ts';
import { type SampleRecord, sampleRecord } from './sample-record.ts';
import { splitJson } from './split-json.ts';

/** Where a sample stands. */
export interface Place {
  /** As the file was named, or `-` for the standard input. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Its place in a list, from 0; null where the file is no list. */
  readonly item: number | null;
}

/** What a sample file holds. */
export type Sample = { readonly place: Place } & (
  | { readonly kind: 'record'; readonly topic: string | null; readonly record: SourceRecord }
  | { readonly kind: 'incomplete'; readonly topic: string | null; readonly reason: string }
  /** The file, or a part of it, cannot be read as samples. */
  | { readonly kind: 'problem'; readonly reason: string }
);

/** Bytes of a file with one JSON text, and of one line: a value is decoded up to 24 MB, and escapes make it longer. */
const MOST_BYTES = 32 * 2 ** 20;
const TOO_LONG = `is longer than ${MOST_BYTES / 2 ** 20} MB`;

/** The samples of a file, one after the other; `stdin` is read where the file is `-`. Never throws. */
export async function* readSamples(
  file: SampleFile,
  bodies: boolean,
  stdin: AsyncIterable<Buffer>,
): AsyncGenerator<Sample> {
  const whole: Place = { file: file.shown, line: 1, item: null };
  try {
    if (file.path === null) yield* linesOf(stdin, file.shown, bodies);
    else if (isJsonLines(file.path)) yield* linesOf(createReadStream(file.path), file.shown, bodies);
    else yield* samplesOfText(await readBounded(file.path), file.shown, bodies);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : null;
    if (code === null) throw error;
    yield { place: whole, kind: 'problem', reason: `the file cannot be read (${code})` };
  }
}

async function* linesOf(chunks: AsyncIterable<Buffer>, file: string, bodies: boolean): AsyncGenerator<Sample> {
  for await (const { number, bytes } of readLines(chunks, MOST_BYTES)) {
    const place: Place = { file, line: number, item: null };
    if (bytes === null) yield { place, kind: 'problem', reason: `the line ${TOO_LONG}` };
    else if (!isBlank(bytes)) yield* sampleAt(place, sampleRecord(bytes, bodies));
  }
}

/** A list on top is a list of samples. */
function* samplesOfText(bytes: Buffer | null, file: string, bodies: boolean): Generator<Sample> {
  const place: Place = { file, line: 1, item: null };
  if (bytes === null) {
    yield {
      place,
      kind: 'problem',
      reason: `the file ${TOO_LONG}; as NDJSON, one event a line, it may have any length`,
    };
    return;
  }
  const items = listItems(bytes);
  if (items === null) {
    yield* sampleAt(place, sampleRecord(bytes, bodies));
    return;
  }
  let line = 1;
  let counted = 0;
  for (const [item, { text, at }] of items.parts.entries()) {
    line += newlines(items.text, counted, at);
    counted = at;
    yield* sampleAt({ file, line, item }, sampleRecord(Buffer.from(text), bodies));
  }
}

/** Null for anything but a list. */
function listItems(bytes: Buffer): { readonly text: string; readonly parts: ReturnType<typeof splitJson> } | null {
  const text = bytes.toString('utf8');
  if (!/^\ufeff?\s*\[/.test(text)) return null;
  try {
    JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  return { text, parts: splitJson(text) };
}

function* sampleAt(place: Place, sample: SampleRecord): Generator<Sample> {
  if (sample.kind === 'malformed') yield { place, kind: 'problem', reason: sample.reason };
  else if (sample.kind !== 'head') yield { place, ...sample };
}

/** Null for a file that is too long. */
async function readBounded(path: string): Promise<Buffer | null> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    return size > MOST_BYTES ? null : await file.readFile();
  } finally {
    await file.close();
  }
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09);
}

function newlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
