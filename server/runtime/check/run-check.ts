import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readSettingsFile } from '../../config/settings-file.ts';
import { createReading, type Reading } from '../../pipeline/reading.ts';
import { listFiles } from '../schemas/list-files.ts';
import { type KnownSchemas, readSchemas } from '../schemas/read-schemas.ts';
import type { CheckOptions } from './check-options.ts';
import { checkSample, type Standard } from './check-sample.ts';
import { compareVersionsOf, isCompatible, type NamedSchema, typesToAskFor } from './compare-versions.ts';
import { type Fetch, fetchEvents } from './fetch-events.ts';
import { knownVersionBefore, type OneVersion, readOneVersion } from './known-schemas.ts';
import { readSamples, type Sample } from './read-samples.ts';
import type { CheckReport, CompatibilityReport, Problem } from './report.ts';
import { Tally } from './tally.ts';

export interface CheckDeps {
  /** What relative paths are meant from. */
  readonly workingDir: string;
  /** Where the built-in schemas lie. */
  readonly projectRoot: string;
  readonly stdin: AsyncIterable<Buffer>;
  readonly fetch: Fetch;
}

/**
 * Checks sample events, or a new version of a schema, and answers what came of it. Reads files, and asks nobody but the
 * server that `--url` names; what cannot be read is in the report. Never holds more than a few samples, and what it lists.
 */
export async function runCheck(options: CheckOptions, deps: CheckDeps): Promise<CheckReport> {
  const run = new Run(options, deps);
  const reading = run.readConfig();
  const known = await readSchemas(options.schemas, deps.workingDir, deps.projectRoot);
  for (const problem of known.problems) run.tally.problem(problem);
  run.broken.push(...known.broken);
  const candidate = options.schema === null ? null : await run.readVersion(options.schema, known);
  const compatibility = candidate === null ? null : await run.compare(candidate.named, known);
  if (reading !== null && (options.schema === null || candidate !== null)) {
    await run.checkSamples({
      reading,
      set: candidate?.set ?? known.set,
      only: candidate?.named.schema ?? null,
    });
  }
  return run.report(known.set.schemas.length, compatibility);
}

/** What the steps of one run share. */
class Run {
  readonly tally: Tally;
  readonly broken: Problem[] = [];
  readonly #options: CheckOptions;
  readonly #deps: CheckDeps;

  constructor(options: CheckOptions, deps: CheckDeps) {
    this.#options = options;
    this.#deps = deps;
    this.tally = new Tally(options);
  }

  /** Null when the file cannot be used. */
  readConfig(): Reading | null {
    const { config } = this.#options;
    if (config === null) return createReading([]);
    let text: string;
    try {
      text = readFileSync(path.resolve(this.#deps.workingDir, config), 'utf8');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      this.tally.problem({ file: config, line: null, reason: `it cannot be read (${String(error.code)})` });
      return null;
    }
    const { dialects, problems } = readSettingsFile(text, config);
    // Each says its place, and ends like a sentence.
    for (const problem of problems)
      this.tally.problem({ file: config, line: null, reason: problem.replace(/\.$/, '') });
    return problems.length === 0 ? createReading(dialects) : null;
  }

  /** Null when the file cannot be used. */
  async readVersion(given: string, known: KnownSchemas): Promise<Extract<OneVersion, { kind: 'usable' }> | null> {
    const version = await readOneVersion(given, known, this.#deps.workingDir);
    if (version.kind === 'usable') return version;
    if (version.kind === 'unreadable') this.tally.problem(version.problem);
    // In a schema folder it is noted already.
    else if (!this.broken.some(({ file }) => file === given)) this.broken.push(version.problem);
    return null;
  }

  async compare(now: NamedSchema, known: KnownSchemas): Promise<CompatibilityReport> {
    const { against, compatibility, limit } = this.#options;
    if (against !== null) {
      const before = await this.readVersion(against, known);
      return compareVersionsOf(now, before && { ...before.named, isNamed: true }, compatibility, limit);
    }
    const before = knownVersionBefore(now, known, this.#deps.workingDir);
    if (before === null && compatibility !== 'none') {
      const reason = 'no known schema is for the same events; name the version before with --against';
      this.tally.problem({ file: now.file, line: null, reason });
    }
    return compareVersionsOf(now, before && { ...before, isNamed: false }, compatibility, limit);
  }

  async checkSamples(standard: Standard): Promise<void> {
    const { paths, bodies, url, last } = this.#options;
    const list = listFiles(paths, this.#deps.workingDir, /\.(json|ndjson|jsonl)$/i);
    this.tally.counts.files = list.files.length;
    this.tally.counts.files_passed_over = list.passedOver;
    for (const { file, reason } of list.problems) this.tally.problem({ file, line: null, reason });
    for (const file of list.files) {
      for await (const sample of readSamples(file, bodies, this.#deps.stdin)) this.#take(sample, standard);
    }
    if (paths.length > 0 && this.tally.counts.events === 0 && !this.tally.hasProblems) {
      this.tally.problem({ file: paths[0] ?? '', line: null, reason: 'there is no event in it' });
    }
    if (url === null || standard.only === null) return;
    const types = typesToAskFor(standard.only);
    if (types.length === 0) {
      const reason = 'the schema names no event_types to ask for (x-throughline)';
      this.tally.problem({ file: url.origin, line: null, reason });
    }
    for await (const sample of fetchEvents(url, types, last, this.#deps.fetch)) this.#take(sample, standard);
  }

  report(usable: number, compatibility: CompatibilityReport | null): CheckReport {
    const { used, ...rest } = this.tally.report();
    const isUnusable = this.tally.hasProblems || this.broken.length > 0;
    const isFailed =
      this.tally.hasFailures || (compatibility !== null && !isCompatible(compatibility, this.#options.allowUnknown));
    return {
      throughline_check: 1,
      result: isUnusable ? 'unusable' : isFailed ? 'failed' : 'ok',
      exit_code: isUnusable ? 2 : isFailed ? 1 : 0,
      schemas: { usable, used, broken: this.broken },
      ...rest,
      compatibility,
    };
  }

  #take(sample: Sample, standard: Standard): void {
    const { place } = sample;
    if (sample.kind === 'problem') {
      this.tally.problem({ file: place.file, line: place.line, reason: sample.reason });
      return;
    }
    const topic = sample.topic ?? this.#options.topic;
    if (sample.kind === 'incomplete') {
      this.tally.event({ place, topic, eventType: null }, { status: 'unchecked', why: sample.reason });
      return;
    }
    const { eventType, outcome } = checkSample(sample.record, topic, standard);
    if (outcome === null) this.tally.otherType();
    else this.tally.event({ place, topic, eventType }, outcome);
  }
}
