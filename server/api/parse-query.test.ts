import { describe, expect, it } from 'vitest';
import { millis } from '../model/time.ts';
import type { Problem } from '../model/wire.ts';
import { parseQuery } from './parse-query.ts';
import { eventsQuery, rangeQuery, tracesQuery } from './queries.ts';
import { instants, wholeRange } from './time-range.ts';

const requestOf = (query: string) => new Request(`http://localhost/api/v1/traces?${query}`);

/** Faults of a query as `name reason`. */
async function faults(query: string): Promise<string[]> {
  const parsed = parseQuery(requestOf(query), tracesQuery);
  if (parsed.ok) return [];
  expect(parsed.refusal.headers.get('content-type')).toContain('application/problem+json');
  const body: Problem = await parsed.refusal.json();
  expect(body.status).toBe(400);
  return (body.errors ?? []).map(({ name, reason }) => `${name} ${reason}`);
}

describe('parseQuery', () => {
  it('reads what it knows', () => {
    const parsed = parseQuery(requestOf('q=a%2Fb&limit=200&min_duration_ms=0&status=done&from=-60m'), tracesQuery);
    expect(parsed.ok && parsed.query).toEqual({
      q: 'a/b',
      limit: 200,
      min_duration_ms: 0,
      status: 'done',
      from: { kind: 'ago', ms: 3_600_000 },
    });
  });

  it('takes an empty value for an absent one', () => {
    const parsed = parseQuery(requestOf('q=&limit='), tracesQuery);
    expect(parsed.ok && parsed.query).toEqual({});
  });

  it('names every parameter at fault at once', async () => {
    expect(await faults('limt=5&limit=0&status=odd&from=yesterday&q=a&q=b')).toEqual([
      'limt is not known here; did you mean limit?',
      'q is given more than once.',
      'status must be running or done or stalled or failed or unknown.',
      'from must be RFC 3339 with a zone (2026-01-31T12:00:00Z), relative (-60m, -24h, -7d) or now.',
      'limit must be a whole number from 1 to 200.',
    ]);
  });

  it.each(['0x10', '1e2', '-1', '1.5', '201', ' 5', '99999999999999999999'])('refuses limit=%s', async (limit) => {
    expect(await faults(`limit=${encodeURIComponent(limit)}`)).toHaveLength(1);
  });

  it.each(['__proto__', 'constructor', 'toString', '<script>'])('refuses a parameter named %s', async (name) => {
    expect(await faults(`${encodeURIComponent(name)}=1`)).toHaveLength(1);
  });

  it('does not echo names without end', async () => {
    const many = Array.from({ length: 5000 }, (_, index) => `n${index}=1`).join('&');
    expect((await faults(many)).length).toBeLessThanOrEqual(20);
    expect((await faults(`${'x'.repeat(5000)}=1`)).join('').length).toBeLessThan(500);
  });

  it('refuses U+0000 where a text is compared, not in an id', async () => {
    expect(await faults('service=a%00')).toHaveLength(1);
    expect(await faults('correlation_id=a%00')).toHaveLength(0);
  });
});

const NOW = millis(Date.UTC(2026, 2, 1, 12));
const NOW_US = NOW * 1000;

describe('ranges', () => {
  const read = (query: string) => {
    const parsed = parseQuery(requestOf(query), rangeQuery);
    return parsed.ok ? wholeRange(parsed.query, NOW) : parsed;
  };
  const range = (query: string) => {
    const answer = read(query);
    return 'instants' in answer ? [answer.instants.from - NOW_US, answer.instants.to - NOW_US] : null;
  };

  it.each<[string, number[] | null]>([
    ['', [-3.6e9, 0]],
    ['from=-24h', [-86.4e9, 0]],
    ['from=-2d&to=-1d', [-172.8e9, -86.4e9]],
    ['to=-30s', [-3.63e9, -30e6]],
    ['from=2026-03-01T12:59:59.000001%2B01:00&to=now', [-999_999, 0]],
    ['from=2026-03-01T11:00:00Z&to=2026-03-01T11:00:00Z', [-3.6e9, -3.6e9]],
    ['from=now&to=-1m', null],
    ['from=2026-02-30T00:00:00Z', null],
    ['from=2026-03-01T11:00:00', null],
    ['from=2026-03-01T11:00:00%2B25:00', null],
    ['from=1772366400', null],
  ])('%s', (query, expected) => expect(range(query)).toEqual(expected));

  it('of a list stay open where nothing is said', () => {
    const parsed = parseQuery(requestOf('to=now'), eventsQuery);
    const answer = parsed.ok && instants(parsed.query, NOW);
    expect(answer && (answer.ok ? answer.instants : null)).toEqual({ to: NOW_US });
  });
});
