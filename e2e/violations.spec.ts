import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { listening, openPage } from './support/open-page.ts';
import { sendRecords } from './support/suite-kafka.ts';

const ID = randomUUID();
/** Sends one event of the demo's envelope. */
async function produce(topic: string, type: string, payload: object): Promise<void> {
  const event = {
    ...{ envelope_version: { major: 1, minor: 0, patch: 0 }, correlation_id: ID, event_id: randomUUID() },
    ...{ event_type: type, timestamp: new Date().toISOString(), source_service: SERVICE, payload },
  };
  await sendRecords(topic, [{ key: ID, value: JSON.stringify(event) }]);
}

/** A service of its own: no other test is in its group. */
const SERVICE = `checker-${ID.slice(0, 8)}`;

/** A type that no schema is for. */
const UNDESCRIBED = `NOBODY_DESCRIBES_${ID.slice(0, 8)}`;

test('an event that breaks its schema is a group with what came, what is wrong, and what was said of it', async ({
  page,
}) => {
  await produce('codegen-requests', 'CODEGEN_VALIDATE_REQUESTED', {
    ...{ code: '<script>alert(1)</script>', contract: {}, node_type: 'effect' },
  });
  await expect
    .poll(async () => (await page.request.get(`/api/v1/violations?service=${SERVICE}`)).text(), { timeout: 60_000 })
    .toContain('/payload/code_content');

  await openPage(page, `/violations?q=${SERVICE}`);
  const row = page.getByRole('row').filter({ hasText: '/payload/code_content' });
  await expect(row).toContainText(SERVICE);
  await row.click();
  const detail = page.getByRole('region', { name: 'Selected group' });
  await expect(detail.locator('.dock-tree .ln-wrong')).toContainText('code_content: missing');
  await expect(detail.locator('.ln-near')).toContainText('probably meant as code_content');
  await expect(detail).toContainText('<script>alert(1)</script>');
  const clause = detail.getByRole('figure').filter({ hasText: 'codegen-validate-request.json:' });
  await expect(clause.locator('.ln-wrong')).toHaveText('"required": ["code_content"]');
  await expect(clause).toContainText('#/required');

  await detail.getByPlaceholder('Note, kept with the decision').fill('the producer is told');
  await detail.getByRole('button', { name: 'Acknowledge' }).click();
  await expect(detail.getByText('Acknowledged')).toBeVisible();
  await page.reload();
  await listening(page);
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

test('each event type has its schema and how many of its events fit, or is one of those without', async ({ page }) => {
  await produce(`nobody.describes.${ID.slice(0, 8)}`, UNDESCRIBED, { a: 1 });
  await expect
    .poll(async () => (await page.request.get('/api/v1/schemas')).text(), { timeout: 60_000 })
    .toContain(UNDESCRIBED);

  await openPage(page, '/violations');
  await page.getByRole('link', { name: 'Schema coverage' }).click();
  const types = page.getByRole('grid', { name: 'Schema coverage by event type' });
  const wrong = types.getByRole('row').filter({ hasText: 'CODEGEN_VALIDATE_REQUESTED' });
  await expect(wrong).toContainText('codegen-validate-request v1.0.0');
  await expect(wrong).toContainText('Violating');

  await page.getByRole('button', { name: 'Without schema' }).click();
  await expect(wrong).toHaveCount(0);
  const bare = types.getByRole('row').filter({ hasText: UNDESCRIBED });
  await expect(bare).toContainText('No schema');
  await bare.click();
  const detail = page.getByRole('complementary', { name: 'Selected event type' });
  await expect(detail).toContainText('its events are unchecked, never called right');
  await page.reload();
  await listening(page);
  await expect(detail).toContainText(UNDESCRIBED);
  await page.keyboard.press('Escape');
  await expect(detail).toHaveCount(0);

  await page.getByRole('button', { name: 'All types' }).click();
  await wrong.getByRole('link').last().click();
  await expect(page.getByRole('row').filter({ hasText: '/payload/code_content' }).first()).toBeVisible();
});

test('a key is heard from the moment on at which there is something to press it for', async ({ page }) => {
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (document.querySelector('[aria-label="Selected event type"]') === null) return;
      observer.disconnect();
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
      document.documentElement.dataset.pressed = 'escape';
    }).observe(document, { childList: true, subtree: true });
  });
  await page.goto('/violations?tab=coverage&sel=CODEGEN_VALIDATE_REQUESTED');
  await expect(page.locator('[data-pressed="escape"]')).toBeAttached();
  await expect(page.getByRole('complementary', { name: 'Selected event type' })).toHaveCount(0);
  await expect(page).not.toHaveURL(/sel=/);
});

test('what cannot be decoded is listed beside the log, and is no violation', async ({ page }) => {
  await openPage(page, '/violations?tab=undecodable');
  await expect(page.getByRole('heading', { name: 'could not be decoded' })).toBeVisible();
  await page.getByRole('row').nth(1).click();
  await expect(page.getByRole('complementary', { name: 'Selected event' })).toBeVisible();
});
