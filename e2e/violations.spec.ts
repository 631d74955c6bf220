import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { openPage } from './support/open-page.ts';
import { sendRecords } from './support/suite-kafka.ts';

const ID = randomUUID();
/** A service of its own: no other test is in its group. */
const SERVICE = `checker-${ID.slice(0, 8)}`;

test('an event that breaks its schema is a group with what came, what is wrong, and what was said of it', async ({
  page,
}) => {
  const event = {
    ...{ envelope_version: { major: 1, minor: 0, patch: 0 }, correlation_id: ID, event_id: randomUUID() },
    ...{ event_type: 'CODEGEN_VALIDATE_REQUESTED', timestamp: new Date().toISOString(), source_service: SERVICE },
    payload: { code: '<script>alert(1)</script>', contract: {}, node_type: 'effect' },
  };
  await sendRecords('codegen-requests', [{ key: ID, value: JSON.stringify(event) }]);
  await expect
    .poll(async () => (await page.request.get(`/api/v1/violations?service=${SERVICE}`)).text(), { timeout: 60_000 })
    .toContain('/payload/code_content');

  await openPage(page, `/violations?q=${SERVICE}`);
  const row = page.getByRole('row').filter({ hasText: '/payload/code_content' });
  await expect(row).toContainText(SERVICE);
  await row.click();
  const detail = page.getByRole('region', { name: 'Selected group' });
  await expect(detail.locator('.ln-wrong')).toContainText('code_content: missing');
  await expect(detail.locator('.ln-near')).toContainText('probably meant as code_content');
  await expect(detail).toContainText('<script>alert(1)</script>');

  await detail.getByPlaceholder('Note, kept with the decision').fill('the producer is told');
  await detail.getByRole('button', { name: 'Acknowledge' }).click();
  await expect(detail.getByText('Acknowledged')).toBeVisible();
  await page.reload();
  await expect(detail.getByText('Acknowledged')).toBeVisible();
  await expect(detail.getByPlaceholder('Note, kept with the decision')).toHaveValue('the producer is told');

  await detail.getByRole('button', { name: 'Resolved' }).click();
  await expect(
    page.getByRole('heading', { name: 'No group is open' }).or(page.getByText('No group matches')),
  ).toBeVisible();
  await openPage(page, `/violations?show=aside&q=${SERVICE}`);
  await expect(page.getByRole('row').filter({ hasText: SERVICE })).toHaveCount(1);

  await detail.getByRole('link', { name: 'Open trace' }).click();
  await expect(page.getByRole('img', { name: 'Violation' })).toBeVisible();
  const inspector = page.getByRole('complementary', { name: 'Selected event' });
  await expect(inspector.locator('.ln-wrong')).toContainText('code_content');
});
