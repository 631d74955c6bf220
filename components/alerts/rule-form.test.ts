import { expect, test } from 'vitest';
import { matchersOf } from './alert-acts.ts';
import { ruleFrom } from './rule-form.tsx';

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
