import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { build } from 'esbuild';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stopSurvivors, survivors } from './child-record.ts';
import { identifyProcess, isRunning } from './process-identity.ts';
import { writeAtomically } from './write-atomically.ts';

let folder: string;
let running: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'runtime-killed-'));
  running = [];
});

afterEach(async () => {
  for (const child of running) child.kill('SIGKILL');
  await stopSurvivors(at('children.json'), 100, () => undefined);
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string): string => path.join(folder, name);

async function until(what: () => boolean): Promise<void> {
  for (let tries = 0; !what(); tries++) {
    if (tries > 400) throw new Error('did not happen in 8 s');
    await wait(20);
  }
}

/** Bundles a small program of our own modules and runs it. */
async function run(name: string, source: string): Promise<ChildProcess> {
  const outfile = at(`${name}.mjs`);
  await build({
    stdin: { contents: source, resolveDir: import.meta.dirname, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  const child = spawn(process.execPath, [outfile], { stdio: 'ignore' });
  running.push(child);
  return child;
}

async function ourChild(name: string): Promise<void> {
  await build({
    stdin: {
      contents: `
        import { endWithParent } from './end-with-parent.ts';
        import { writeFileSync } from 'node:fs';
        const timer = setInterval(() => console.log('alive'), 5);
        endWithParent(async () => { clearInterval(timer); writeFileSync(${JSON.stringify(at(`${name}-ended`))}, ''); });
        writeFileSync(${JSON.stringify(at(`${name}-up`))}, '');`,
      resolveDir: import.meta.dirname,
      loader: 'ts',
    },
    outfile: at(`${name}.mjs`),
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
}

test('after kill -9 of the supervisor our own children end by themselves, in order', async () => {
  await ourChild('tap');
  const supervisor = await run(
    'supervisor',
    `
    import { createSupervisor } from './create-supervisor.ts';
    const supervisor = createSupervisor({ recordFile: ${JSON.stringify(at('children.json'))}, logDir: ${JSON.stringify(folder)}, say: () => {} });
    await supervisor.start({ name: 'tap', command: process.execPath, args: [${JSON.stringify(at('tap.mjs'))}], env: {}, ours: true, stopSignal: 'SIGTERM', graceMs: 2000, readyWithinMs: 5000 });
  `,
  );
  await until(() => existsSync(at('tap-up')) && survivors(at('children.json')).length === 1);
  const [child] = survivors(at('children.json'));
  supervisor.kill('SIGKILL');
  await until(() => child !== undefined && !isRunning(child));
  expect(existsSync(at('tap-ended'))).toBe(true);
});

test('the next start stops what outlived it, by pid and start time', async () => {
  const stubborn = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`;
  const supervisor = await run(
    'supervisor',
    `
    import { createSupervisor } from './create-supervisor.ts';
    const supervisor = createSupervisor({ recordFile: ${JSON.stringify(at('children.json'))}, logDir: ${JSON.stringify(folder)}, say: () => {} });
    await supervisor.start({ name: 'kafka', command: process.execPath, args: ['-e', ${JSON.stringify(stubborn)}], env: {}, stopSignal: 'SIGTERM', graceMs: 2000, readyWithinMs: 5000 });
  `,
  );
  await until(() => survivors(at('children.json')).length === 1);
  supervisor.kill('SIGKILL');
  const [orphan] = survivors(at('children.json'));
  const said: string[] = [];
  await stopSurvivors(at('children.json'), 300, (line) => said.push(line));
  expect(orphan !== undefined && isRunning(orphan)).toBe(false);
  expect(said).toEqual([`Stopping kafka (process ${orphan?.pid}), left over from a start that was killed.`]);
  expect(existsSync(at('children.json'))).toBe(false);
});

test('a stranger that got the pid of a former child is left alone', async () => {
  const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  running.push(stranger);
  const identity = identifyProcess(stranger.pid ?? 0);
  writeAtomically(
    at('children.json'),
    JSON.stringify([{ name: 'tap', pid: stranger.pid, started: 'another life', stopSignal: 'SIGTERM' }]),
  );
  await stopSurvivors(at('children.json'), 300, () => undefined);
  expect(identity !== null && isRunning(identity)).toBe(true);
  expect(readFileSync(`/proc/${stranger.pid}/stat`, 'utf8')).not.toContain(') Z ');
});
