import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { survivors } from './child-record.ts';
import type { ChildSpec } from './child-spec.ts';
import { ChildStartError, createSupervisor, type Supervisor } from './create-supervisor.ts';

let folder: string;
let said: string[];
let supervisor: Supervisor;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'runtime-supervisor-'));
  said = [];
  supervisor = createSupervisor({
    recordFile: path.join(folder, 'children.json'),
    logDir: folder,
    say: (line) => said.push(line),
  });
});

afterEach(async () => {
  await supervisor.stop(3000);
  rmSync(folder, { recursive: true, force: true });
});

/** A Node child that runs `script`; `file(x)` in it is a path in the test's folder. */
function child(name: string, script: string, more: Partial<ChildSpec> = {}): ChildSpec {
  const head = `const fs = require('node:fs'); const file = (n) => ${JSON.stringify(folder)} + '/' + n;`;
  return {
    name,
    command: process.execPath,
    args: ['-e', `${head}${script}`],
    env: {},
    stopSignal: 'SIGTERM',
    graceMs: 2000,
    readyWithinMs: 5000,
    ...more,
  };
}

const RUNS_ON = `fs.appendFileSync(file('pids'), process.pid + '\\n'); setInterval(() => {}, 1000);`;

const at = (name: string): string => path.join(folder, name);
/** The whole lines of a file: one that is being written has no line feed yet. */
const lines = (name: string): string[] =>
  existsSync(at(name)) ? readFileSync(at(name), 'utf8').split('\n').slice(0, -1) : [];

/** Kills the process of the first line. A pid of 0 would be the test's own group. */
function killFirst(): void {
  const pid = Number(lines('pids')[0]);
  if (!(pid > 1)) throw new Error(`${pid} is no child`);
  process.kill(pid, 'SIGKILL');
}

async function until(what: () => boolean): Promise<void> {
  for (let tries = 0; !what(); tries++) {
    if (tries > 400) throw new Error('did not happen in 8 s');
    await wait(20);
  }
}

const untilFile = (name: string) => async (signal: AbortSignal) => {
  while (!existsSync(at(name))) await wait(10, undefined, { signal });
};

describe('a child', () => {
  test('is ready when its check says so, and is on record while it runs', async () => {
    await supervisor.start(
      child('one', `setTimeout(() => fs.writeFileSync(file('up'), ''), 200);${RUNS_ON}`, { ready: untilFile('up') }),
    );
    expect(existsSync(at('up'))).toBe(true);
    expect(survivors(at('children.json')).map((kept) => kept.name)).toEqual(['one']);
    await supervisor.stop(3000);
    expect(existsSync(at('children.json'))).toBe(false);
  });

  test('that is killed is started again, and both are said', async () => {
    await supervisor.start(child('one', RUNS_ON));
    await until(() => lines('pids').length === 1);
    killFirst();
    await until(() => lines('pids').length === 2);
    await until(() => said.includes('one is back.'));
    expect(said).toContain('one ended (signal SIGKILL); starting it again in 0.5 s.');
  });

  test('that never becomes ready fails the start after three tries, with its last lines', async () => {
    const start = supervisor.start(
      child('one', `console.log('no such table'); process.exit(3);`, { ready: untilFile('never') }),
    );
    const error: unknown = await start.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ChildStartError);
    expect(error).toMatchObject({
      message: 'one does not start (ended with exit code 3).',
      lastLines: expect.arrayContaining(['no such table']),
    });
  });

  test('that hangs while starting is killed and tried again', async () => {
    const pids: number[] = [];
    // The first one never becomes ready, however quick the machine is; the second is at once.
    const ready = async (signal: AbortSignal, pid: number): Promise<void> => {
      if (pids.push(pid) === 1) await wait(60_000, undefined, { signal });
    };
    await supervisor.start(child('one', RUNS_ON, { ready, readyWithinMs: 700 }));
    expect(said).toContain('one: not ready after 1 s; trying again.');
    expect(new Set(pids).size).toBe(2);
  });

  test('shows the lines it should, and logs all', async () => {
    await supervisor.start(
      child('one', `console.log('! seen'); console.log('unseen'); fs.writeFileSync(file('up'), '');${RUNS_ON}`, {
        show: /^! /,
        ready: untilFile('up'),
      }),
    );
    await until(() => lines('one.log').length === 2);
    await until(() => said.length > 0);
    expect(said).toEqual(['! seen']);
  });

  test('does not see the environment of this process', async () => {
    await supervisor.start(
      child(
        'one',
        `fs.writeFileSync(file('env'), Object.keys(process.env).join());fs.writeFileSync(file('up'), '');${RUNS_ON}`,
        { env: { ONLY: 'this' }, ready: untilFile('up') },
      ),
    );
    expect(readFileSync(at('env'), 'utf8')).toBe('ONLY');
  });
});

describe('a stop', () => {
  test('ends children in reverse order, one after the other', async () => {
    for (const name of ['one', 'two', 'three']) {
      const onStop = `process.on('SIGTERM', () => setTimeout(() => { fs.appendFileSync(file('ends'), '${name}\\n'); process.exit(0); }, 100));fs.writeFileSync(file('${name}'), '');`;
      await supervisor.start(child(name, `${onStop}${RUNS_ON}`, { ready: untilFile(name) }));
    }
    await supervisor.stop(5000);
    expect(lines('ends')).toEqual(['three', 'two', 'one']);
  });

  test('kills a child that does not end, with what it started', async () => {
    const deaf = `require('node:child_process').spawn(process.execPath, ['-e', "process.on('SIGTERM', () => {});require('node:fs').appendFileSync('${folder}/pids', process.pid + '\\\\n');setInterval(() => {}, 1000)"]);process.on('SIGTERM', () => {});`;
    await supervisor.start(child('deaf', `${deaf}${RUNS_ON}`, { graceMs: 200 }));
    await until(() => lines('pids').length === 2);
    await supervisor.stop(5000);
    await until(() =>
      lines('pids').every(
        (pid) => !existsSync(`/proc/${pid}`) || readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z '),
      ),
    );
  });

  test('during a restart leaves nothing behind', async () => {
    await supervisor.start(child('one', `fs.writeFileSync(file('up'), '');${RUNS_ON}`, { ready: untilFile('up') }));
    await until(() => lines('pids').length === 1);
    killFirst();
    await until(() => said.length === 1);
    await supervisor.stop(3000);
    expect(survivors(at('children.json'))).toEqual([]);
    writeFileSync(at('over'), '');
    expect(lines('pids').every((pid) => !existsSync(`/proc/${pid}`))).toBe(true);
  });
});
