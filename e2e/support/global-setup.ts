import { startRegistryStandIn } from './registry-stand-in.ts';
import { startBuiltProduct } from './started-product.ts';

/**
 * Starts the whole product with its demo for the browser tests, unless `THROUGHLINE_E2E_URL` names one that runs. The
 * demo makes trouble too: broken, hostile and oversized records are on the pages that are looked at. A schema registry
 * stands beside it.
 */
export default async function globalSetup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.THROUGHLINE_E2E_URL !== undefined) return undefined;
  const registry = await startRegistryStandIn();
  const product = await startBuiltProduct(['--poison', '--rate', '120'], { SCHEMAREGISTRY_URLS: registry.url });
  process.env.THROUGHLINE_E2E_URL = product.url;
  process.env.THROUGHLINE_E2E_BROKERS = product.brokers;
  process.env.THROUGHLINE_E2E_REGISTRY = registry.url;
  return async () => {
    await product.stop();
    await registry.stop();
  };
}
