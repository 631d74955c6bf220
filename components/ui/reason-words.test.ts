import { expect, test } from 'vitest';
import { REASONS, type Reason } from '@/server/model/reason.ts';
import { REASON_SENTENCES, REASON_WORDS, reasonGroup } from './reason-words.ts';

const reasons = Object.keys(REASONS) as Reason[];

test('every reason has words that fit a row, no two the same, and a whole sentence', () => {
  expect(new Set(reasons.map((reason) => REASON_WORDS[reason])).size).toBe(reasons.length);
  for (const reason of reasons) {
    expect(REASON_WORDS[reason].length, reason).toBeLessThanOrEqual(32);
    expect(REASON_SENTENCES[reason], reason).toMatch(/^[A-Z].+\.$/);
  }
});

test('plain text belongs to no trace, a broken schema could not be read, telemetry stands apart', () => {
  expect(['plain text', 'schema mismatch', 'telemetry'].map((reason) => reasonGroup(reason as Reason))).toEqual([
    'uncorrelated',
    'undecodable',
    'telemetry',
  ]);
});
