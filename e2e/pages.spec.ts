import { expect, type Page, test } from '@playwright/test';
import type { TraceList } from '../server/model/wire.ts';
import { listening, openPage } from './support/open-page.ts';

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
  await openPage(page, '/traces');
  await page.evaluate(() => Object.assign(window, { notReloaded: true }));
  const before = new Set(await shownTraces(page));
  await expect
    .poll(async () => (await shownTraces(page)).some((key) => !before.has(key)), { timeout: 60_000 })
    .toBe(true);
  expect(await page.evaluate(() => 'notReloaded' in window)).toBe(true);
});

test('a trace shows a row per event, and the payload of the one selected', async ({ page }) => {
  const trace = await someTrace(page, 6);
  await openPage(page, traceAddress(trace));
  const rows = page.locator('[data-event]');
  await expect.poll(() => rows.count()).toBeGreaterThanOrEqual(6);
  const row = rows.nth(1);
  await row.click();
  await expect(row).toHaveAttribute('aria-selected', 'true');
  const type = (await row.locator('bdi').first().textContent()) ?? '';
  const inspector = page.getByRole('complementary', { name: 'Selected event' });
  await expect(inspector.getByRole('heading')).toHaveText(type);
  await expect(inspector.getByRole('tabpanel', { name: 'Payload' })).toContainText(trace.correlation_id);
});

test('a reload and the way back keep the selected event', async ({ page }) => {
  const trace = await someTrace(page, 6);
  await openPage(page, traceAddress(trace));
  await page.locator('[data-event]').first().waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  const selected = page.locator('[data-event][aria-selected="true"]');
  const event = await selected.getAttribute('data-event');
  await expect(selected).toBeFocused();
  await page.reload();
  await listening(page);
  await expect(selected).toHaveAttribute('data-event', event ?? '');
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Topics' }).first().click();
  await expect(page).toHaveURL(/\/topics/);
  await page.goBack();
  await expect(selected).toHaveAttribute('data-event', event ?? '');
  await page.keyboard.press('Escape');
  await expect(selected).toHaveCount(0);
  await expect(page).not.toHaveURL(/sel=/);
});

test('a selected row of the list stays where it is while newer traces gather above it', async ({ page }) => {
  await openPage(page, '/traces');
  await expect.poll(async () => (await shownTraces(page)).length).toBeGreaterThan(1);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  const selected = page.locator('tr[data-row][aria-selected="true"]');
  const key = await selected.getAttribute('data-row');
  const shown = await shownTraces(page);
  const newer = page.getByRole('button', { name: /^\d+ new$/ });
  await expect(newer).toBeVisible({ timeout: 60_000 });
  expect((await shownTraces(page)).slice(0, 2)).toEqual(shown.slice(0, 2));
  await expect(selected).toHaveAttribute('data-row', key ?? '');
  await newer.click();
  await expect.poll(async () => (await shownTraces(page))[0]).not.toBe(shown[0]);
});

test('Space holds the page, and resumes it with what came meanwhile', async ({ page }) => {
  await openPage(page, '/traces');
  await expect.poll(async () => (await shownTraces(page)).length).toBeGreaterThan(0);
  await page.keyboard.press(' ');
  const paused = page.getByRole('button', { name: /^Paused/ });
  await expect(paused).toBeVisible();
  const held = await shownTraces(page);
  await expect(paused).toContainText(/newer/, { timeout: 60_000 });
  expect(await shownTraces(page)).toEqual(held);
  await page.keyboard.press(' ');
  await expect(page.getByRole('button', { name: 'Live', exact: true })).toBeVisible();
  await expect.poll(async () => (await shownTraces(page))[0]).not.toBe(held[0]);
});

test('the chosen theme is drawn by the server from then on', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await openPage(page, '/');
  const html = page.locator('html');
  await page.getByRole('button', { name: 'Switch between light and dark' }).click();
  await expect(html).toHaveAttribute('data-theme', 'light');
  await page.reload();
  await listening(page);
  await expect(html).toHaveAttribute('data-theme', 'light');
  expect(await (await page.request.get('/topics')).text()).toContain('data-theme="light"');
});

