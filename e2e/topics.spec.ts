import { expect, type Page, test } from '@playwright/test';
import type { EventList } from '../server/model/wire.ts';
import { openPage } from './support/open-page.ts';

/** Waits until the demo's trouble has left an undecodable record behind. */
async function someUndecodable(page: Page): Promise<EventList['events'][number]> {
  let found: EventList['events'][number] | undefined;
  await expect
    .poll(
      async () => {
        const answer = await page.request.get('/api/v1/events?has=undecodable&clock=stored&limit=1');
        [found] = ((await answer.json()) as EventList).events;
        return found !== undefined;
      },
      { timeout: 60_000 },
    )
    .toBe(true);
  if (found === undefined) throw new Error('the poll above found one');
  return found;
}

const reasons = (page: Page) => page.getByRole('grid', { name: 'undecodable' }).locator('tbody td:last-child');

test('undecodable events are narrowed to one reason, and the chip lets them all in again', async ({ page }) => {
  await someUndecodable(page);
  await openPage(page, '/topics?tab=undecodable');
  await page.getByRole('combobox', { name: 'Reason' }).selectOption('unknown schema');
  await expect(page).toHaveURL(/reason=unknown\+schema/);
  const chip = page.getByRole('link', { name: 'Remove filter reason' });
  await expect(chip).toContainText('schema id unknown');
  await expect.poll(async () => new Set(await reasons(page).allTextContents())).toEqual(new Set(['schema id unknown']));
  await page.reload();
  await expect(chip).toBeVisible();
  await chip.click();
  await expect(page).not.toHaveURL(/reason=/);
});

test('an undecodable event is looked into beside the list: why it is kept apart, and its bytes', async ({ page }) => {
  const { id } = await someUndecodable(page);
  await openPage(page, `/topics?tab=undecodable&sel=${encodeURIComponent(id)}`);
  const inspector = page.getByRole('complementary', { name: 'Selected event' });
  await expect(inspector).toContainText(
    /The (schema registry has no schema of the id|value begins like JSON and is not)/,
  );
  await inspector.getByRole('tab', { name: 'Raw' }).click();
  await expect(inspector.getByRole('tabpanel', { name: 'Raw' })).toContainText(/ B|kB|MB/);
  await inspector.getByRole('tab', { name: 'Resolved' }).click();
  await expect(inspector.getByRole('tabpanel', { name: 'Resolved' })).toContainText('topic type');
  await page.keyboard.press('Escape');
  await expect(inspector).toHaveCount(0);
});

test('the filter line narrows events to a topic; what matches nothing says so and offers the way out', async ({
  page,
}) => {
  const { topic } = await someUndecodable(page);
  await openPage(page, '/topics?tab=undecodable');
  await page.keyboard.press('/');
  await page.keyboard.type(`topic:${topic}`);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`topic=${topic}`));
  await expect(page.getByRole('grid').locator('tbody tr').first()).toContainText(topic);
  await page.getByRole('textbox', { name: 'Filter events' }).fill('topic:there-is-no-such-topic');
  await page.keyboard.press('Enter');
  await expect(page.getByText('No stored event matches all of these filters')).toBeVisible();
  await page.getByRole('link', { name: 'Remove all filters' }).click();
  await expect(page.getByRole('grid').locator('tbody tr').first()).toBeVisible();
});

test('a type that only appears alone is one click away from the list of traces', async ({ page }) => {
  await openPage(page, '/traces');
  const folded = page
    .getByRole('search')
    .getByRole('link', { name: /^[\d,]+$/ })
    .first();
  await expect(folded).toBeVisible({ timeout: 60_000 });
  await folded.click();
  await expect(page).toHaveURL(/singles=only/);
  const rows = page.locator('tr[data-row]');
  await expect(rows.first()).toBeVisible();
  const events = rows.locator('td:nth-child(6)');
  await expect.poll(async () => new Set(await events.allTextContents())).toEqual(new Set(['1']));
});

test('events without an id are one click away from the list of traces', async ({ page }) => {
  await openPage(page, '/traces');
  const link = page.getByRole('search').locator('a[href="/topics?tab=uncorrelated"]');
  await expect(link).toBeVisible({ timeout: 60_000 });
  await link.click();
  await expect(page.getByRole('grid', { name: 'uncorrelated' }).locator('tbody tr').first()).toBeVisible();
});
