import { expect, test } from 'vitest';
import type { RulePreview } from '@/server/model/alert-wire.ts';
import { matchersOf } from './alert-acts.ts';
import { tryWords } from './delivery-log.tsx';
import { previewWords, ruleFrom } from './rule-form.tsx';

const form = (values: Record<string, string>) => {
  const data = new FormData();
  for (const [name, value] of Object.entries(values)) data.set(name, value);
  return data;
};

test('what a form says becomes a rule: empty fields are not said, numbers are numbers, durations stay as written', () => {
  const said = ruleFrom(
    form({ name: ' a ', watch: 'dead_letter_depth', threshold: '100', for: '', receivers: 'x, ,y', severity: 'info' }),
    null,
  );
  expect(JSON.parse(JSON.stringify(said))).toEqual({
    ...{ name: 'a', watch: 'dead_letter_depth', threshold: 100, severity: 'info', receivers: ['x', 'y'] },
  });
  expect(ruleFrom(form({ watch: 'dead_letter_age', threshold: '24h' }), null).threshold).toBe('24h');
  expect(ruleFrom(form({ watch: 'latency', threshold: 'abc' }), null).threshold).toBe('abc');
});

test('what the form has no field for stays as it was', () => {
  const former = { name: 'a', watch: 'latency', labels: { team: 'x' }, enabled: false } as const;
  expect(ruleFrom(form({ watch: 'latency' }), former)).toMatchObject({
    name: 'a',
    labels: { team: 'x' },
    enabled: false,
  });
});

test('a silence of one alert matches its rule and everything it was found at', () => {
  const labels = { alertname: 'r', severity: 'critical', owner: 'o', queue: 'x.dlq' };
  expect(matchersOf({ rule: 'r', labels })).toEqual([
    { label: 'alertname', operator: '=', value: 'r' },
    { label: 'queue', operator: '=', value: 'x.dlq' },
  ]);
});

test('a preview says how often, from what, and what may be meant otherwise', () => {
  const preview: RulePreview = {
    ...{ as_of: '', coverage: { stored_share: 1, holes: 0, lower_bound: false }, from: '', to: '', step_s: 60 },
    ...{ rule: { name: 'a', watch: 'latency' }, threshold: { value: null, unit: 'ms' }, basis: 'From sums by minute' },
    ...{
      has_history: true,
      series: [],
      more_series: false,
      firings: [],
      firing_count: 1,
      warnings: ['Nobody saw `x`'],
    },
  };
  expect(previewWords(preview)).toBe('Fires 1 time in 24 h. From sums by minute. Nobody saw `x`.');
  expect(previewWords({ ...preview, has_history: false, warnings: [] })).toBe('Fires now: yes. From sums by minute.');
});

test('a try says what was answered and how soon, or how it ended', () => {
  const attempt = { number: 1, at: '', latency_ms: 184, outcome: 'delivered', status: 200, sentence: '' } as const;
  expect(tryWords({ ...attempt, excerpt: null, next_try_at: null })).toBe('200 184 ms');
  expect(
    tryWords({ ...attempt, excerpt: null, next_try_at: null, outcome: 'lost', status: null, latency_ms: null }),
  ).toBe('lost');
});
