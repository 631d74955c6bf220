import { expect, test } from 'vitest';
import type { StallGroup, StallPair } from '@/server/model/stall-wire.ts';
import { inWords } from './sentence-words.ts';
import { stopDetail, stopSentence } from './stall-words.ts';

const nowMs = Date.parse('2025-10-18T03:12:40Z');
const group: StallGroup = {
  ...{ group: 'archon.assess.v1', state: 'silent', of_service: true, members: 0, lag: '14', lag_s: 372 },
};
const pair: StallPair = {
  ...{ since: '2025-10-18T03:06:28Z', due_at: '2025-10-18T03:06:33Z', newest_since: '2025-10-18T03:12:20Z' },
  step: { event_type: 'METADATA_STAMP_CREATED', topic: 'metadata-stamps', id: null },
  missing: { event_type: 'CODE_ASSESSMENT_COMPLETED', service: 'archon-intelligence' },
  basis: { kind: 'declared', flow: 'Code generation', traces: 40, followed: 40, typical_ms: 700, p95_ms: 1900 },
  groups: [group],
  whose: {
    service: 'archon-intelligence',
    system: 'omniarchon',
    owner: { team: 'intelligence', contact: '#intelligence', run_book: null },
  },
  count: 14,
  oldest: { correlation_id: 'a', trace_key: '0'.repeat(32) },
};
const say = (more: Partial<StallPair>, all = false) => inWords(stopDetail({ ...pair, ...more }, { more: all }, nowMs));

test('a stop is said with its flow, what waits, for whom, since when, the silent group and whom to call', () => {
  expect(inWords(stopSentence(pair))).toBe('Code generation stops after METADATA_STAMP_CREATED');
  expect(say({})).toBe(
    '14 traces wait for CODE_ASSESSMENT_COMPLETED by archon-intelligence, the oldest for 6 min 12 s, since 03:06:28. ' +
      'Its group archon.assess.v1 has no members, 14 records behind. Its owner is intelligence, #intelligence.',
  );
});

test('a stop that is only learned has no flow, and one trace is one', () => {
  const learned = { ...pair.basis, kind: 'learned', flow: null } as const;
  expect(inWords(stopSentence({ ...pair, basis: learned }))).toBe('Traces stop after METADATA_STAMP_CREATED');
  expect(say({ count: 1 })).toMatch(/^1 trace waits for /);
  expect(say({}, true)).toMatch(/^≥ 14 traces /);
});

test('that nobody owns it, and that nobody reads it, is said', () => {
  const nobody = { service: 'archon-intelligence', system: null, owner: null };
  expect(say({ whose: nobody, groups: [] })).toMatch(
    /No group reads metadata-stamps\. archon-intelligence has no owner\.$/,
  );
  expect(say({ whose: { ...nobody, service: null } })).toMatch(/metadata-stamps has no owner\.$/);
  expect(say({ groups: [{ ...group, of_service: false }] })).toMatch(
    /No group of that name reads metadata-stamps; 1 other group do/,
  );
});

test.each([
  [{ state: 'absent', members: null, lag: null }, 'was never seen'],
  [{ state: 'silent', lag: '0' }, 'has no members'],
  [{ state: 'active', members: 2, lag: '1' }, 'has 2 members, 1 record behind'],
  [{ state: 'active', members: 1, lag: '0' }, 'has 1 member and has read everything'],
  [{ state: 'unknown', members: null }, 'cannot be described'],
] as const)('a group that is %o %s', (more, words) => {
  expect(say({ groups: [{ ...group, ...more }] })).toContain(`archon.assess.v1 ${words}.`);
});
