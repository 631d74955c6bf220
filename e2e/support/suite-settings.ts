import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { projectRoot } from '../../server/config/project-root.ts';

/** A flow that no service of the demo takes part in: what stops in it stopped because a test left it there. */
export const SHOP = {
  flow: 'Shop orders',
  topic: 'shop-orders',
  packer: { service: 'shop-packer', group: 'shop-packer.orders.v1', team: 'shop floor', contact: '#shop-floor' },
} as const;

/** Writes the demo's `throughline.yaml` with the flow of the shop, and its owner, into this folder. Answers its path. */
export function writeSuiteSettings(folder: string): string {
  const demo = parse(readFileSync(path.join(projectRoot(), 'demo', 'throughline.yaml'), 'utf8')) as {
    flows: object[];
    owners: object[];
  };
  const { service, group, team, contact } = SHOP.packer;
  const settings = {
    ...demo,
    flows: [
      ...demo.flows,
      {
        name: SHOP.flow,
        starts_with: 'shop.order.placed',
        ends_with: ['shop.order.shipped'],
        steps: [
          { type: 'shop.order.placed' },
          { type: 'shop.order.packed', within: '2s', service, group },
          { type: 'shop.order.shipped', within: '60s' },
        ],
      },
    ],
    owners: [...demo.owners, { team, contact, services: [service] }],
  };
  const file = path.join(folder, 'throughline.yaml');
  writeFileSync(file, stringify(settings));
  return file;
}
