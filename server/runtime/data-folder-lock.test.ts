import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockDataFolder } from './data-folder-lock.ts';
import { identifyProcess } from './supervise/process-identity.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'runtime-lock-'));
  file = path.join(folder, 'lock');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the first takes it, the second learns who has it and where, and a release frees it', () => {
  const first = lockDataFolder(file, 'http://127.0.0.1:3000');
  expect(first.ok).toBe(true);
  expect(lockDataFolder(file, 'http://127.0.0.1:3001')).toMatchObject({
    ok: false,
    holder: { pid: process.pid, address: 'http://127.0.0.1:3000' },
  });
  if (first.ok) first.lock.release();
  expect(existsSync(file)).toBe(false);
});

test('the lock of a process that is gone is taken over', async () => {
  const gone = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(gone, 'spawn');
  writeFileSync(file, JSON.stringify({ ...identifyProcess(gone.pid ?? 0), address: 'x' }));
  expect(lockDataFolder(file, 'y')).toMatchObject({ ok: false, holder: { pid: gone.pid } });
  gone.kill('SIGKILL');
  await once(gone, 'exit');
  expect(lockDataFolder(file, 'y').ok).toBe(true);
  expect(readFileSync(file, 'utf8')).toContain(`"pid":${process.pid}`);
});

test('so is one whose pid now belongs to another process, and one that is torn', () => {
  writeFileSync(file, JSON.stringify({ pid: process.pid, started: 'before', address: 'x' }));
  const first = lockDataFolder(file, 'y');
  expect(first.ok).toBe(true);
  writeFileSync(file, '{"pid"');
  expect(lockDataFolder(file, 'y').ok).toBe(true);
});
