import { randomUUID } from 'node:crypto';
import { expect, type Page, test } from '@playwright/test';
import { openPage } from './support/open-page.ts';
import { takeShots } from './support/shots.ts';
import { commitFor, sendRecords } from './support/suite-kafka.ts';
import { SHOP } from './support/suite-settings.ts';

// One order on its way: it waits to be packed, is packed, is sent by nobody knows which group, and ends as a dead letter.
test.describe.configure({ mode: 'serial' });

const ID = randomUUID();
const { group, service, team, contact } = SHOP.packer;
/** Both are the carrier's by their names, so nobody knows which of them made what it sends. */
const CARRIERS = ['shop-carrier.road.v1', 'shop-carrier.rail.v1'];

const inspector = (page: Page) => page.getByRole('complementary', { name: 'Selected event' });
const board = (page: Page) =>
  page.getByRole('region', { name: 'Where flows stop' }).locator('.br', { hasText: SHOP.flow });

test('a flow that stops is on the overview with the missing step, the silent group and its owner', async ({ page }) => {
  await send('placed', 'shop-front', null);
  await commitFor(group, SHOP.topic, 0);
  await openPage(page, '/');
  const row = board(page);
  await expect(row).toContainText('shop.order.packed', { timeout: 45_000 });
  await expect(row).toContainText(`Its group ${group} has no members, 1 record behind.`, { timeout: 45_000 });
  await expect(row).toContainText(`Its owner is ${team}, ${contact}.`);
  await takeShots(page, 'stall-board');
  await row.getByRole('link', { name: `${SHOP.flow}, stalled, 1 waiting` }).click();
  await expect(page.getByRole('heading', { level: 2 })).toContainText(`${SHOP.flow}: stalled before shop.order.packed`);
  await takeShots(page, 'trace-stalled');
});

test('it leaves the overview by itself when the event arrives', async ({ page }) => {
  await openPage(page, '/');
  await expect(board(page)).toHaveCount(1);
  await Promise.all([group, ...CARRIERS].map((one) => commitFor(one, SHOP.topic, 1)));
  await send('packed', service, 'placed');
  await expect(board(page)).toHaveCount(0, { timeout: 45_000 });
});

test('the inspector says how long an event waited for its group, and in one line where that is not known', async ({
  page,
}) => {
  await send('shipped', 'shop-carrier', 'packed');
  await openPage(page, `/traces/${ID}`);
  await page.locator('[data-event]', { hasText: 'shop.order.packed' }).click();
  await expect(inspector(page)).toContainText(new RegExp(`waited .* until ${group.replaceAll('.', '\\.')} committed`), {
    timeout: 45_000,
  });
  await takeShots(page, 'trace-split');
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.locator('[data-event]', { hasText: 'shop.order.shipped' }).click();
  const unsplit = inspector(page).locator('details', { hasText: 'waiting unknown for 2 groups' });
  await expect(unsplit).toBeVisible({ timeout: 45_000 });
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 844 });
    await expect(unsplit.getByText(CARRIERS[0] ?? '')).toBeHidden();
    expect((await unsplit.boundingBox())?.height, `one line at ${width} px`).toBeLessThan(30);
  }
  await unsplit.locator('summary').click();
  await expect(unsplit).toContainText('Several groups of its service');
  for (const carrier of CARRIERS) await expect(unsplit.getByText(carrier)).toBeVisible();
  await takeShots(page, 'trace-unsplit');
});

test('a dead letter is what became of its event: in its row, among its facts and in the verdict', async ({ page }) => {
  await sendRecords(`${SHOP.topic}.dlq`, [
    {
      value: JSON.stringify({
        ...{ correlation_id: ID, event_type: 'shop.order.failed', source_service: 'shop-carrier' },
        ...{ original_topic: SHOP.topic, original_partition: 0, original_offset: 2 },
        ...{ error_message: 'no such <b>street</b>', retry_count: 3, timestamp: new Date().toISOString() },
      }),
    },
  ]);
  await openPage(page, `/traces/${ID}`);
  const words = `dead-lettered on ${SHOP.topic}.dlq after 3 retries, no such <b>street</b>`;
  await expect(page.locator('main')).toContainText(`shop.order.shipped was ${words}`, { timeout: 45_000 });
  const row = page.getByRole('treeitem', { name: words });
  await expect(row).toContainText('shop.order.shipped');
  await expect(row.getByTitle(words)).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(page.getByRole('option').filter({ hasText: 'shop.order.shipped' })).toContainText(words);
  await takeShots(page, 'trace-dead');
  await page.setViewportSize({ width: 1440, height: 900 });
  await row.click();
  await expect(inspector(page)).toContainText(words);
  await takeShots(page, 'trace-dead-facts');
  await page.setViewportSize({ width: 1440, height: 900 });
  await inspector(page).getByRole('button', { name: 'Open the dead letter' }).click();
  await expect(inspector(page)).toContainText(`${SHOP.topic}.dlq`);
});

/** Writes what happened to the order, because of what happened before. */
async function send(what: string, by: string, after: string | null): Promise<void> {
  const event = {
    ...{ correlation_id: ID, event_id: `${ID}-${what}`, causation_id: after === null ? null : `${ID}-${after}` },
    ...{ event_type: `shop.order.${what}`, source_service: by, timestamp: new Date().toISOString() },
    payload: { order: 7 },
  };
  await sendRecords(SHOP.topic, [{ key: ID, value: JSON.stringify(event), partition: 0 }]);
}
