import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { MockHub } from '../../support/mock-hub.ts';

/** Debian's Chromium (`apt-get install chromium`), or the one that CHROMIUM names. */
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const FILLER = 'demo/bottling/filler';
const PAGES = ['demo', 'demo/bottling', FILLER, `${FILLER}/temperature`];
const LAPTOP = { width: 1280, height: 800 };
const PHONE = { width: 360, height: 800 };

let hub: MockHub;
let address: string;
let browser: Browser;
let page: Page;
let faults: string[];

async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: LAPTOP, locale: 'en-GB', reducedMotion: 'reduce', ...options });
  page = await context.newPage();
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.goto(`${address}/${path}`);
  // The first heading is only that of waiting for the hub.
  await page.locator('h1', { hasNotText: 'Plantbridge' }).waitFor();
  return page;
}

/** Waits until `text` stands in an element, and says how long that took. */
async function until(selector: string, text: string): Promise<number> {
  const start = performance.now();
  await page.locator(selector, { hasText: text }).first().waitFor({ timeout: 10_000 });
  return performance.now() - start;
}

beforeAll(async () => {
  // In a process of its own, as the factory does it: jest's module loader is not Vite's.
  await promisify(execFile)(process.execPath, [fileURLToPath(new URL('../../../hub/web/build.ts', import.meta.url))]);
  const dashboardFolder = fileURLToPath(new URL('../../../hub/web/dist', import.meta.url));
  // Values come only when a test says so: what appears is then what it sent. Heartbeats come often enough to stay connected.
  hub = new MockHub({ dashboardFolder, tickMs: 2_000 });
  address = await hub.start();
  browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
});

afterAll(async () => {
  await browser?.close();
  await hub?.stop();
});

beforeEach(() => {
  faults = [];
});

afterEach(async () => {
  await page?.context().close();
});

describe('every page', () => {
  test.each(
    PAGES.flatMap((path) =>
      [LAPTOP, PHONE].flatMap((viewport) =>
        (['light', 'dark'] as const).map((colorScheme) => ({ path, viewport, colorScheme })),
      ),
    ),
  )(
    '$path at $viewport.width px in $colorScheme has nothing serious for axe, fits, and obeys the content security policy',
    async ({ path, viewport, colorScheme }) => {
      await open(path, { viewport, colorScheme });
      await page.locator('.card').first().waitFor();
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => [id, nodes.map((node) => node.target.join(' '))])).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(
        0,
      );
      expect(faults).toEqual([]);
    },
  );

  test.each(PAGES.flatMap((path) => [`${path}?window=shift`, `${path}?window=day`]))(
    '%s can be loaded anew',
    async (path) => {
      await open(path);
      const before = await page.locator('h1').textContent();
      await page.reload();
      await page.locator('.card').first().waitFor();
      expect(await page.locator('h1').textContent()).toBe(before);
      expect(page.url()).toBe(`${address}/${path}`);
      const choice = path.endsWith('shift') ? 'Shift' : 'Day';
      expect(await page.getByRole('radio', { name: choice }).isChecked()).toBe(true);
    },
  );

  test('the start page goes on to the factory, and an unknown address says so', async () => {
    await open('');
    await page.waitForURL(`${address}/demo`);
    await page.goto(`${address}/demo/nothing`);
    await until('h1', 'No such place');
  });
});

describe('the hall display', () => {
  test.each(
    ['demo', 'demo/bottling', FILLER].flatMap((path) => [
      { path, colorScheme: 'light' as const },
      { path, colorScheme: 'dark' as const },
    ]),
  )(
    'of $path in $colorScheme fits the screen, in letters that can be read from five metres',
    async ({ path, colorScheme }) => {
      await open(`${path}?hall&window=shift`, { viewport: { width: 1920, height: 1080 }, colorScheme });
      await page.locator('.hall-machine').first().waitFor();
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
      expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
      const sizes: number[] = await page.evaluate(
        `[...document.querySelectorAll('.hall-name, .hall-state, .hall-factors dd')].map((each) => parseFloat(getComputedStyle(each).fontSize))`,
      );
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(32);
      expect(await page.evaluate('document.documentElement.scrollHeight - document.documentElement.clientHeight')).toBe(
        0,
      );
      expect(await page.locator('button, input').count()).toBe(0);
    },
  );
});

describe('live', () => {
  test('a value that changes is on the page within a second', async () => {
    await open(`${FILLER}/temperature`);
    await page.locator('.link-status', { hasText: 'Live' }).waitFor();
    const shown = until('.big-value', '77.25');
    await hub.setValue(`${FILLER}/temperature`, 77.25);
    expect(await shown).toBeLessThan(1_000);
  });

  test('a state that changes is on the page within a second, in text, and is announced', async () => {
    await open('demo/bottling');
    await page.locator('.link-status', { hasText: 'Live' }).waitFor();
    await hub.force(FILLER, 'RUNNING');
    await page.locator('.machine-card.state-RUNNING', { hasText: 'Filler' }).waitFor();
    const shown = until('.machine-card.state-FAULT', 'Star wheel jammed');
    await hub.force(FILLER, 'FAULT', 'Star wheel jammed');
    expect(await shown).toBeLessThan(1_000);
    expect(await page.locator('[aria-live=polite]').textContent()).toBe('Filler: Fault, Star wheel jammed');
    await hub.force(FILLER, undefined);
  });

  test('a machine that nobody confirms is unknown, with the time of its last sign of life', async () => {
    await hub.force(FILLER, 'UNKNOWN');
    await open(FILLER);
    await until('.now-label', 'Unknown');
    expect(await page.locator('.now .freshness').textContent()).toMatch(/^Last confirmed \d\d:\d\d:\d\d, /);
    await hub.force(FILLER, undefined);
  });

  test('a lost hub is said, with since when, and the page goes on by itself when it is back', async () => {
    await open('demo');
    await page.locator('.link-status', { hasText: 'Live' }).waitFor();
    await hub.goSilent(true);
    await until('.banner', 'Connection to the hub lost since');
    expect(await page.locator('main').getAttribute('class')).toContain('is-lost');
    await hub.goSilent(false);
    await page.locator('.banner').waitFor({ state: 'detached', timeout: 15_000 });
    await page.locator('.link-status', { hasText: 'Live' }).waitFor();
  });
});

