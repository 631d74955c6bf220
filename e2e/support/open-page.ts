import type { Page } from '@playwright/test';

/** Goes to a page and waits until it listens to keys. */
export async function openPage(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await listening(page);
}

/** A page of the server is drawn before its script runs; from then on it hears keys and clicks. */
export async function listening(page: Page): Promise<void> {
  await page.locator('[data-keys="on"]').waitFor();
}
