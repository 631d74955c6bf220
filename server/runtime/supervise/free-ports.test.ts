import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isPortFree, rememberedPorts } from './free-ports.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'runtime-ports-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('ports differ, and are the same at the next start', async () => {
  const file = path.join(folder, 'ports.json');
  const first = await rememberedPorts(file, ['postgres', 'broker', 'controller']);
  expect(new Set(Object.values(first)).size).toBe(3);
  expect(await rememberedPorts(file, ['postgres', 'broker', 'controller'])).toEqual(first);
});

test('one that was taken meanwhile is replaced', async () => {
  const file = path.join(folder, 'ports.json');
  const { postgres } = await rememberedPorts(file, ['postgres']);
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(postgres, '127.0.0.1', resolve));
  expect(await isPortFree(postgres)).toBe(false);
  expect((await rememberedPorts(file, ['postgres'])).postgres).not.toBe(postgres);
  await new Promise((resolve) => other.close(resolve));
});
