import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { projectRoot } from '../server/config/project-root.ts';

/** What is imported, from where, and the rule that must say no. One line at least for each row of the import table. */
const MISTAKES = [
  ['server/model', 'server/ports', 'model'],
  ['server/ports', 'server/store', 'ports'],
  ['server/config', 'server/ports', 'config'],
  ['server/decode', 'server/stitch', 'decode'],
  ['server/envelope', 'server/decode', 'envelope'],
  ['server/mask', 'server/ports', 'mask'],
  ['server/schema', 'server/envelope', 'schema'],
  ['server/stitch', 'server/measure', 'stitch'],
  ['server/measure', 'otel', 'measure'],
  ['server/pipeline', 'server/ports', 'pipeline'],
  ['server/source', 'server/store', 'source'],
  ['server/store', 'server/ingest', 'store'],
  ['server/live', 'server/store', 'live'],
  ['server/jobs', 'server/settle', 'jobs'],
  ['server/ingest', 'server/store', 'ingest'],
  ['server/settle', 'server/ingest', 'settle'],
  ['server/watch', 'server/source', 'watch'],
  ['server/alerts', 'server/watch', 'alerts'],
  ['server/api', 'server/store', 'api'],
  ['server/runtime', 'components', 'runtime'],
  ['server/main', 'demo', 'main'],
  ['components', 'server/runtime', 'components'],
  ['app', 'server/store', 'app'],
  ['otel', 'server/runtime', 'otel'],
  ['demo', 'server/model', 'demo'],
  ['server/decode', 'node:fs', 'pure-has-no-effects'],
  ['server/envelope', 'node:timers/promises', 'pure-has-no-effects'],
  ['server/mask', 'http', 'pure-has-no-effects'],
  ['server/schema', 'node:net', 'pure-has-no-effects'],
  ['server/stitch', 'pg', 'pure-has-no-effects'],
  ['server/measure', 'kafkajs', 'pure-has-no-effects'],
  ['server/model', 'node:fs/promises', 'pure-has-no-effects'],
  ['app', 'kafkajs', 'web-without-kafka'],
  ['components', 'kafkajs', 'web-without-kafka'],
  ['server/store', 'e2e', 'store'],
  ['server/misc', 'server/model', 'part-without-a-row'],
] as const;

const answer = z.object({
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

let skeleton = '';
let violations: { from: string; to: string; rule: string }[] = [];

beforeAll(async () => {
  skeleton = mkdtempSync(path.join(tmpdir(), 'throughline-import-rules-'));
  for (const name of ['.dependency-cruiser.mjs', 'tsconfig.json'])
    cpSync(path.join(projectRoot(), name), path.join(skeleton, name));
  for (const name of ['kafkajs', 'pg']) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }));
    write(`node_modules/${name}/index.js`, '');
  }
  const named = [...MISTAKES.map(([from]) => from), ...MISTAKES.map(([, to]) => to)];
  const parts = new Set<string>(named.filter((name) => /^server\/|^(app|components|otel|demo|e2e)$/.test(name)));
  for (const part of parts) write(`${part}/fine.ts`, 'export const fine = 1;');
  for (const [index, [from, to]] of MISTAKES.entries())
    plant(`${from}/mistake-${index}.ts`, parts.has(to) ? `${to}/fine.ts` : to);
  plant('server/stitch/types-count-too.ts', 'server/envelope/fine.ts', 'import type { Fine } from');
  plant('server/stitch/later-counts-too.ts', 'server/envelope/fine.ts', 'export const later = () => import(');
  plant('server/store/turn.ts', 'server/store/turn-back.ts');
  plant('server/store/turn-back.ts', 'server/store/turn.ts');
  plant('server/runtime/web.ts', 'server/runtime/passes-on.ts');
  plant('server/runtime/passes-on.ts', 'kafkajs');
  plant('server/main/web.ts', 'server/runtime/passes-on.ts');
  plant('server/store/uses-a-test.ts', 'server/store/fine.test.ts');
  plant('server/store/fine.test.ts', 'server/ingest/fine.ts');
  plant('server/store/twins.contract.ts', 'server/ingest/fine.ts');
  plant('server/ingest/fine-too.ts', 'server/pipeline/fine.ts');
  plant('server/main/tap.ts', 'kafkajs');
  violations = await cruise();
}, 60_000);
afterAll(() => rmSync(skeleton, { recursive: true, force: true }));

test.each(MISTAKES.map((mistake, index) => [...mistake, index] as const))(
  '%s → %s breaks the rule "%s"',
  (from, _to, rule, index) => {
    expect(rulesBrokenBy(`${from}/mistake-${index}.ts`)).toContain(rule);
  },
);

test('an import of types or at a later time is an import', () => {
  expect(rulesBrokenBy('server/stitch/types-count-too.ts')).toEqual(['stitch']);
  expect(rulesBrokenBy('server/stitch/later-counts-too.ts')).toEqual(['stitch']);
});

test('a cycle is reported', () => {
  expect([...rulesBrokenBy('server/store/turn.ts'), ...rulesBrokenBy('server/store/turn-back.ts')]).toContain(
    'no-cycle',
  );
});

test('the web process reaches the Kafka client by no way, the tap may', () => {
  expect(rulesBrokenBy('server/runtime/web.ts')).toEqual(['web-without-kafka']);
  expect(rulesBrokenBy('server/main/web.ts')).toEqual(['web-without-kafka']);
  expect(rulesBrokenBy('server/main/tap.ts')).toEqual([]);
});

test('tests and contracts may import anything, and nothing shipped imports them', () => {
  expect(rulesBrokenBy('server/store/fine.test.ts')).toEqual([]);
  expect(rulesBrokenBy('server/store/twins.contract.ts')).toEqual([]);
  expect(rulesBrokenBy('server/store/uses-a-test.ts')).toEqual(['product-without-tests']);
});

test('what the table allows is not reported', () => {
  expect(violations.filter(({ from }) => from.includes('fine'))).toEqual([]);
});

function write(file: string, text: string): void {
  mkdirSync(path.join(skeleton, path.dirname(file)), { recursive: true });
  writeFileSync(path.join(skeleton, file), text);
}

function plant(file: string, target: string, how = 'import'): void {
  const specifier = /\.tsx?$/.test(target)
    ? path.posix.relative(path.posix.dirname(file), target).replace(/^(?!\.)/, './')
    : target;
  write(file, `${how} '${specifier}'${how.endsWith('(') ? ')' : ''};\n`);
}

function rulesBrokenBy(file: string): string[] {
  return violations.filter(({ from }) => from === file).map(({ rule }) => rule);
}

function cruise(): Promise<typeof violations> {
  const command = path.join(projectRoot(), 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [
    command,
    '--config',
    '.dependency-cruiser.mjs',
    '--output-type',
    'json',
    'app',
    'components',
    'demo',
    'otel',
    'server',
  ];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: skeleton, maxBuffer: 16 << 20 }, (error, stdout) => {
      if (stdout === '') return reject(error);
      const { summary } = answer.parse(JSON.parse(stdout));
      resolve(summary.violations.map(({ from, to, rule }) => ({ from, to, rule: rule.name })));
    });
  });
}
