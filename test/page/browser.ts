import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { type Browser, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Answer } from '../../page/protocol.ts';
import type { PageState } from '../../page/state.ts';

const CHROMIUM = process.env.SVCGEN_CHROMIUM ?? '/usr/bin/chromium';

/** Whether Chromium is there. With SVCGEN_BROWSER=required, as in .ci/run, it has to be. */
export const hasBrowser = existsSync(CHROMIUM);
if (!hasBrowser && process.env.SVCGEN_BROWSER === 'required') throw new Error(`there is no ${CHROMIUM}`);
if (!hasBrowser) console.warn(`\nSKIPPED: tests of the page need Chromium, and there is no ${CHROMIUM}\n`);

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
}

/** A page under test: whatever it says to the console, or asks a network for, fails the test. */
export interface OpenedPage {
  readonly page: Page;
  /** Fails when anything went wrong so far. */
  readonly check: () => void;
}

interface OpenOptions {
  readonly file?: string;
  readonly fragment?: string;
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
}

/** Opens the page, and waits until the compiler has answered. */
export async function openPage(browser: Browser, options: OpenOptions = {}): Promise<OpenedPage> {
  const { file = 'dist/page.html', fragment = '', width = 1440, scheme = 'light' } = options;
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
  const wrong: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) wrong.push(message.text());
  });
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('request', (request) => {
    if (!/^(?:file|blob|data):/.test(request.url())) wrong.push(`request to ${request.url()}`);
  });
  await page.addInitScript(RECORD_ANSWERS);
  const hash = fragment === '' ? '' : `#${fragment}`;
  await page.goto(`${pathToFileURL(resolve(file)).href}${hash}`);
  await waitUntil(page, 'globalThis.lastAnswer !== undefined');
  return { page, check: () => expect(wrong).toEqual([]) };
}

/** Runs in the page before its own script: keeps what the worker answers. */
const RECORD_ANSWERS = `{
  globalThis.Worker = new Proxy(Worker, {
    construct(target, parameters) {
      const worker = new target(...parameters);
      worker.addEventListener('message', ({ data }) => {
        if (data.kind === 'answer') globalThis.lastAnswer = data.answer;
      });
      return worker;
    },
  });
}`;

/** The fragment of a link to a state. */
export function fragmentOf(state: Partial<PageState>): string {
  return `v1.${deflateRawSync(JSON.stringify(state)).toString('base64url')}`;
}

/** The state with one file of the fixtures. */
export function stateOf(path: string): Partial<PageState> {
  return { files: [{ path, text: readFileSync(path, 'utf8') }] };
}

/** Waits for an expression to be true. (Playwright's own way would need `unsafe-eval`, which the page does not allow.) */
export async function waitUntil(page: Page, expression: string): Promise<void> {
  while (!(await page.evaluate<boolean>(expression))) await page.waitForTimeout(15);
}

/** Does something in the page, and waits for the answer that comes of it. */
export async function answerAfter(page: Page, act: () => Promise<unknown>): Promise<Answer> {
  const before = await page.evaluate<number>('globalThis.lastAnswer.id');
  await act();
  await waitUntil(
    page,
    `globalThis.lastAnswer.id > ${before} && document.body.dataset.answer === String(globalThis.lastAnswer.id)`,
  );
  return page.evaluate<Answer>('globalThis.lastAnswer');
}
