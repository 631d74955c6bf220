import { expect, test } from 'vitest';
import { newestPath } from './traces-of.ts';

test('the newest traces are asked for by the very range that is shown, and by names as they are', () => {
  const range = { fromMs: Date.parse('2025-10-18T03:00:00Z'), toMs: Date.parse('2025-10-18T04:00:00Z') };
  const asked = new URL(newestPath({ event_type: 'a&from=-7d' }, range), 'http://localhost').searchParams;
  expect(Object.fromEntries(asked)).toEqual({
    ...{ event_type: 'a&from=-7d', singles: 'all', limit: '6' },
    ...{ from: '2025-10-18T03:00:00.000Z', to: '2025-10-18T04:00:00.000Z' },
  });
});
