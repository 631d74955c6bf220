import { startBuiltProduct } from './started-product.ts';

/**
 * Starts the whole product with its demo for the browser tests, unless `THROUGHLINE_E2E_URL` names one that runs. The
 * demo makes trouble too: broken, hostile and oversized records are on the pages that are looked at.
 */
export default async function globalSetup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.THROUGHLINE_E2E_URL !== undefined) return undefined;
  const product = await startBuiltProduct(['--poison', '--rate', '120']);
  process.env.THROUGHLINE_E2E_URL = product.url;
  return () => product.stop();
}
