import { expect, type Page, test } from '@playwright/test';
import type { DialectList } from '../server/model/dialect-wire.ts';
import { listening, openPage } from './support/open-page.ts';

/** The dialect that read most events so far, once there is one. */
async function busiestDialect(page: Page): Promise<DialectList['dialects'][number]> {
  let found: DialectList['dialects'][number] | undefined;
  await expect
    .poll(
      async () => {
        const list = (await (await page.request.get('/api/v1/dialects?from=-24h')).json()) as DialectList;
        found = [...list.dialects].sort((a, b) => Number(b.count.in_range) - Number(a.count.in_range))[0];
        return found !== undefined && found.count.in_range !== '0';
      },
      { timeout: 60_000 },
    )
    .toBe(true);
  if (found === undefined) throw new Error('the poll above found one');
  return found;
}

const answer = (page: Page) => page.getByRole('region', { name: 'Try a record' }).locator('[aria-live]');

test('dialects are listed in the order of trying, with counts that lead to their events', async ({ page }) => {
  const { name } = await busiestDialect(page);
  await openPage(page, '/settings?from=-24h&to=now');
  const table = page.getByRole('grid', { name: 'Dialects' });
  await expect(table.locator('tbody tr').last()).toContainText('no rule matched');
  await table.locator(`tr[data-row="${name}"] a`).click();
  await expect(page).toHaveURL(new RegExp(`dialect=${name}`));
  await expect(page.getByRole('grid', { name: 'events' }).locator('tbody tr').first()).toBeVisible();
});

test('a dialect that is chosen shows its rules, and is in the address', async ({ page }) => {
  const { name, when } = await busiestDialect(page);
  await openPage(page, '/settings');
  await page.locator(`tr[data-row="${name}"]`).click();
  const inspector = page.getByRole('complementary', { name: 'Selected dialect' });
  await expect(inspector.getByRole('heading', { level: 3 })).toHaveText(name);
  for (const condition of when) await expect(inspector).toContainText(condition);
  await page.reload();
  await listening(page);
  await expect(inspector).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(inspector).toHaveCount(0);
});

const ENVELOPE = {
  ...{ event_id: '6f2b6788-0c1d-4ab4-9e1f-2b7f1d0a43c9', event_type: 'METRICS_RECORDED' },
  ...{ correlation_id: 'ca4969ce-30d2-4a94-8ef1-b25c9d7710ab', timestamp: '2025-10-18T03:12:31.118' },
  ...{ source_service: '<img src=x onerror=alert(1)>', payload: {} },
  envelope_version: { major: 1, minor: 0, patch: 0 },
};

test('a pasted envelope is resolved field by field, with the rule that found each', async ({ page }) => {
  await openPage(page, '/settings');
  await page.getByRole('textbox', { name: 'Topic' }).fill('agent-actions');
  await page.getByRole('textbox', { name: 'Value', exact: true }).fill(JSON.stringify(ENVELOPE));
  await page.keyboard.press('Control+Enter');
  await expect(answer(page)).toContainText('METRICS_RECORDED');
  await expect(answer(page)).toContainText('body /event_type');
  await expect(answer(page)).toContainText(ENVELOPE.correlation_id);
  await expect(answer(page)).toContainText(ENVELOPE.source_service);
  await expect(answer(page)).toContainText('no zone');
  expect(await page.locator('main img').count()).toBe(0);
});

test('a value that cannot be read says why, and headers are used all the same', async ({ page }) => {
  await openPage(page, '/settings');
  await page.getByRole('textbox', { name: 'Topic' }).fill('agent-actions');
  await page.getByRole('textbox', { name: 'Value', exact: true }).fill('{"event_id": ');
  await page.getByRole('textbox', { name: 'Headers' }).fill(`x-correlation-id: ${ENVELOPE.correlation_id}`);
  await page.getByRole('button', { name: /^Try it/ }).click();
  await expect(answer(page)).toContainText('begins like JSON and is not');
  await expect(answer(page)).toContainText('header x-correlation-id');
});

test('a record id that names nothing is told beside the form', async ({ page }) => {
  await openPage(page, `/settings?try=${encodeURIComponent('nowhere/nothing~1/0/0')}`);
  await expect(answer(page).getByRole('alert')).toBeVisible();
});

test('a job that re-reads stored events is followed to its end', async ({ page }) => {
  await busiestDialect(page);
  await openPage(page, '/settings');
  const { origin } = new URL(page.url());
  const asked = await page.request.post('/api/v1/jobs', { data: { kind: 're-resolve' }, headers: { origin } });
  expect([201, 409]).toContain(asked.status());
  const job = page.getByRole('region', { name: 'Rules in force' }).locator('[data-job]').filter({ hasText: 're-read' });
  await expect(job).toHaveAttribute('data-job', 'done', { timeout: 60_000 });
  await expect(job).toContainText(/^Done: [\d,]+ of [\d,]+ events? re-read/);
});

test('a job that holds stored events against the schemas in force is followed here, and where schemas are listed', async ({
  page,
}) => {
  await openPage(page, '/settings');
  const { origin } = new URL(page.url());
  const asked = await page.request.post('/api/v1/jobs', { data: { kind: 're-validate' }, headers: { origin } });
  expect([201, 409]).toContain(asked.status());
  const done = /^Done: [\d,]+ of [\d,]+ events? held against the schemas in force/;
  const jobIn = (name: string) =>
    page.getByRole('region', { name }).locator('[data-job="done"]').filter({ hasText: done });
  await expect(jobIn('Rules in force')).toBeVisible({ timeout: 60_000 });
  await openPage(page, '/violations?tab=coverage');
  await expect(jobIn('Events judged by other schemas')).toBeVisible();
});
