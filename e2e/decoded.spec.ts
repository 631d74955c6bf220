import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import avsc from 'avsc';
import protobuf from 'protobufjs';
import { openPage } from './support/open-page.ts';
import { takeShots } from './support/shots.ts';
import { sendRecords } from './support/suite-kafka.ts';

const ID = randomUUID();
const AVRO = {
  ...{ type: 'record', name: 'Placed', namespace: 'shop' },
  fields: [
    { name: 'correlation_id', type: 'string' },
    { name: 'event_id', type: 'string' },
    { name: 'event_type', type: 'string' },
    { name: 'cents', type: 'long' },
    { name: 'lines', type: { type: 'array', items: 'string' } },
  ],
};
const PROTO = `syntax = "proto3";
package shop;
message Paid { string correlation_id = 1; string event_id = 2; string causation_id = 3; string event_type = 4; uint64 cents = 5; }`;

/** The global set-up's: a product that was started by hand has to have one too. */
const registry = process.env.THROUGHLINE_E2E_REGISTRY;

async function register(subject: string, body: object): Promise<number> {
  const answer = await fetch(`${registry}/subjects/${subject}/versions`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  return ((await answer.json()) as { id: number }).id;
}

function framed(id: number, ...parts: Uint8Array[]): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(id, 1);
  return Buffer.concat([head, ...parts]);
}

test('records of a schema registry stand decoded on the trace page, every digit of their numbers kept', async ({
  page,
}) => {
  const avro = avsc.Type.forSchema(AVRO as avsc.Schema).toBuffer({
    ...{ correlation_id: ID, event_id: `${ID}-1`, event_type: 'shop.placed', cents: 31_250, lines: ['tea', 'honey'] },
  });
  const paid = protobuf.parse(PROTO, { keepCase: true }).root.lookupType('shop.Paid');
  const proto = paid.encode(
    paid.fromObject({
      ...{ correlation_id: ID, event_id: `${ID}-2`, causation_id: `${ID}-1`, event_type: 'shop.paid' },
      cents: '9007199254740993',
    }),
  );
  const values = [
    framed(await register('placed', { schema: JSON.stringify(AVRO) }), avro),
    framed(await register('paid', { schema: PROTO, schemaType: 'PROTOBUF' }), Buffer.from([0]), proto.finish()),
  ];
  await sendRecords(
    'shop.registered',
    values.map((value) => ({ value })),
  );
  await expect
    .poll(async () => (await page.request.get(`/api/v1/traces/${ID}`)).status(), { timeout: 60_000 })
    .toBe(200);

  await openPage(page, `/traces/${ID}`);
  const inspector = page.getByRole('complementary', { name: 'Selected event' });
  await page.locator('[data-event]').nth(0).click();
  await expect(inspector.getByRole('tabpanel', { name: 'Payload' })).toContainText('honey');
  await expect(inspector.getByRole('tabpanel', { name: 'Payload' })).toContainText(/avro/i);
  await page.locator('[data-event]').nth(1).click();
  await expect(inspector.getByRole('tabpanel', { name: 'Payload' })).toContainText('9007199254740993');
  await expect(inspector.getByRole('tabpanel', { name: 'Payload' })).toContainText(/protobuf/i);
  await takeShots(page, 'decoded');
});
