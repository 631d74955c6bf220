import { describe, expect, test } from 'vitest';
import { findImpurities } from './check-purity.mjs';

const breaches = (file: string, text: string): string[] => findImpurities(file, text).map(({ what }) => what);

describe('a pure folder', () => {
  test.each([
    ['the clock', 'export const now = Date.now();'],
    ['the clock by a new date', 'export const now = new Date();'],
    ['the clock as text', 'export const now = Date();'],
    ['the clock handed on', 'export const clock = { now: Date.now };'],
    ['the precise clock', 'export const now = performance.now();'],
    ['chance', 'export const chance = Math.random();'],
    ['an id out of nothing', 'export const id = crypto.randomUUID();'],
    ['an id by import', "import { randomUUID } from 'node:crypto';"],
    ['a timer', 'setTimeout(() => undefined, 10);'],
    ['the network', "await fetch('http://127.0.0.1');"],
    ['the environment', 'export const home = process.env.HOME;'],
  ])('may not take %s', (_what, text) => {
    expect(breaches('server/stitch/planted.ts', text)).toHaveLength(1);
  });

  test('may compute with what it is given', () => {
    const text = `
      import { createHash } from 'node:crypto';
      // Date.now() in a comment, 'Math.random()' in a text
      export const at = (ms: number, source: { fetch(): string }) => new Date(ms).toISOString() + source.fetch() + 'Date.now()';
      export const hash = (text: string) => createHash('sha256').update(text).digest();
    `;
    expect(breaches('server/stitch/fine.ts', text)).toEqual([]);
  });

  test('may be tested with chance and a clock', () => {
    expect(breaches('server/stitch/stitch.property.test.ts', 'const seed = Math.random() + Date.now();')).toEqual([]);
  });
});

describe('the environment', () => {
  test.each([
    'export const port = process.env.PORT;',
    "export const port = process['env'].PORT;",
    'const { env } = process;',
    "import { env } from 'node:process';",
  ])('is not read outside of server/config: %s', (text) => {
    expect(breaches('server/store/planted.ts', text)).toHaveLength(1);
    expect(breaches('app/page.tsx', text)).toHaveLength(1);
  });

  test('is read in server/config, by the demo and by tools', () => {
    for (const file of [
      'server/config/read.ts',
      'demo/ask.ts',
      'otel/register.ts',
      'e2e/support/x.ts',
      'vitest.config.ts',
    ]) {
      expect(breaches(file, 'export const port = process.env.PORT;')).toEqual([]);
    }
  });

  test('a breach names its line', () => {
    expect(findImpurities('server/live/planted.ts', '\n\nconst a = process.env;')).toEqual([
      { line: 3, what: 'process.env outside of server/config' },
    ]);
  });
});
