import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';
import { findChromium, isRoot } from './scripts/prerequisites.mjs';

const GLOBAL_SETUP = './e2e/support/global-setup.ts';
const chromium = findChromium();

/** A browser that speaks to nobody but the product. */
const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export default defineConfig({
  testDir: './e2e',
  testMatch: '**/*.spec.ts',
  outputDir: './test-results',
  // The pages share one product, and the machine may have two cores.
  workers: 1,
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  ...(existsSync(GLOBAL_SETUP) && { globalSetup: GLOBAL_SETUP }),
  use: {
    browserName: 'chromium',
    // Known to the workers, which read this file again after the global set-up has started the product.
    ...(process.env.THROUGHLINE_E2E_URL && { baseURL: process.env.THROUGHLINE_E2E_URL }),
    viewport: { width: 1440, height: 900 },
    timezoneId: 'UTC',
    locale: 'en-GB',
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(chromium !== null && { executablePath: chromium }),
      // Chromium's sandbox refuses to run as root.
      args: isRoot ? ['--no-sandbox', ...QUIET] : QUIET,
    },
  },
});
