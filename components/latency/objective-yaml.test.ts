import { expect, test } from 'vitest';
import { readSettingsFile } from '@/server/config/settings-file.ts';
import { createObjectives } from '@/server/model/objectives.ts';
import { rowWith } from './latency.test-support.ts';
import { firstObjective, objectiveYaml } from './objective-yaml.ts';

test('an objective is written as the file has it, by what the row is of', () => {
  expect(objectiveYaml('hop', 'order.placed', 250)).toBe(
    'objectives:\n  hops:\n    - event_type: "order.placed"\n      p95: 250ms\n',
  );
  expect(objectiveYaml('flow', 'order.placed', 5000)).toContain(
    '  flows:\n    - starts_with: "order.placed"\n      p95: 5s',
  );
  expect(objectiveYaml('reply', 'asked', 120_000)).toContain('  replies:\n    - event_type: "asked"\n      p95: 2m');
  expect(objectiveYaml('hop', '', 250)).toBeNull();
});

test.each([
  'null',
  '1e3',
  'agent-actions/tool_call',
  '<img src=x onerror=alert(1)>',
  'a"b\\c: # - {d}',
  'line\nbreak\ttab\u0000',
  'turned\u202earound\u{e0001}',
  'half \ud800 a pair',
  '^(a+)+$|[b]*',
  'x'.repeat(300),
])('what is written for %j is read as an objective of that type', (type) => {
  for (const subject of ['hop', 'flow', 'reply'] as const) {
    const text = objectiveYaml(subject, type, 1500) ?? '';
    const { objectives, problems } = readSettingsFile(text, 'throughline.yaml');
    expect(problems).toEqual([]);
    expect(createObjectives(objectives).msOf(subject, type)).toBe(1500);
    expect(createObjectives(objectives).msOf(subject, `other ${type}`)).not.toBe(1500);
    expect(text).not.toMatch(/[\p{Cf}\p{Cs}]/u);
  }
});

test('it begins with the objective of the row, else with a round one above its p95', () => {
  expect(firstObjective(rowWith({ objective_ms: 1500 }))).toBe('1500ms');
  expect(firstObjective(rowWith({ objective_ms: null, p95_ms: 1100 }))).toBe('2s');
  expect(firstObjective(rowWith({ objective_ms: null, p95_ms: 0.2 }))).toBe('1ms');
  expect(firstObjective(rowWith({ objective_ms: null, p95_ms: null }))).toBe('');
});
