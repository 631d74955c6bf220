import type { Page } from '@playwright/test';

const LOOKS = [
  [1440, 'dark'],
  [1440, 'light'],
  [390, 'dark'],
  [390, 'light'],
] as const;

/** Pictures of the page as it stands, in `THROUGHLINE_E2E_SHOTS`; none where that names no folder. */
export async function takeShots(page: Page, name: string): Promise<void> {
  const folder = process.env.THROUGHLINE_E2E_SHOTS;
  if (folder === undefined) return;
  for (const [width, theme] of LOOKS) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
    await page.evaluate((to) => document.documentElement.setAttribute('data-theme', to), theme);
    await page.screenshot({ path: `${folder}/${name}-${width}-${theme}.png` });
  }
}
