import { describe, expect, it } from 'vitest';
import type { SchemaCoverage, SchemaList, SchemaName } from '@/server/model/violation-wire.ts';
import { coverageRows, coverageVerdict, shownRows, unseenSchemas } from './coverage-rows.ts';

const NOW = '2026-03-01T12:00:00.000000Z';
const named = (name: string, origin: SchemaName['origin'] = 'built in'): SchemaName => ({
  ...{ name, title: `About ${name}`, version: '1', origin },
});

function typeOf(event_type: string, change: Partial<SchemaCoverage> = {}): SchemaCoverage {
  return { event_type, schema: named('s.json'), seen: '10', ok: '10', violating: '0', unchecked: '0', ...change };
}

function listOf(event_types: readonly SchemaCoverage[], change: Partial<SchemaList> = {}): SchemaList {
  return {
    ...{ as_of: NOW, coverage: { stored_share: 1, holes: 0, lower_bound: false }, from: NOW, to: NOW },
    ...{ event_types, schemas: [{ ...named('s.json'), source: null, event_types: ['a'] }], broken: [] },
    ...{ other_schemas: { events: '0', unreachable: '0' }, job: null },
    ...change,
  };
}

const ROWS = [
  typeOf('fits'),
  typeOf('none', { schema: null, ok: '0', unchecked: '10' }),
  typeOf('much', { schema: null, seen: '99', ok: '0', unchecked: '99' }),
  typeOf('other version', { ok: '0', unchecked: '10' }),
  typeOf('wrong', { ok: '6', violating: '2', unchecked: '2' }),
];

describe('what is covered', () => {
  it('puts what breaks its schema first, then what has none, the most events before', () => {
    expect(coverageRows(listOf(ROWS)).map(({ event_type, state }) => `${event_type}: ${state}`)).toEqual([
      'wrong: violating',
      'much: no schema',
      'none: no schema',
      'other version: unchecked',
      'fits: fits',
    ]);
  });

  it('takes the valid share of what was checked alone', () => {
    const [wrong, , none] = coverageRows(listOf(ROWS));
    expect([wrong?.checkedShare, wrong?.validShare]).toEqual([0.8, 0.75]);
    expect([none?.checkedShare, none?.validShare]).toEqual([0, null]);
  });

  it('is narrowed to types without a schema, to those that break one, and by words', () => {
    const rows = coverageRows(listOf(ROWS));
    const names = (...asked: [Parameters<typeof shownRows>[1], string]) =>
      shownRows(rows, ...asked).map(({ event_type }) => event_type);
    expect(names('without', '')).toEqual(['much', 'none']);
    expect(names('violating', '')).toEqual(['wrong']);
    expect(names('all', 'VERSION about')).toEqual(['other version']);
  });

  it('names schemas of which no event was seen, whatever version a type carries', () => {
    const schemas = [
      { ...named('b.json'), source: null, event_types: ['order.paid'] },
      { ...named('a.json'), source: null, event_types: ['order.lost', 'ORDER_LOST'] },
      { ...named('envelope.json'), source: null, event_types: [] },
    ];
    const list = listOf([typeOf('order.paid.v2')], { schemas });
    expect(unseenSchemas(list).map(({ name }) => name)).toEqual(['a.json']);
  });
});

describe('the verdict', () => {
  it('names files that cannot be used before anything else', () => {
    const broken = [{ name: 'x.json', line: 3, reason: 'it is no JSON' }];
    expect(coverageVerdict(listOf(ROWS, { broken }))).toMatchObject({
      mark: 'stalled',
      sentence: '1 schema file cannot be used',
    });
  });

  it('counts types without a schema, and says what the figures rest on', () => {
    expect(coverageVerdict(listOf(ROWS))).toEqual({
      mark: 'unknown',
      sentence: '2 of 5 event types have no schema',
      rest: 'Checked 18 of 139 events, of which 88.8 % fit. 1 schema is in force, 0 of them yours.',
    });
  });

  it('is good only where every type seen has one, and says nothing of nothing', () => {
    expect(coverageVerdict(listOf([typeOf('a')])).sentence).toBe('Every event type seen has a schema');
    expect(coverageVerdict(listOf([])).mark).toBe('unknown');
  });
});
