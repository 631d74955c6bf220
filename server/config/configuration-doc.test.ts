import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { configurationDoc } from './configuration-doc.ts';

test('docs/configuration.md is what the schemas say', async () => {
  const written = await readFile(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  expect(written, 'stale: run node scripts/write-configuration-doc.mjs').toBe(configurationDoc());
});
