import { expect, type Page, type Route, test } from '@playwright/test';
import type { FlowAnswer } from '../server/model/flow-wire.ts';
import { LATENCY_SUBJECTS, type LatencyAnswer } from '../server/model/latency-wire.ts';
import { micros } from '../server/model/time.ts';
import type { LatencyQuery } from '../server/ports/reads.ts';
import { sampleFlow } from './sample/sample-flow.ts';
import { sampleLatency } from './sample/sample-latency.ts';
import { openPage } from './support/open-page.ts';

const ALL_HOPS = { subject: 'hop', group: 'event_type', evidence: 'all' } as const;
const AS_OF = {
  as_of: '2026-03-01T12:00:00.000000Z',
  coverage: { stored_share: 0.999, holes: 1, lower_bound: true },
};

/** Answers both resources with the sample, or with what `change` makes of it. */
async function answerWith(
  page: Page,
  change: { flow?: (whole: FlowAnswer) => FlowAnswer; latency?: (whole: LatencyAnswer) => LatencyAnswer } = {},
): Promise<void> {
  const same = <T>(value: T): T => value;
  await page.route('**/api/v1/flow?*', (route) => {
    const { from, to } = rangeOf(route);
    return route.fulfill({ json: (change.flow ?? same)(sampleFlow(from, to, AS_OF)) });
  });
  await page.route('**/api/v1/latency?*', (route) => {
    const { from, to, params } = rangeOf(route);
    const eventType = params.get('event_type');
    const query: LatencyQuery = {
      ...{ from: micros(0), to: micros(0) },
      ...ALL_HOPS,
      subject: LATENCY_SUBJECTS.find((each) => each === params.get('subject')) ?? 'hop',
      ...(eventType !== null && { eventType }),
    };
    return route.fulfill({ json: (change.latency ?? same)(sampleLatency(query, from, to, AS_OF)) });
  });
}

function rangeOf(route: Route) {
  const params = new URL(route.request().url()).searchParams;
  return { from: params.get('from') ?? '', to: params.get('to') ?? '', params };
}

const refuse = (page: Page, path: string) =>
  page.route(`**/api/v1/${path}?*`, (route) =>
    route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      json: { type: 'about:blank', title: 'The database does not answer', status: 503 },
    }),
  );

/** Opens a page and lets it ask anew, so that what it shows is what the routes above answer. */
async function open(page: Page, path: string): Promise<void> {
  await openPage(page, `${path}${path.includes('?') ? '&' : '?'}from=-15m&to=now`);
  await page.getByLabel(/^Time range: /).click();
  await page.getByRole('link', { name: 'Last 60 min' }).click();
}

const table = (page: Page) => page.getByRole('grid', { name: 'Hop times by event type' });
const onMap = (page: Page, name: string) => page.locator('.react-flow__node').filter({ hasText: name });

