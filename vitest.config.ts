import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { findJava } from './scripts/prerequisites.mjs';

/** What a test needs is the word before `.test.ts`; without one it needs nothing. */
const NEEDS = ['pg', 'kafka', 'stack'] as const;
const FOLDERS = '{app,components,server,otel,demo,e2e,bench,scripts}';
const HEAVY = NEEDS.map((need) => `**/*.${need}.test.ts`);

const POSTGRES = './e2e/support/postgres.setup.ts';
const KAFKA = './e2e/support/kafka.setup.ts';

/** Without Java the Kafka tests are a loud skip on a developer's machine; where CI promises them, their setup fails. */
const skipKafka = findJava() === null && !process.env.CI;
if (skipKafka) console.warn('\nSKIPPED: tests that need Kafka. It needs Java 17 or newer, and there is none.\n');

export default defineConfig({
  resolve: { alias: [{ find: /^@\//, replacement: fileURLToPath(new URL('./', import.meta.url)) }] },
  test: {
    passWithNoTests: skipKafka,
    projects: [
      {
        extends: true,
        test: {
          name: 'pure',
          include: [`${FOLDERS}/**/*.test.{ts,tsx}`],
          exclude: [...HEAVY, '**/node_modules/**'],
          // Files that need nothing have nothing to keep apart; loading modules once halves the time.
          isolate: false,
          // Some of them wait for processes of their own: more files at once than cores.
          maxWorkers: 4,
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'pg',
          include: [`${FOLDERS}/**/*.pg.test.ts`],
          globalSetup: [POSTGRES],
          // Each has a database of its own; loading the modules once for many files halves the time.
          isolate: false,
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'kafka',
          include: skipKafka ? [] : [`${FOLDERS}/**/*.kafka.test.ts`],
          globalSetup: [POSTGRES, KAFKA],
          // They share a broker, each with topics and groups of its own, and mostly wait for it.
          isolate: false,
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'stack',
          include: skipKafka ? [] : [`${FOLDERS}/**/*.stack.test.ts`],
          globalSetup: [POSTGRES, KAFKA],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
