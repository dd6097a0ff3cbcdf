// The page in Chromium with 1,000 Services: how long from a key to the rules that come of it, and how long typing is held up.
// bench/README.md says what it needs.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { largeCluster } from './large-cluster.mjs';
import { ms, printTable, spread } from './measure.mjs';

const SERVICES = 1_000;
const KEYS = 9;
const LOADS = 5;
/** Of somebody who types fast, in milliseconds from key to key. */
const FAST = 70;
const LIMIT = 300;
const FIRST_LIMIT = 1_000;
const QUICKSTART = fileURLToPath(new URL('../fixtures/quickstart', import.meta.url));
const PAGE = fileURLToPath(new URL('../dist/page.html', import.meta.url));
const { SVCGEN_CHROMIUM = '/usr/bin/chromium' } = process.env;

export async function benchPage() {
  if (!existsSync(SVCGEN_CHROMIUM)) {
    console.log(`\npage: skipped, there is no ${SVCGEN_CHROMIUM}`);
    return;
  }
  const browser = await launch();
  try {
    const first = await firstAnswer(browser);
    const loaded = await firstPage();
    const rows = [
      [
        'from the start of loading, in a browser just started, to the rules of the quickstart',
        spread(loaded, ms),
        `< ${FIRST_LIMIT} ms`,
      ],
      [
        'from the example to its rules, the first thing compiled',
        `${ms(first.total)}, ${ms(first.took)} in the worker`,
        `< ${FIRST_LIMIT} ms`,
      ],
    ];
    for (const [form, text] of Object.entries(inputs())) rows.push(...(await typing(browser, form, text)));
    printTable(
      `the page (${Math.round(statSync(PAGE).size / 1000)} kB) with ${SERVICES} Services: median (least - most)`,
      rows,
    );
  } finally {
    await browser.close();
  }
}

function launch() {
  return chromium.launch({ executablePath: SVCGEN_CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
}

/** The same cluster as two tools would write it. Its first lines are a Service whose name is typed. */
function inputs() {
  const { items } = largeCluster({ services: SERVICES, endpoints: 3 });
  const edited =
    'metadata: {name: edited}\napiVersion: v1\nkind: Service\nspec: {ports: [{port: 80}]}\n---\n';
  return {
    YAML: edited + items.map((item) => yamlOf(item)).join('---\n'),
    'a List of JSON': `${edited}${JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 2)}\n`,
  };
}

/** An object as `kubectl get -o yaml` lays it out. */
function yamlOf(value, indent = '') {
  return Object.entries(value)
    .map(([key, each]) => {
      if (typeof each !== 'object') return `${indent}${key}: ${JSON.stringify(each)}\n`;
      if (Object.keys(each).length === 0) return `${indent}${key}: ${Array.isArray(each) ? '[]' : '{}'}\n`;
      if (!Array.isArray(each)) return `${indent}${key}:\n${yamlOf(each, `${indent}  `)}`;
      const entries = each.map((entry) =>
        typeof entry === 'object'
          ? `${indent}- ${yamlOf(entry, `${indent}  `).slice(indent.length + 2)}`
          : `${indent}- ${JSON.stringify(entry)}\n`,
      );
      return `${indent}${key}:\n${entries.join('')}`;
    })
    .join('');
}

async function openPage(browser, hash = '') {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript(RECORD);
  await page.goto(`${pathToFileURL(PAGE).href}${hash}`);
  await until(page, 'record.answers.length > 0');
  return page;
}

/** Runs in the page: when keys are pressed, when answers are on the screen, and how long frames are kept waiting. */
const RECORD = `{
  const record = { key: 0, answers: [], took: 0, frames: [], isWatching: false };
  globalThis.record = record;
  addEventListener('keydown', () => { record.key = performance.now(); }, true);
  addEventListener('click', () => { record.key = performance.now(); }, true);
  let last = 0;
  const frame = (now) => {
    if (record.isWatching) record.frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  addEventListener('DOMContentLoaded', () =>
    new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => {
      record.answers.push(performance.now() - record.key);
    }))).observe(document.body, { attributeFilter: ['data-answer'] }));
  globalThis.Worker = new Proxy(Worker, {
    construct(target, parameters) {
      const worker = new target(...parameters);
      worker.addEventListener('message', ({ data }) => { record.took = data.took ?? 0; });
      return worker;
    },
  });
}`;

async function until(page, expression) {
  while (!(await page.evaluate(expression))) await page.waitForTimeout(10);
}

/** Does something, and waits for its answer to be seen: milliseconds from the key or click on, and those of the worker. */
async function answerTo(page, act) {
  await page.evaluate('record.answers.length = 0');
  await act();
  await until(page, 'record.answers.length > 0');
  return page.evaluate('({ total: record.answers[0], took: record.took })');
}

/** Of all pages so far, in milliseconds: on a busy machine it tells more than the clock does. */
async function processorTime(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const pages = processInfo.filter(({ type }) => type === 'renderer');
  return pages.reduce((sum, { cpuTime }) => sum + cpuTime * 1000, 0);
}

async function firstAnswer(browser) {
  const page = await openPage(browser);
  const answer = await answerTo(page, () => page.click('#example'));
  await page.close();
  return answer;
}

/** A link to the quickstart is opened, each time in a new browser that has nothing in its caches: milliseconds. */
async function firstPage() {
  const files = readdirSync(QUICKSTART).map((path) => ({
    path,
    text: readFileSync(join(QUICKSTART, path), 'utf8'),
  }));
  const fragment = `v1.${deflateRawSync(JSON.stringify({ files })).toString('base64url')}`;
  const times = [];
  for (let run = 0; run < LOADS; run += 1) {
    const browser = await launch();
    const page = await openPage(browser, `#${fragment}`);
    times.push(await page.evaluate('record.answers[0]'));
    await browser.close();
  }
  return times;
}

async function typing(browser, form, text) {
  const page = await openPage(browser);
  const file = { name: 'cluster.yaml', mimeType: 'text/yaml', buffer: Buffer.from(text) };
  const opened = await answerTo(page, () => page.setInputFiles('#open-files', file));
  await page.locator('#editor .cm-content').focus();
  for (const key of ['Control+Home', 'End', 'ArrowLeft']) await page.keyboard.press(key);
  const slow = [];
  const before = await processorTime(browser);
  for (let key = 0; key < KEYS; key += 1) {
    slow.push(await answerTo(page, () => page.keyboard.press('abcdefghijklmno'.charAt(key))));
    await page.waitForTimeout(300);
  }
  const processor = (await processorTime(browser)) - before;
  await page.evaluate('record.isWatching = true');
  for (let key = 0; key < KEYS * 2; key += 1) {
    await page.keyboard.press('x');
    await page.waitForTimeout(FAST);
  }
  const frames = await page.evaluate('record.frames');
  await page.close();
  const name = `${form} (${(text.length / 1e6).toFixed(1)} MB)`;
  const totals = slow.map(({ total }) => total);
  return [
    [`${name}: opened`, ms(opened.took), ''],
    [`${name}: from a key to the answer on the screen`, spread(totals, ms), `< ${LIMIT} ms`],
    [
      `${name}: of that in the worker`,
      spread(
        slow.map(({ took }) => took),
        ms,
      ),
      '',
    ],
    [`${name}: processor time for a key, all threads`, ms(processor / KEYS), ''],
    [`${name}: from frame to frame while typing`, spread(frames, ms), ''],
  ];
}