test('the through line says how much of the time is stored, on every page', async ({ page }) => {
  const trace = await someTrace(page, 2);
  for (const path of ['/', '/traces', '/topics', '/settings', traceAddress(trace)]) {
    await openPage(page, path);
    await expect(page.getByRole('img', { name: /of this time range is stored/ })).toBeVisible();
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  }
});

test('the palette finds a trace by the beginning of its id', async ({ page }) => {
  const trace = await someTrace(page, 2);
  await openPage(page, '/');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find' }).fill(trace.correlation_id.slice(0, 13));
  await page.getByRole('option', { name: trace.correlation_id }).click();
  await expect(page).toHaveURL(new RegExp(encodeURIComponent(trace.correlation_id)));
});

test('the palette finds a service by a part of its name, and says what it searched where nothing is', async ({
  page,
}) => {
  const trace = await someTrace(page, 2);
  const service = trace.services[0] ?? '';
  await openPage(page, '/');
  await page.keyboard.press('Control+k');
  const box = page.getByRole('combobox', { name: 'Find' });
  await box.fill('no-such-thing-anywhere');
  await expect(page.getByRole('dialog', { name: 'Find' })).toContainText(/Nothing in [\d,]+ records/);
  await box.fill(service.slice(1));
  await page.getByRole('listbox').getByRole('option', { name: service, exact: true }).first().click();
  await expect(page).toHaveURL(new RegExp(`service=${encodeURIComponent(service)}`));
});

test('markup and control characters in a record are letters on the page', async ({ page }) => {
  const types = await hostileTypes(page);
  expect(types, 'the demo that makes trouble writes markup into types').not.toEqual([]);
  let dialogs = 0;
  page.on('dialog', async (dialog) => {
    dialogs += 1;
    await dialog.dismiss();
  });
  for (const { type, path } of types.slice(0, 5)) {
    await openPage(page, path);
    await expect(page.getByText(type, { exact: false }).first()).toBeVisible();
    expect(await page.locator('main :is(script, iframe, img, [onerror], [onload])').count()).toBe(0);
  }
  expect(dialogs).toBe(0);
});

test('the keyboard alone leads from the overview to a trace', async ({ page }) => {
  await someTrace(page, 3);
  await openPage(page, '/');
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
  await openPage(page, '/traces/no-such-id');
  await expect(page.getByText('No event with this correlation id is stored')).toBeVisible();
});

for (const width of [1440, 390]) {
  for (const path of [
    '/',
    '/traces',
    '/topics',
    '/topics?tab=undecodable',
    '/settings',
    '/settings?section=connection',
  ]) {
    test(`${path} fits ${width} px without a sideways scroll and without an error in the console`, async ({ page }) => {
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
      await openPage(page, path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      expect(errors).toEqual([]);
    });
  }
}

/** Keys of the traces in the list, as the page holds them. */
function shownTraces(page: Page): Promise<string[]> {
  return page.locator('tr[data-row]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-row') ?? ''));
}

function traceAddress(trace: TraceList['traces'][number]): string {
  return `/traces/${encodeURIComponent(trace.correlation_id)}`;
}

/** Event types with markup in them, each with the page of a trace that holds it. The demo's trouble takes its time. */
async function hostileTypes(page: Page): Promise<{ type: string; path: string }[]> {
  const until = Date.now() + 45_000;
  for (;;) {
    const answer = await page.request.get('/api/v1/traces?limit=200&singles=all');
    const list = (await answer.json()) as TraceList;
    const found = list.traces.flatMap((trace) =>
      trace.event_types
        .filter((type) => type.includes('<'))
        .map((type) => ({ type: type.slice(0, 40), path: `/traces/key:${trace.trace_key}` })),
    );
    if (found.length > 0 || Date.now() > until) return found;
    await page.waitForTimeout(1000);
  }
}
