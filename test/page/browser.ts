import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { type Browser, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Answer, Settings } from '../../page/protocol.ts';
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
  await page.evaluate('answerBehind(0)');
  return { page, check: () => expect(wrong).toEqual([]) };
}

/** Runs in the page before its own script: keeps what the worker answers, texts put together, what is shown, and each notice. */
const RECORD_ANSWERS = `{
  let last = '';
  globalThis.notices = [];
  const keepNotice = () => notices.push(document.querySelector('#toast')?.textContent ?? '');
  new MutationObserver(keepNotice).observe(document, { subtree: true, childList: true });
  globalThis.answerBehind = (id) => new Promise((resolve) => {
    const look = () => {
      const { lastAnswer: answer } = globalThis;
      if (answer?.id > id && document.body.dataset.answer === String(answer.id)) resolve(answer);
      else setTimeout(look, 2);
    };
    look();
  });
  globalThis.Worker = new Proxy(Worker, {
    construct(target, parameters) {
      const worker = new target(...parameters);
      worker.addEventListener('message', ({ data }) => {
        if (data.kind !== 'answer') return;
        const { text: sent } = data;
        last = typeof sent === 'string' ? sent : last.slice(0, sent.from) + sent.insert + last.slice(sent.to);
        globalThis.lastAnswer = { ...data, text: last };
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

/** Waits until the page has given notice of something, which it takes away again after a while. */
export function noticeOf(page: Page, text: string): Promise<void> {
  return waitUntil(page, `globalThis.notices.some((notice) => notice.includes(${JSON.stringify(text)}))`);
}

/** Does something in the page, and waits until the answer that comes of it is shown. */
export async function answerAfter(page: Page, act: () => Promise<unknown>): Promise<Answer> {
  const before = await page.evaluate<number>('globalThis.lastAnswer.id');
  await act();
  return page.evaluate<Answer>(`answerBehind(${before})`);
}

/** The same of a piece of script. */
export function answerTo(page: Page, script: string): Promise<Answer> {
  return page.evaluate<Answer>(`{
    const { id } = globalThis.lastAnswer;
    ${script};
    answerBehind(id);
  }`);
}

/** What the viewer holds, also what is not on the screen. */
export function viewerText(page: Page): Promise<string> {
  return docOf(page, '#viewer');
}

/** What the editor holds. */
export function editorText(page: Page): Promise<string> {
  return docOf(page, '#editor');
}

function docOf(page: Page, selector: string): Promise<string> {
  return page.evaluate<string>(`{
    const content = document.querySelector('${selector}').shadowRoot.querySelector('.cm-content');
    (content.cmTile ?? content.cmView).view.state.doc.toString();
  }`);
}

/** Files of the quickstart. */
export const QUICKSTART: readonly string[] = readdirSync('fixtures/quickstart').map((name) =>
  join('fixtures/quickstart', name),
);

/** The state with the quickstart. */
export function quickstart(rest: Partial<PageState> = {}): Partial<PageState> {
  return { files: QUICKSTART.map((path) => ({ path, text: readFileSync(path, 'utf8') })), ...rest };
}

/** What an empty page has in its bar. */
export const SETTINGS: Settings = {
  node: '',
  mode: 'iptables',
  layout: '',
  family: '',
  version: '',
  clusterCIDR: '',
};
