import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { openPage } from './support/open-page.ts';
import { takeShots } from './support/shots.ts';
import { sendRecords } from './support/suite-kafka.ts';

const ID = randomUUID().slice(0, 8);
const QUEUE = `shop-${ID}.dlq`;
const RULE = `Shop letters ${ID}`;
const RECEIVER = `on call ${ID}`;

interface Told {
  readonly headers: IncomingHttpHeaders;
  readonly body: { readonly status: string; readonly alerts: readonly { readonly labels: Record<string, string> }[] };
}

/** A receiver that takes everything. */
async function startReceiver(): Promise<{ readonly url: string; readonly told: Told[]; stop(): Promise<void> }> {
  const told: Told[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    told.push({ headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) as Told['body'] });
    response.end('taken');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    told,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test('a rule is made, fires, is told, taken, silenced and resolved, and what was told is sent again', async ({
  page,
}) => {
  const receiver = await startReceiver();
  try {
    await openPage(page, '/alerts');
    await page.getByRole('button', { name: 'New receiver' }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: /^Name/ }).fill(RECEIVER);
    await page
      .getByRole('dialog')
      .getByRole('textbox', { name: /^Address/ })
      .fill(receiver.url);
    await page.getByRole('button', { name: 'Make receiver' }).click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(page.getByText(RECEIVER).first()).toBeVisible();

    await page.getByRole('button', { name: /^New rule/ }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: /^Name/ }).fill(RULE);
    await page
      .getByRole('dialog')
      .getByRole('textbox', { name: /^Fires above/ })
      .fill('2');
    await page
      .getByRole('dialog')
      .getByRole('textbox', { name: /^Queue/ })
      .fill(QUEUE);
    await page
      .getByRole('dialog')
      .getByRole('textbox', { name: /^Tells/ })
      .fill(RECEIVER);
    await page.getByRole('button', { name: 'Try on the last 24 h' }).click();
    await expect(page.getByRole('dialog').getByRole('status')).toContainText('Fires');
    await page.getByRole('button', { name: 'Save rule' }).click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    const row = page.getByRole('row').filter({ hasText: RULE });
    await expect(row).toContainText('depth > 2');

    await sendRecords(
      QUEUE,
      Array.from({ length: 3 }, (_, i) => ({
        key: `${i}`,
        value: JSON.stringify({ original_topic: 'shop', failure_reason: `no stock of ${i} <b>`, retry_count: 1 }),
      })),
    );
    await expect(row).toContainText('Firing', { timeout: 60_000 });
    await expect(row).toContainText('nobody');
    await expect.poll(() => receiver.told.length, { timeout: 90_000 }).toBeGreaterThan(0);
    expect(receiver.told[0]?.body).toMatchObject({
      status: 'firing',
      alerts: [{ labels: { alertname: RULE, queue: QUEUE } }],
    });

    await row.click();
    await takeShots(page, 'alert');
    await page.setViewportSize({ width: 1440, height: 900 });
    await page
      .getByRole('button', { name: /^Take it/ })
      .first()
      .click();
    await page.getByRole('dialog').getByRole('textbox', { name: /^By/ }).fill('robin');
    await page.getByRole('dialog').getByRole('button', { name: 'Take it' }).click();
    await expect(row).toContainText('robin');

    await page
      .getByRole('button', { name: /^Silence/ })
      .first()
      .click();
    await page
      .getByRole('dialog')
      .getByRole('textbox', { name: /^Reason/ })
      .fill('known');
    await page.getByRole('dialog').getByRole('textbox', { name: /^By/ }).fill('robin');
    await page.getByRole('dialog').getByRole('button', { name: 'Silence' }).click();
    await expect(row).toContainText('Silenced');

    const before = receiver.told.length;
    const delivery = page.getByLabel('Deliveries').getByRole('listitem').filter({ hasText: RULE }).first();
    await delivery.getByRole('button', { name: 'Send again' }).click();
    await expect.poll(() => receiver.told.length, { timeout: 60_000 }).toBeGreaterThan(before);
    expect(receiver.told.at(-1)?.headers['webhook-id']).toBe(receiver.told[0]?.headers['webhook-id']);

    await page.getByRole('button', { name: 'Queue is handled' }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: /^By/ }).fill('robin');
    await page.getByRole('button', { name: 'It is handled' }).click();
    await expect(row).toContainText('Resolved', { timeout: 60_000 });
  } finally {
    await receiver.stop();
  }
});

test('a queue shows its reasons, its records, and a record beside what became of it', async ({ page }) => {
  const topic = `letters-${ID}.dlq`;
  await sendRecords(
    topic,
    [1, 2].map((n) => ({
      key: `${n}`,
      value: JSON.stringify({
        ...{ original_topic: 'nowhere', original_partition: 0, original_offset: n, retry_count: 2 },
        ...{ failure_reason: `timed out after ${n}00 ms <img src=x>`, error_type: 'TIMEOUT' },
      }),
    })),
  );
  await expect
    .poll(async () => (await page.request.get('/api/v1/dead-letters')).text(), { timeout: 60_000 })
    .toContain(topic);
  await openPage(page, `/dead-letters/${topic}`);
  await expect(page.getByRole('row').filter({ hasText: topic })).toContainText('2');
  const reasons = page.getByLabel('Reasons of this queue').getByRole('button');
  await expect(reasons).toHaveCount(1);
  await expect(reasons).toContainText('<img src=x>');
  await reasons.click();
  await expect(page.getByLabel('Dead letters of this queue').getByRole('listitem')).toHaveCount(2);
  await expect(page.getByText('TIMEOUT').last()).toBeVisible();
  await page.getByRole('tab', { name: 'Dead letter', exact: true }).click();
  await expect(page.getByRole('tabpanel')).toContainText('original_topic');
  await takeShots(page, 'dead-letters');
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByPlaceholder('Note, kept with the decision').fill('seen');
  await page.getByRole('button', { name: 'Acknowledge' }).click();
  await expect(reasons).toContainText('Acknowledged');
});
