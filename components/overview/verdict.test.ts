import { expect, test } from 'vitest';
import type { StallPair } from '@/server/model/stall-wire.ts';
import type { Pulse } from '@/server/model/wire.ts';
import { inWords } from './sentence-words.ts';
import { type VerdictFacts, verdict } from './verdict.ts';

const nowMs = Date.parse('2025-10-18T03:12:40Z');
const pulse: Pulse = {
  as_of: '2025-10-18T03:12:40Z',
  cluster: { id: 'c', name: 'dev', source: 'kafka' },
  tap: {
    connected: true,
    message: null,
    since: '2025-10-18T03:00:00Z',
    up: 1,
    known: 1,
    lag: '0',
    behind_s: 0,
    backfill: null,
    unreadable: [],
  },
  settled: { to: '2025-10-18T03:12:38Z', waiting: 0 },
  stored_share: 1,
  holes: 0,
};
const totals = {
  stored: '153364',
  undecodable: '0',
  uncorrelated: '0',
  violating: '0',
  expired: '0',
  payload_expired: '0',
  damaged: '0',
  holes: [],
  topics: 1,
  partitions: 1,
  last_recorded_at: null,
};
const facts: VerdictFacts = {
  pulse,
  totals,
  newestMs: nowMs - 2000,
  partitions: 12,
  nowMs,
  recent: null,
  stalls: null,
  stale: false,
};
const say = (more: Partial<VerdictFacts>) => {
  const found = verdict({ ...facts, ...more });
  return [found.kind, inWords(found.sentence), inWords(found.detail)];
};

test('all is well: one sentence, and the figures it rests on', () => {
  expect(say({})).toEqual([
    'flowing',
    'Everything is read, events flow',
    '153,364 records stored from 12 partitions, the newest 2 s old, 0 left to read.',
  ]);
  const recent = { label: 'last 60 min', traces: 421, perMinute: 312 };
  expect(say({ recent })[2]).toMatch(/^421 traces began in the last 60 min, 312\/min events\. 153,364 records/);
  expect(say({ recent: { ...recent, perMinute: null } })[2]).toMatch(/^421 traces began in the last 60 min\. 153,364/);
});

test('a stop is the finding once our own data is current', () => {
  const pair: StallPair = {
    ...{ since: '2025-10-18T03:06:28Z', due_at: '2025-10-18T03:06:33Z', newest_since: '2025-10-18T03:12:20Z' },
    step: { event_type: 'asked', topic: 'asks', id: null },
    missing: { event_type: 'answered', service: null },
    basis: { kind: 'learned', flow: null, traces: 12, followed: 12, typical_ms: 1, p95_ms: 2 },
    ...{ groups: [], whose: { service: null, system: null, owner: null }, count: 3 },
    oldest: { correlation_id: 'a', trace_key: '0'.repeat(32) },
  };
  const list = { as_of: '', coverage: { stored_share: 1, holes: 0, lower_bound: false } };
  const stalls = { ...list, pairs: [pair], stalls: [], total: 3, more: false, tap_behind: 0, next_cursor: null };
  expect(say({ stalls }).slice(0, 2)).toEqual(['stalled', 'Traces stop after asked']);
  expect(say({ stalls, pulse: { ...pulse, tap: { ...pulse.tap, lag: '9', behind_s: 40 } } })[0]).toBe('behind');
  expect(say({ stalls, stale: true })[0]).toBe('stale');
  expect(say({ stalls: { ...stalls, pairs: [] } })[0]).toBe('flowing');
});

test('unread records of unknown age are not called read', () => {
  const tap = { ...pulse.tap, lag: '1200', behind_s: null };
  expect(say({ pulse: { ...pulse, tap } })).toEqual([
    'behind',
    '1,200 records are not read yet',
    'How old they are is not known yet; every count here is a lower bound.',
  ]);
});

test('an unreachable broker is named, and what is stored stays', () => {
  const tap = {
    ...pulse.tap,
    connected: false,
    message: 'kafka:9092 refuses the connection',
    since: '2025-10-18T03:11:02Z',
  };
  expect(say({ pulse: { ...pulse, tap, holes: 3 } })).toEqual([
    'not connected',
    'Not connected: kafka:9092 refuses the connection',
    'Since 03:11:02. 153,364 stored records stay readable.',
  ]);
});

test('what is wrong is the headline, and what to do about it stands below', () => {
  const message = 'kafka:9092 refused the sign-in of user "tap". Check KAFKA_SASL_PASSWORD. Trying again in 8 s.';
  const tap = { ...pulse.tap, connected: false, message };
  expect(say({ pulse: { ...pulse, tap } }).slice(1)).toEqual([
    'Not connected: kafka:9092 refused the sign-in of user "tap"',
    'Check KAFKA_SASL_PASSWORD. Trying again in 8 s. Since 03:00:00. 153,364 stored records stay readable.',
  ]);
});

test('no topic on a named cluster may be a missing right', () => {
  const empty = { totals: { ...totals, stored: '0' }, partitions: 0 };
  expect(say(empty)[2]).toMatch(/^No topic is visible yet\. .* grant the tap the ACL operations Describe and Read/);
  const embedded = { ...pulse, cluster: { id: 'c', name: 'dev', source: 'embedded' as const } };
  expect(say({ ...empty, pulse: embedded })[2]).toBe('No topic is visible yet.');
});

test('our own faults come before what the data says', () => {
  expect(say({ pulse: null })[0]).toBe('no answer');
  expect(say({ stale: true })[1]).toBe('No updates since 03:12:40');
  expect(say({ pulse: { ...pulse, tap: { ...pulse.tap, up: 0, connected: false } } })[0]).toBe('no tap');
  expect(say({ pulse: { ...pulse, holes: 2, tap: { ...pulse.tap, behind_s: 242, lag: '12304' } } })[1]).toBe(
    'The tap is 4 min 02 s behind',
  );
  expect(say({ pulse: { ...pulse, holes: 2 } })[1]).toBe('Totals are lower bounds: 2 holes');
  expect(
    say({ pulse: { ...pulse, tap: { ...pulse.tap, unreadable: [{ topic: 'x', reason: 'not authorised' }] } } })[2],
  ).toBe('x: not authorised');
  expect(say({ pulse: { ...pulse, settled: { to: '2025-10-18T03:10:40Z', waiting: 7 } } })[1]).toBe(
    'Stitching is 2 min 00 s behind',
  );
});

test('nothing stored yet is waiting, not a fault', () => {
  expect(say({ totals: { ...totals, stored: '0' }, newestMs: null })[1]).toBe(
    'Connected. Waiting for the first record',
  );
});

test('a silent cluster is quiet, not flowing; a recording is never quiet', () => {
  expect(say({ newestMs: nowMs - 400_000 })[1]).toBe('Quiet since 03:06:00');
  expect(
    say({ newestMs: nowMs - 400_000_000, pulse: { ...pulse, cluster: { id: 'r', name: 'r', source: 'replay' } } })[0],
  ).toBe('flowing');
});
