import { expect, type Page, test } from '@playwright/test';
import type { TraceList } from '../server/model/wire.ts';

/** The newest trace with at least this many events. */
async function someTrace(page: Page, events: number): Promise<TraceList['traces'][number]> {
  let found: TraceList['traces'][number] | undefined;
  await expect
    .poll(
      async () => {
        const answer = await page.request.get('/api/v1/traces?limit=100');
        const list = (await answer.json()) as TraceList;
        found = list.traces.find((trace) => trace.event_count >= events);
        return found !== undefined;
      },
      { timeout: 60_000 },
    )
    .toBe(true);
  if (found === undefined) throw new Error('the poll above found one');
  return found;
}

test('traces of the demo come from at least five topics of a real Kafka', async ({ page }) => {
  await someTrace(page, 5);
  const list = (await (await page.request.get('/api/v1/traces?limit=100')).json()) as TraceList;
  const topics = new Set(list.traces.flatMap((trace) => trace.topics));
  expect(topics.size).toBeGreaterThanOrEqual(5);
});

test('the list of traces shows new ones without a reload', async ({ page }) => {
  await page.goto('/traces');
  await page.evaluate(() => Object.assign(window, { notReloaded: true }));
  const before = new Set(await shownTraces(page));
  await expect
    .poll(async () => (await shownTraces(page)).some((key) => !before.has(key)), { timeout: 60_000 })
    .toBe(true);
  expect(await page.evaluate(() => 'notReloaded' in window)).toBe(true);
});

test('a trace shows a row per event, and the payload of the one selected', async ({ page }) => {
  const trace = await someTrace(page, 6);
  await page.goto(`/traces/${encodeURIComponent(trace.correlation_id)}`);
  const rows = page.locator('[data-event-row]');
  await expect.poll(() => rows.count()).toBeGreaterThanOrEqual(6);
  await rows.nth(1).click();
  await expect(page.getByRole('tree', { name: /payload/i })).toBeVisible();
});

test('the keyboard alone leads from the overview to a trace', async ({ page }) => {
  await someTrace(page, 3);
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await expect(page).toHaveURL(/\/traces/);
  await expect.poll(async () => (await shownTraces(page)).length).toBeGreaterThan(0);
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/traces\/.+/);
});

test('an unknown id says that nothing is stored under it', async ({ page }) => {
  await page.goto('/traces/no-such-id');
  await expect(page.getByText('No event with this correlation id is stored')).toBeVisible();
});

for (const width of [1440, 390]) {
  for (const path of ['/', '/traces', '/topics']) {
    test(`${path} fits ${width} px without a sideways scroll and without an error in the console`, async ({ page }) => {
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      expect(errors).toEqual([]);
    });
  }
}

/** Keys of the traces in the list, as the page holds them. */
function shownTraces(page: Page): Promise<string[]> {
  return page
    .locator('[data-trace-key]')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-trace-key') ?? ''));
}
