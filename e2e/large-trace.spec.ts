import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import type { TraceDetail } from '../server/model/wire.ts';
import { openPage } from './support/open-page.ts';
import { sendRecords } from './support/suite-kafka.ts';

test('a link to an event behind the first thousand leads to it, and one to no event of the trace says so', async ({
  page,
}) => {
  const id = randomUUID();
  const begin = Date.now() - 60_000;
  const events = Array.from({ length: 1_100 }, (_, index) => ({
    ...{ envelope_version: { major: 1, minor: 0, patch: 0 }, correlation_id: id, event_id: randomUUID() },
    ...{ event_type: index === 1_099 ? 'LAST_OF_MANY' : 'ONE_OF_MANY', source_service: 'many' },
    ...{ timestamp: new Date(begin + index).toISOString(), payload: { index } },
  }));
  await sendRecords(
    `many.${id.slice(0, 8)}`,
    events.map((event) => ({ key: id, value: JSON.stringify(event) })),
  );
  const read = async (query: string) => {
    const answer = await page.request.get(`/api/v1/traces/${id}${query}`);
    return answer.ok() ? ((await answer.json()) as TraceDetail) : null;
  };
  await expect.poll(async () => (await read(''))?.event_count, { timeout: 60_000 }).toBe(1_100);
  const second = await read(`?${new URLSearchParams({ cursor: (await read(''))?.next_cursor ?? '' })}`);
  const last = second?.events.find(({ event_type }) => event_type === 'LAST_OF_MANY');

  await openPage(page, `/traces/${id}?${new URLSearchParams({ sel: last?.id ?? '' })}`);
  const inspector = page.getByRole('complementary', { name: 'Selected event' });
  await expect(inspector.getByRole('heading')).toHaveText('LAST_OF_MANY');
  await openPage(page, `/traces/${id}?sel=none`);
  await expect(page.getByText('the event of this link is not among them')).toBeVisible();
});
