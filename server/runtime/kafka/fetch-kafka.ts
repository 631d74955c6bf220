import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import lock from './jars.lock.json' with { type: 'json' };

/** Version of the pinned Apache Kafka. */
export const KAFKA_VERSION: string = lock.kafka;

const MAVEN_CENTRAL = 'https://repo1.maven.org/maven2';
const PARALLEL_DOWNLOADS = 4;
const ATTEMPTS = 4;
/** A download that brings no byte for so long is given up and tried again. */
const STALL_MS = 30_000;

/** One pinned file. `path` is its place in a Maven repository. */
export interface PinnedJar {
  readonly path: string;
  readonly bytes: number;
  /** SHA-512 in hex. */
  readonly sha512: string;
}

export interface FetchKafkaOptions {
  /** Kept between runs; the jars lie in `kafka-<version>` below it. */
  readonly cacheDir: string;
  /** Base address of a Maven repository; Maven Central when absent. Any mirror is safe: every file is pinned by its hash. */
  readonly mirror?: string | undefined;
  /** Called as bytes arrive; jars that were cached count as done. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The files to have; the pinned Kafka when absent. */
  readonly jars?: readonly PinnedJar[];
  /** First pause between two attempts at a file, doubled each time. */
  readonly backOffMs?: number;
}

/** A pinned file could not be had. `unreachable`: no (good) answer; `wrong_hash`: an answer with other content. */
export class KafkaDownloadError extends Error {
  readonly code: 'unreachable' | 'wrong_hash';
  constructor(code: 'unreachable' | 'wrong_hash', message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'KafkaDownloadError';
    this.code = code;
  }
}

/**
 * Makes sure that every pinned jar lies in the cache with its pinned SHA-512, and downloads what is missing or damaged.
 * A file appears under its name only once it is whole and right, so a kill at any time leaves a usable cache. Answers the
 * folder of the jars. Throws `KafkaDownloadError`.
 */
export async function fetchKafka(options: FetchKafkaOptions): Promise<string> {
  const jars = options.jars ?? lock.jars;
  const folder = path.join(options.cacheDir, `kafka-${KAFKA_VERSION}`);
  await mkdir(folder, { recursive: true });
  const progress = countProgress(jars, options.onProgress);
  const waiting = [...jars];
  const worker = async (): Promise<void> => {
    for (let jar = waiting.shift(); jar !== undefined; jar = waiting.shift()) {
      await ensureJar(jar, folder, options, progress);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_DOWNLOADS }, worker));
  return folder;
}

/** The jars as a Java class path. */
export function kafkaClassPath(folder: string): string {
  return lock.jars.map((jar) => path.join(folder, path.posix.basename(jar.path))).join(path.delimiter);
}

type Progress = (jar: PinnedJar, done: number) => void;

function countProgress(jars: readonly PinnedJar[], report: FetchKafkaOptions['onProgress']): Progress {
  const total = jars.reduce((sum, jar) => sum + jar.bytes, 0);
  const done = new Map<PinnedJar, number>();
  let sum = 0;
  return (jar, bytes) => {
    sum += bytes - (done.get(jar) ?? 0);
    done.set(jar, bytes);
    report?.(sum, total);
  };
}

async function ensureJar(
  jar: PinnedJar,
  folder: string,
  options: FetchKafkaOptions,
  progress: Progress,
): Promise<void> {
  const file = path.join(folder, path.posix.basename(jar.path));
  if (!(await isRight(file, jar))) await downloadPatiently(jar, file, options, progress);
  progress(jar, jar.bytes);
}

async function isRight(file: string, jar: PinnedJar): Promise<boolean> {
  const found = await stat(file).catch(() => null);
  if (found?.size !== jar.bytes) return false;
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex') === jar.sha512;
}

/** A wrong hash is tried again as well: a proxy may have cut the file. */
async function downloadPatiently(
  jar: PinnedJar,
  file: string,
  options: FetchKafkaOptions,
  progress: Progress,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await download(jar, file, options, progress);
    } catch (error) {
      if (attempt === ATTEMPTS || options.signal?.aborted) throw error;
      await wait((options.backOffMs ?? 500) * 2 ** (attempt - 1), undefined, { signal: options.signal });
    }
  }
}

async function download(jar: PinnedJar, file: string, options: FetchKafkaOptions, progress: Progress): Promise<void> {
  const url = `${(options.mirror ?? MAVEN_CENTRAL).replace(/\/+$/, '')}/${jar.path}`;
  const partial = `${file}.${randomUUID()}.part`;
  try {
    const sha512 = await save(url, partial, jar, options.signal, (bytes) => progress(jar, bytes));
    if (sha512 !== jar.sha512) {
      throw new KafkaDownloadError(
        'wrong_hash',
        `${url} has another content than the one pinned for it (SHA-512 ${sha512.slice(0, 16)}…, pinned ${jar.sha512.slice(0, 16)}…). It was not used.`,
      );
    }
    await rename(partial, file);
  } finally {
    await rm(partial, { force: true });
  }
}

/** Saves the body of `url` and answers its SHA-512; stops as soon as it is longer than pinned. */
async function save(
  url: string,
  file: string,
  jar: PinnedJar,
  signal: AbortSignal | undefined,
  onBytes: (bytes: number) => void,
): Promise<string> {
  const stalled = new AbortController();
  const timer = setTimeout(() => stalled.abort(), STALL_MS);
  const output = await open(file, 'w');
  try {
    const response = await fetch(url, {
      signal: signal === undefined ? stalled.signal : AbortSignal.any([signal, stalled.signal]),
    });
    if (!response.ok || response.body === null) throw new Error(`HTTP status ${response.status}`);
    const hash = createHash('sha512');
    let bytes = 0;
    for await (const chunk of response.body) {
      timer.refresh();
      bytes += chunk.byteLength;
      if (bytes > jar.bytes) break;
      hash.update(chunk);
      await output.write(chunk);
      onBytes(bytes);
    }
    await output.sync();
    return hash.digest('hex');
  } catch (cause) {
    const why = stalled.signal.aborted ? `no answer for ${STALL_MS / 1000} s` : reasonOf(cause);
    throw new KafkaDownloadError('unreachable', `Could not download ${url}: ${why}.`, cause);
  } finally {
    clearTimeout(timer);
    await output.close();
  }
}

/** The deepest message: `fetch` hides the network's own in `cause`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message;
}
