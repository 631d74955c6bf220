import { expect, test } from 'vitest';
import { readStartOptions } from './start-options.ts';

const read = (...args: string[]) => readStartOptions(args, (given) => `/here/${given}`);

test('without options the demo runs where Kafka is embedded', () => {
  expect(read()).toEqual({ ok: true, options: { demo: null, without: [], demoArgs: [] } });
});

test('options of the demo are passed on, names of processes apart, files as whole paths', () => {
  expect(
    read('--demo', '--without', 'ask', '--without=persist', '--poison', '--truth', 'truth.jsonl', '--wrong-producer'),
  ).toEqual({
    ok: true,
    options: {
      demo: true,
      without: ['ask', 'persist'],
      demoArgs: ['--poison', '--truth', '/here/truth.jsonl', '--wrong-producer'],
    },
  });
});

test.each([
  [['--with-out', 'ask'], 'Did you mean --without?'],
  [['--no-demos'], 'Did you mean --no-demo?'],
  [['verbose'], 'is no option of npm start'],
  [['--without'], '--without needs a value.'],
  [['--without', 'nobody'], 'they are ask, answer, persist.'],
  [['--demo', '--no-demo'], 'exclude each other'],
])('%j is refused with the remedy', (args, message) => {
  const result = read(...args);
  expect(result.ok ? '' : result.problems.join('\n')).toContain(message);
});