test.describe('latency', () => {
  test('says which types miss their objective, and too few instead of a guess', async ({ page }) => {
    await answerWith(page);
    await open(page, '/latency');
    await expect(page.getByRole('heading', { level: 2 })).toHaveText(
      '2 of 13 event types miss their objective; 1 has too few to say',
    );
    await expect(table(page).locator('tbody tr').last()).toContainText('too few');
    await expect(table(page).locator('tbody tr').first()).toContainText('≥ 5,760');
  });

  test('a row is chosen by the keyboard, is in the address, and shows over time and by how often', async ({ page }) => {
    await answerWith(page);
    await open(page, '/latency');
    await expect(table(page)).toBeVisible();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await expect(page).toHaveURL(/sel=CodegenValidateResponse/);
    const dock = page.getByRole('region', { name: 'Selected row' });
    await expect(dock.getByRole('heading', { name: 'CodegenValidateResponse' })).toBeVisible();
    await expect(dock.locator('svg.recharts-surface')).toBeVisible();
    await expect(dock.getByRole('link', { name: /took .*traces long enough/ }).first()).toBeVisible();
    await expect(dock.getByRole('link', { name: /^Trace near max/ })).toHaveAttribute('href', /\/traces\//);
    await page.keyboard.press('t');
    await expect(dock.getByRole('table', { name: 'Percentiles over time' })).toBeVisible();
  });

  test('without an objective nothing is called met', async ({ page }) => {
    await answerWith(page);
    await open(page, '/latency?subject=reply');
    await expect(page.getByRole('heading', { level: 2 })).toHaveText(
      'No objective is declared for these 3 event types',
    );
    const rows = page.getByRole('grid', { name: 'Reply times by event type' }).locator('tbody tr');
    await expect(rows.first()).toContainText('none');
    await expect(page.getByRole('img', { name: 'No objective' })).toHaveCount(3);
    const dock = page.getByRole('region', { name: 'Selected row' });
    await expect(dock).toContainText('No objective');
    await expect(dock.locator('svg.recharts-surface')).toBeVisible();
    await expect(dock.getByText('objective', { exact: true })).toHaveCount(0);
  });

  test('an objective for a type is written to be copied, by the keyboard alone', async ({ page, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await answerWith(page);
    await open(page, '/latency');
    const dock = page.getByRole('region', { name: 'Selected row' });
    await dock.getByRole('button', { name: 'Objective' }).press('Enter');
    const form = dock.getByRole('form', { name: 'Objective' });
    await expect(form.getByLabel('p95 under')).toBeFocused();
    await page.keyboard.type('soon');
    await expect(form.getByRole('button', { name: 'Copy' })).toBeDisabled();
    await form.getByLabel('p95 under').fill('250 ms');
    await page.keyboard.press('Enter');
    await expect(form.getByRole('status')).toHaveText('Objective copied');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      'objectives:\n  hops:\n    - event_type: "agent.routing.completed"\n      p95: 250ms\n',
    );
    await page.keyboard.press('Escape');
    await expect(form).toBeHidden();
    await expect(dock.getByRole('button', { name: 'Objective' })).toBeFocused();
  });

  test('every count leads to its traces', async ({ page }) => {
    await answerWith(page);
    await open(page, '/latency');
    await table(page).getByRole('link', { name: '≥ 5,760' }).first().click();
    await expect(page).toHaveURL(/\/traces\?.*event_type=agent\.routing\.completed/);
  });

  test('what matches no filter says so and offers the way out', async ({ page }) => {
    await answerWith(page);
    await open(page, '/latency');
    await expect(table(page)).toBeVisible();
    await page.keyboard.press('/');
    await page.keyboard.type('there is no such type');
    await expect(page.getByText('No row matches the filter')).toBeVisible();
    await page.getByRole('button', { name: 'Remove the filter' }).click();
    await expect(table(page)).toBeVisible();
  });

  test('without any hop the page says so', async ({ page }) => {
    await answerWith(page, { latency: (whole) => ({ ...whole, event_types: [] }) });
    await open(page, '/latency');
    await expect(page.getByText('No hops in the last 60 min')).toBeVisible();
  });

  test('a failed answer keeps the last good one, and says so', async ({ page }) => {
    await answerWith(page);
    await open(page, '/latency');
    await expect(table(page)).toBeVisible();
    await page.unroute('**/api/v1/latency?*');
    await refuse(page, 'latency');
    await page.getByRole('link', { name: 'Named causes' }).click();
    await expect(page.getByText('What you see is the last good answer')).toBeVisible();
    await expect(table(page)).toBeVisible();
  });
});

test.describe('the flow map', () => {
  test('says what has stopped, and shows the worst edge first', async ({ page }) => {
    await answerWith(page);
    await open(page, '/flow');
    await expect(page.getByRole('heading', { level: 2 })).toContainText('1 edge has stopped');
    await expect(onMap(page, 'archon-intelligence').first()).toBeVisible();
    const dock = page.getByRole('region', { name: 'Selected on the map' });
    await expect(dock).toContainText('Stalled');
    await expect(dock).toContainText('archon.assess.v1, no members, 14 unread');
  });

  test('places stand still while numbers tick', async ({ page }) => {
    let ticks = 0;
    await answerWith(page, {
      flow: (whole) => {
        ticks += 1;
        return { ...whole, nodes: whole.nodes.map((node) => ({ ...node, rate_per_s: node.rate_per_s + ticks })) };
      },
    });
    await open(page, '/flow');
    const places = () =>
      page.locator('.react-flow__node').evaluateAll((nodes) => nodes.map((node) => node.getAttribute('style')).sort());
    await expect(onMap(page, 'archon-bridge').first()).toBeVisible();
    const before = await places();
    const seen = ticks;
    await page.getByLabel(/^Time range: /).click();
    await page.getByRole('link', { name: 'Last 6 h' }).click();
    await expect.poll(() => ticks).toBeGreaterThan(seen);
    await expect.poll(places).toEqual(before);
  });

  test('arrow keys walk along the events, and the table says the same', async ({ page }) => {
    await answerWith(page);
    await open(page, '/flow');
    await expect(onMap(page, 'archon-intelligence').first()).toBeVisible();
    await page.keyboard.press('ArrowRight');
    await expect(page).toHaveURL(/sel=.*archon-intelligence.*document-dlq/);
    await page.keyboard.press('t');
    const edges = page.getByRole('grid', { name: 'Edges, worst first' });
    await expect(edges.locator('tbody tr').first()).toContainText('metadata-stamps → archon-intelligence');
    await expect(edges.locator('tr[aria-selected="true"]')).toContainText('document-dlq');
    await page.keyboard.press('Escape');
    await expect(page).not.toHaveURL(/sel=/);
  });

  test('a name that is markup is letters on it', async ({ page }) => {
    await answerWith(page);
    await open(page, '/flow');
    await expect(onMap(page, '<img src=x onerror').first()).toBeVisible();
    expect(await page.locator('main :is(script, iframe, img, [onerror])').count()).toBe(0);
  });

  test('without any event it says so, and with topics alone that nothing came', async ({ page }) => {
    await answerWith(page, { flow: (whole) => ({ ...whole, edges: [], groups: [] }) });
    await open(page, '/flow');
    await expect(page.getByText('No event seen on these topics in this range').first()).toBeVisible();
    await page.unroute('**/api/v1/flow?*');
    await answerWith(page, { flow: (whole) => ({ ...whole, nodes: [], edges: [], groups: [] }) });
    await open(page, '/flow');
    await expect(page.getByText('No event seen in this range')).toBeVisible();
  });

  test('a failed answer keeps the last good one; on a phone it is a list, worst first', async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await answerWith(page);
    await open(page, '/flow');
    const edges = page.getByRole('grid', { name: 'Edges, worst first' });
    await expect(edges.locator('tbody tr').first()).toContainText('14 waiting');
    await page.unroute('**/api/v1/flow?*');
    await refuse(page, 'flow');
    await page.getByLabel(/^Time range: /).click();
    await page.getByRole('link', { name: 'Last 6 h' }).click();
    await expect(page.getByText('What you see is the last good answer')).toBeVisible();
    await expect(edges).toBeVisible();
  });
});

for (const width of [1440, 390])
  for (const path of ['/flow', '/flow?as=map', '/latency'])
    test(`${path} fits ${width} px without a sideways scroll and without an error in the console`, async ({ page }) => {
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
      await answerWith(page);
      await open(page, path);
      await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible();
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(
        0,
      );
      expect(errors).toEqual([]);
    });