describe('gaps', () => {
  const middle = () => new Date((hub.plant.outage().fromMs + hub.plant.outage().toMs) / 2);

  test('are dashes and "no data" in the trend, never zeros', async () => {
    await open(`demo/bottling/labeller?from=${middle().toISOString()}`);
    await page.getByText('Trend as a table').click();
    const row = page.locator('tr', { hasText: 'no data' }).first();
    await row.waitFor();
    expect(await row.locator('td').allTextContents()).toEqual(['–', '–', '–', '–', '–', 'no data']);
  });

  test('of a sensor are listed, and its chart says how many there are', async () => {
    await open(
      `demo/bottling/labeller/temperature?window=range&from=${new Date(hub.plant.outage().fromMs - 600_000).toISOString()}&to=${new Date(hub.plant.outage().toMs + 600_000).toISOString()}`,
    );
    await page.getByText('Gaps as a table').click();
    await until('tbody tr', '25 min 00 s');
    expect(await page.getByRole('img', { name: /, 1 gap$/ }).count()).toBe(1);
  });

  test('of a whole period have no figure, and say why', async () => {
    const { fromMs, toMs } = hub.plant.outage();
    await open(
      `demo/bottling/labeller?window=range&from=${new Date(fromMs).toISOString()}&to=${new Date(toMs).toISOString()}`,
    );
    await until('.hero-why', 'No data in this period.');
    expect(await page.locator('.hero-value').textContent()).toBe('–');
    expect(await page.locator('.factor-value').allTextContents()).toEqual(['–', '–', '–']);
  });
});

describe('by keyboard alone', () => {
  test('the skip link leads past the head, and a machine is reached and opened', async () => {
    await open('demo');
    await page.locator('.machine-card').first().waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the figures');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    for (let presses = 0; presses < 15; presses += 1) {
      await page.keyboard.press('Tab');
      if ((await page.evaluate('document.activeElement.textContent')) === 'Filler') break;
    }
    await page.keyboard.press('Enter');
    await page.waitForURL(`${address}/${FILLER}`);
    await until('h1', 'Filler');
    expect(await page.evaluate('document.activeElement.tagName')).toBe('H1');
  });

  test('the period is chosen by arrows and kept in the address, on the way back too', async () => {
    await open('demo');
    await page.getByRole('radio', { name: 'Hour' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForURL(`${address}/demo?window=shift`);
    await page.getByRole('button', { name: 'Previous shift' }).press('Enter');
    await page.waitForURL(/window=shift&from=/);
    await page.goBack();
    await page.waitForURL(`${address}/demo?window=shift`);
  });

  test('the timeline is walked state by state', async () => {
    await open(`${FILLER}?window=shift&from=${new Date(Date.now() - 86_400_000).toISOString()}`);
    const bar = page.getByRole('slider', { name: /^States of Filler/ });
    await bar.focus();
    await page.keyboard.press('Home');
    const first = await bar.getAttribute('aria-valuetext');
    await page.keyboard.press('ArrowRight');
    const second = await bar.getAttribute('aria-valuetext');
    expect(first).toMatch(/^(Running|Idle|Fault|Changeover|Planned stop).*\d\d:\d\d:\d\d–\d\d:\d\d:\d\d, /);
    expect(second).not.toBe(first);
  });

  test('the demo drawer opens, acts and closes with Escape', async () => {
    await open('demo');
    await page.getByRole('button', { name: 'Demo' }).press('Enter');
    const drawer = page.getByRole('dialog', { name: 'Demo panel' });
    await drawer.locator('summary', { hasText: 'Capper' }).press('Enter');
    const stop = drawer.locator('details[open]').getByRole('button', { name: 'Stop the machine' });
    await stop.press('Enter');
    await drawer.locator('[aria-pressed=true]', { hasText: 'Stop the machine' }).waitFor();
    await stop.press('Enter');
    await drawer.locator('details[open] [aria-pressed=false]', { hasText: 'Stop the machine' }).waitFor();
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
  });
});

test("times are the site's, numbers the browser's", async () => {
  await open('demo', { timezoneId: 'America/New_York', locale: 'de-DE' });
  await page.locator('.link-status', { hasText: 'Live' }).waitFor();
  const berlin = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', hour: '2-digit' }).format(Date.now());
  expect((await page.locator('.clock').textContent())?.slice(0, 2)).toBe(berlin);
  expect(await page.locator('.hero-value').textContent()).toMatch(/^\d+,\d%$/);
});

test('the chosen colours are remembered', async () => {
  await open('demo', { colorScheme: 'light' });
  await page.getByRole('button', { name: /^Colours: auto/ }).click();
  await page.getByRole('button', { name: /^Colours: light/ }).click();
  await page.reload();
  await page.locator('.card').first().waitFor();
  expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
});
