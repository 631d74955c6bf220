import { describe, expect, it } from 'vitest';
import type { ScenarioRecord } from './scenarios.ts';
import { scoreInference } from './score.ts';

const record = (body: string, causeBody: string | null, at: number, service: string): ScenarioRecord => ({
  topic: `topic of ${service}`,
  type: `type of ${body}`,
  service,
  correlationId: 'c',
  eventId: body,
  occurredMs: at,
  recordedMs: at,
  body,
  causeBody,
});
const score = (records: readonly ScenarioRecord[]) =>
  scoreInference({ name: '', records, groups: [] }, 'order alone', []);

describe('the score of inference', () => {
  it('counts true parents among those inferred, and those found among the true ones', () => {
    const records = [
      record('a', null, 0, 's'),
      record('b', 'a', 1, 't'),
      record('c', 'a', 2, 'u'),
      record('another root', null, 3, 'v'),
    ];
    expect(score(records)).toEqual({ precision: 1 / 3, recall: 1 / 2, inferred: 3, truly: 2 });
  });

  it('takes any copy of a cause for the cause, and does not score copies that were taken out', () => {
    const [a, b] = [record('a', null, 0, 's'), record('b', 'a', 1, 't')];
    expect(score([{ ...a, recordedMs: 9 }, b, a, b])).toEqual({ precision: 1, recall: 1, inferred: 1, truly: 1 });
  });
});
