import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';

const usual = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  path.join(process.env.PROGRAMFILES ?? 'C:\\Program Files', 'Google', 'Chrome', 'Application', 'chrome.exe'),
  path.join(process.env['PROGRAMFILES(X86)'] ?? 'C:\\', 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
];

/** The browser on this machine: CHROMIUM_PATH, or one of the usual places. */
export const chromiumPath: string | undefined = [process.env.CHROMIUM_PATH, ...usual].find(
  (file) => file !== undefined && fs.existsSync(file),
);

const howToGet =
  'no Chromium or Chrome is here: "apt-get install chromium" (or the like), or set CHROMIUM_PATH to one';

/** Why browser tests are skipped here, or false. On a build server (CI=true) they are never skipped. */
export const browserMissing: string | false =
  chromiumPath !== undefined || process.env.CI === 'true' ? false : howToGet;

/** Starts the browser, with everything off that it would do by itself. */
export async function launchBrowser(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error(howToGet);
  const asRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: chromiumPath,
    headless: true,
    args: [
      ...(asRoot ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A page that notes everything a test wants to hold against it. */
export interface WatchedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Addresses of all requests, of the page and of everything it opened. */
  readonly requests: string[];
  readonly dialogs: string[];
  /** Errors and warnings of the console, and uncaught errors. */
  readonly complaints: string[];
  /** Violations of the content policy, as the page itself was told. */
  readonly violations: () => Promise<string[]>;
}

export interface PageOptions {
  readonly scheme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
}

export async function openPage(
  browser: Browser,
  url: string,
  options: PageOptions = {},
): Promise<WatchedPage> {
  const { scheme = 'light', width = 1280, height = 800 } = options;
  const context = await browser.newContext({
    colorScheme: scheme,
    viewport: { width, height },
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
  });
  const requests: string[] = [];
  const dialogs: string[] = [];
  const complaints: string[] = [];
  const told: string[] = [];
  context.on('request', (request) => requests.push(request.url()));
  await context.exposeFunction('__tellViolation', (text: string) => void told.push(text));
  await context.addInitScript({
    content: `document.addEventListener('securitypolicyviolation', (event) =>
      __tellViolation(event.violatedDirective + ' ' + event.blockedURI));`,
  });
  const page = await context.newPage();
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  const violations = async () => {
    await page.waitForTimeout(50);
    return told;
  };
  return { page, context, requests, dialogs, complaints, violations };
}

/** All text of an element, seen or not. */
export async function textOf(locator: Locator): Promise<string> {
  return (await locator.textContent()) ?? '';
}

/** Waits until something holds; fails after ten seconds. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`never came to hold: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
