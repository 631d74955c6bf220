import { describe, expect, it } from 'vitest';
import type { DriftList, DriftWire } from '@/server/model/drift-wire.ts';
import { changeWords, driftPath, driftsOf, driftVerdict, eventHref, sideShare, sideWords } from './drift-words.ts';

const DRIFT: DriftWire = {
  ...{ event_type: 'order.paid', path: '/sum', kind: 'changed type', sentence: '', since: '2026-03-01T12:00:00Z' },
  before: { events: 1200, present: 1200, types: ['integer', 'null'] },
  now: { events: 40, present: 40, types: ['string'] },
  ...{ services: ['shop'], samples: { before: null, now: null } },
};

const LIST: DriftList = {
  ...{ as_of: '', coverage: { stored_share: 1, holes: 0, lower_bound: false }, from: '', to: '', learned_from: '' },
  ...{ drifts: [], more: false, event_types: { sampled: 5, judged: 4 }, sampled_events: '1234' },
};

describe('drift in words', () => {
  it('says what became of a field', () => {
    expect(changeWords(DRIFT)).toBe('integer or null → string');
    expect(changeWords({ ...DRIFT, kind: 'appeared' })).toBe('appeared, as string');
    expect(changeWords({ ...DRIFT, kind: 'vanished' })).toBe('vanished, was integer or null');
    expect(changeWords({ ...DRIFT, kind: 'became optional' })).toBe('became optional');
  });

  it('says in how many events it was', () => {
    expect(sideWords(DRIFT.before)).toBe('all of 1,200');
    expect(sideWords({ events: 40, present: 0, types: [] })).toBe('none of 40');
    expect(sideWords({ events: 40, present: 10, types: [] })).toBe('10 of 40');
    expect(sideShare({ events: 40, present: 10, types: [] })).toBe('25.0 % of the events that could carry it');
    expect([sideWords, sideShare].map((words) => words({ events: 0, present: 0, types: [] }))).toEqual([
      'no event',
      'No event could carry it',
    ]);
  });

  it('sums up a list, and says what that rests on', () => {
    expect(driftVerdict(LIST)).toEqual({
      mark: 'flowing',
      sentence: 'Events carry what they carried before',
      rest: '4 of 5 event types had enough events before and after to tell, by a sample of 1,234 events.',
    });
    expect(driftVerdict({ ...LIST, event_types: { sampled: 5, judged: 0 } })).toMatchObject({ mark: 'unknown' });
    expect(driftVerdict({ ...LIST, drifts: [DRIFT] }).sentence).toBe('1 field of 1 event type differs from before');
    const two = [DRIFT, { ...DRIFT, path: '/other' }];
    expect(driftVerdict({ ...LIST, drifts: two }).sentence).toBe('2 fields of 1 event type differ from before');
    expect(driftVerdict({ ...LIST, drifts: two, more: true }).sentence).toMatch(/^More than 2 fields/);
  });

  it('filters by type, field, kind and service, and leads to an event', () => {
    expect(driftsOf([DRIFT], 'SHOP sum type')).toEqual([DRIFT]);
    expect(driftsOf([DRIFT], 'billing')).toEqual([]);
    expect(eventHref('a/b/or.ders~2/3/17')).toBe('/topics?tab=events&topic=or.ders&sel=a%2Fb%2For.ders%7E2%2F3%2F17');
    expect(eventHref('nonsense')).toBeNull();
    expect(driftPath({ fromMs: 0, toMs: 60_000 })).toBe(
      '/api/v1/drift?from=1970-01-01T00%3A00%3A00.000Z&to=1970-01-01T00%3A01%3A00.000Z',
    );
  });
});
