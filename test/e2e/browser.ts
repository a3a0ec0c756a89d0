import { existsSync, mkdirSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { TestHub } from '#test/support/hub';

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The system's Chromium; undefined where there is none. */
export const chromiumPath = candidates.find((path) => existsSync(path));

/** Without the background flags a closed network makes Chromium retry its own hosts all the time. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath ?? 'chromium',
    args: [
      '--headless=new',
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

/** For what a busy machine, whose software draws the map, shows in its own time. */
export const patience = { timeout: 100_000 } as const;

/** Where pictures go for whoever wants to look at them; nowhere by itself. */
export const pictures = process.env.QUAYWATCH_PICTURES;

export async function shoot(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: `${pictures}/${name}.png` });
}

const sizes = [
  [390, 844],
  [1100, 800],
  [1440, 900],
  [1920, 1080],
  [2560, 1440],
] as const;

/** Pictures of a page at the sizes of a phone, a notebook and screens on a desk, in both themes. */
export async function shootAll(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return;
  const before = page.viewportSize();
  const theme = await page.locator('html').getAttribute('data-theme');
  for (const look of ['dark', 'light'])
    for (const [width, height] of sizes) {
      await page.evaluate(`document.documentElement.dataset.theme = ${JSON.stringify(look)}`);
      await page.setViewportSize({ width, height });
      await page.waitForTimeout(250);
      await shoot(page, `${name}-${width}-${look}`);
    }
  await page.evaluate(
    theme === null
      ? 'delete document.documentElement.dataset.theme'
      : `document.documentElement.dataset.theme = ${JSON.stringify(theme)}`,
  );
  if (before) await page.setViewportSize(before);
}

/** A page of somebody who is signed in at a hub; what goes wrong in it is told to `errors`. */
export async function signedIn(browser: Browser, hub: TestHub, errors: string[]): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const [name = '', value = ''] = hub.cookie.split('=');
  await context.addCookies([{ name, value, url: hub.hub.url }]);
  const page = await context.newPage();
  page.setDefaultTimeout(patience.timeout);
  page.on('pageerror', (error) => errors.push(error.message));
  return page;
}
