import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import pg from 'pg';
import { openPage } from './support/open-page.ts';
import { takeShots } from './support/shots.ts';
import { sendRecords } from './support/suite-kafka.ts';

const RUN = randomUUID().slice(0, 8);
const TYPE = `DRIFTS_${RUN}`;
const TOPIC = `drifting.events.${RUN}`;
/** As many as are all in the sample of a type and a service. */
const EVENTS = 40;

async function send(service: string, payload: object): Promise<void> {
  const messages = Array.from({ length: EVENTS }, () => {
    const event = {
      ...{ envelope_version: { major: 1, minor: 0, patch: 0 }, correlation_id: randomUUID(), event_id: randomUUID() },
      ...{ event_type: TYPE, timestamp: new Date().toISOString(), source_service: service, payload },
    };
    return { key: event.correlation_id, value: JSON.stringify(event) };
  });
  await sendRecords(TOPIC, messages);
}

test('a field that appears is listed as drift, and is no violation', async ({ page }) => {
  const databaseUrl = process.env.THROUGHLINE_E2E_DATABASE;
  if (databaseUrl === undefined) throw new Error('THROUGHLINE_E2E_DATABASE names no database');
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  try {
    await send(`before-${RUN}`, { amount: 1 });
    const sampled = async () =>
      (
        await pool.query(
          `select coalesce(sum(f.events), 0)::int as events from field_count f join name y on y.id = f.type_id
           where y.label = $1 and f.path = ''`,
          [TYPE],
        )
      ).rows[0]?.events;
    await expect.poll(sampled, { timeout: 60_000 }).toBe(EVENTS);
    await pool.query(`select ensure_stored_day(((now() - interval '3 hours') at time zone 'utc')::date)`);
    // What was stored this hour was stored three hours ago: hours of their own, without waiting for one.
    await pool.query(
      `update field_count f set stored_hour = f.stored_hour - interval '3 hours'
       from name y where y.id = f.type_id and y.label = $1`,
      [TYPE],
    );
    await send(`after-${RUN}`, { amount: 1, currency: 'EUR' });
    await expect.poll(sampled, { timeout: 60_000 }).toBe(2 * EVENTS);
  } finally {
    await pool.end();
  }

  await openPage(page, `/violations?from=-6h&q=${TYPE}`);
  await page.getByRole('link', { name: 'Drift', exact: true }).click();
  const row = page.getByRole('row').filter({ hasText: TYPE });
  await expect(row).toHaveCount(1);
  await expect(row).toContainText('/payload/currency');
  await expect(row).toContainText('appeared, as string');
  await expect(row).toContainText(`none of ${EVENTS}`);
  await expect(row).toContainText(`after-${RUN}`);
  await expect(row.getByRole('img', { name: 'appeared' })).toBeVisible();
  await takeShots(page, 'drift');

  await openPage(page, `/violations?from=-6h&show=all&q=${TYPE}`);
  await expect(page.getByRole('row').filter({ hasText: TYPE })).toHaveCount(0);
  const { groups } = (await (await page.request.get(`/api/v1/violations?event_type=${TYPE}`)).json()) as {
    groups: readonly unknown[];
  };
  expect(groups).toEqual([]);
});
