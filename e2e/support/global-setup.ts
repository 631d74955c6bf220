import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startRegistryStandIn } from './registry-stand-in.ts';
import { startBuiltProduct } from './started-product.ts';
import { writeSuiteSettings } from './suite-settings.ts';

/**
 * Starts the whole product with its demo for the browser tests, unless `THROUGHLINE_E2E_URL` names one that runs. The
 * demo makes trouble too: broken, hostile and oversized records are on the pages that are looked at. A schema registry
 * stands beside it, and a flow is declared that only tests take part in.
 */
export default async function globalSetup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.THROUGHLINE_E2E_URL !== undefined) return undefined;
  const registry = await startRegistryStandIn();
  const folder = mkdtempSync(path.join(tmpdir(), 'throughline-settings-'));
  const product = await startBuiltProduct(['--poison', '--rate', '120'], {
    SCHEMAREGISTRY_URLS: registry.url,
    THROUGHLINE_CONFIG: writeSuiteSettings(folder),
    // Receivers of alerts are tests themselves.
    THROUGHLINE_ALLOWED_RECEIVER_NETWORKS: '127.0.0.1/32',
  });
  process.env.THROUGHLINE_E2E_URL = product.url;
  process.env.THROUGHLINE_E2E_BROKERS = product.brokers;
  process.env.THROUGHLINE_E2E_DATABASE = product.databaseUrl;
  process.env.THROUGHLINE_E2E_REGISTRY = registry.url;
  return async () => {
    await product.stop();
    await registry.stop();
    rmSync(folder, { recursive: true });
  };
}
