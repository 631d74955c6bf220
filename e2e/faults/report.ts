import { writeFileSync } from 'node:fs';
import { DIFFERENCES } from './check/compare.ts';
import type { Checked } from './world/test-bed.ts';

/** What a run has shown so far, said line by line as it happens. */
export interface Report {
  say(line: string): void;
  /** One check. A failure is told, counted, and does not end the run. */
  check(name: string, work: () => Promise<void>): Promise<void>;
  /** One check without which the rest makes no sense: a failure is counted and thrown on. */
  must(name: string, work: () => Promise<void>): Promise<void>;
  /** One check for each kind of difference there can be. */
  comparison(when: string, checked: Checked): void;
  readonly failed: number;
  /** Writes the counts as JSON where `file` says, and answers the closing line. */
  close(file: string | null): string;
}

/** A check that failed was told already. */
export class CheckFailedError extends Error {
  readonly code = 'check_failed';
}

/** As many differences of one kind as are shown. */
const SHOWN = 8;

export function createReport(write: (line: string) => void): Report {
  const began = performance.now();
  let passed = 0;
  let failed = 0;
  const say = (line: string): void =>
    write(`${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${line}`);
  const attempt = async (name: string, work: () => Promise<void>): Promise<boolean> => {
    try {
      await work();
    } catch (error) {
      failed += 1;
      say(`FAILED  ${name}: ${inWords(error)}`);
      return false;
    }
    passed += 1;
    say(`passed  ${name}`);
    return true;
  };
  return {
    say,
    async check(name, work) {
      await attempt(name, work);
    },
    async must(name, work) {
      if (!(await attempt(name, work))) throw new CheckFailedError(name);
    },
    comparison(when, { written, stored, differences }) {
      const { acknowledged, inLog, holes } = written;
      say(
        `compared ${when}: ${acknowledged.length} acknowledged and ${inLog.length} read back with ${stored.records.length} ` +
          `stored records in ${written.lives.size} incarnations, ${stored.traces.length} traces, ${holes.length} holes`,
      );
      for (const kind of DIFFERENCES) {
        const found = differences.filter((difference) => difference.kind === kind);
        if (found.length === 0) passed += 1;
        else failed += 1;
        if (found.length > 0) say(`FAILED  ${kind}: ${found.length}`);
        for (const { detail } of found.slice(0, SHOWN)) say(`          ${detail}`);
      }
      if (differences.length === 0) say(`passed  nothing of: ${DIFFERENCES.join(', ')}`);
    },
    get failed() {
      return failed;
    },
    close(file) {
      if (file !== null) writeFileSync(file, JSON.stringify({ passed, failed, skipped: 0 }));
      return `${passed} passed, ${failed} failed`;
    },
  };
}

function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message} (${inWords(error.cause)})`;
}
