import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { findJava, parseJavaVersion } from './find-java.ts';

test.each([
  ['openjdk version "17.0.15" 2025-04-15', 17],
  ['java version "1.8.0_402"', 8],
  ['openjdk version "21" 2023-09-19', 21],
  ['openjdk version "25-ea" 2025-09-16', 25],
  ['No Java runtime present, requesting install.', null],
])('%s is Java %s', (printed, version) => {
  expect(parseJavaVersion(printed)).toBe(version);
});

test('a Java that is too old is passed over for one that is not', async () => {
  const folders = await Promise.all([11, 21].map((version) => fakeJava(version)));
  expect(await findJava({ path: folders.join(path.delimiter) })).toEqual({
    command: path.join(folders[1] ?? '', 'java'),
    version: 21,
  });
  expect(await findJava({ path: folders[0] })).toBeNull();
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true })));
});

async function fakeJava(version: number): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'throughline-java-'));
  const file = path.join(folder, 'java');
  await writeFile(file, `#!/bin/sh\necho 'openjdk version "${version}.0.1"' >&2\n`);
  await chmod(file, 0o755);
  return folder;
}
