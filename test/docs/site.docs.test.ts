import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, launch } from '../page/browser.ts';

/** The site is made as for a project page: below a folder that the build knows nothing of. */
const BASE = '/some/folder/';

const dir = mkdtempSync(join(tmpdir(), 'svcgen-site-'));
const site = join(dir, 'site');
afterAll(() => rmSync(dir, { recursive: true }));
beforeAll(() => {
  execFileSync('npm', ['run', 'docs', '--', site], { stdio: ['ignore', 'pipe', 'pipe'] });
});

/** What `site/check-site.mjs` says of a folder, a line each. */
function check(folder: string): readonly string[] {
  const code = `import { deadLinksOf } from './site/check-site.mjs'; console.log(deadLinksOf(process.argv[1]).join('\\n'));`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code, folder], {
    encoding: 'utf8',
  });
  return stdout.trim().split('\n');
}

test('a link or an anchor that leads nowhere, and what others serve, is found', () => {
  const copy = join(dir, 'copy');
  cpSync(site, copy, { recursive: true });
  const page = join(copy, 'documents/Glossary.html');
  const added = '<a href="Nothing.html">a</a><a href="Codes.html#nothing">b</a><a href="/svcgen/">c</a>';
  const loaded = '<script src="https://cdn.example.com/a.js"></script><img src="//example.com/a.png">';
  writeFileSync(page, readFileSync(page, 'utf8').replace('</body>', `${added}${loaded}</body>`));
  expect(check(copy)).toEqual([
    'documents/Glossary.html: there is no such file: Nothing.html',
    'documents/Glossary.html: there is no such anchor: Codes.html#nothing',
    'documents/Glossary.html: only works at the root of a server: /svcgen/',
    'documents/Glossary.html: is loaded from another host: https://cdn.example.com/a.js',
    'documents/Glossary.html: is loaded from another host: //example.com/a.png',
  ]);
  expect(check(site)).toEqual(['']);
});

test('the commands are those of the program, with all their options', () => {
  const html = readFileSync(join(site, 'documents/Commands.html'), 'utf8');
  const help = execFileSync(process.execPath, ['bin/svcgen.js', 'help', 'render'], { encoding: 'utf8' });
  const options = [...help.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, option = '']) => option);
  expect(options.length).toBeGreaterThan(40);
  expect(options.filter((option) => !html.includes(option))).toEqual([]);
});

describe.skipIf(!hasBrowser)('in a browser', () => {
  let browser: Browser;
  let server: Server;
  let origin = '';
  beforeAll(async () => {
    browser = await launch();
    server = createServer(({ url = '' }, response) => {
      const path = join(
        site,
        decodeURI(url.split('?')[0] ?? '')
          .replace(BASE, '/')
          .replace(/\/$/, '/index.html'),
      );
      const isThere = url.startsWith(BASE) && existsSync(path);
      const type = { html: 'text/html', css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' };
      const [, extension = ''] = /\.(\w+)$/.exec(path) ?? [];
      response.writeHead(isThere ? 200 : 404, {
        'content-type': new Map(Object.entries(type)).get(extension) ?? 'text/plain',
      });
      response.end(isThere ? readFileSync(path) : '');
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    origin = `http://127.0.0.1:${address.port}`;
  });
  afterAll(async () => {
    await browser.close();
    server.close();
  });

  async function open(path: string, width = 1440, colorScheme: 'light' | 'dark' = 'light') {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    const wrong: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) wrong.push(message.text());
    });
    page.on('pageerror', (error) => wrong.push(String(error)));
    page.on('request', (request) => {
      if (!new RegExp(`^(?:${origin}${BASE}|blob:|data:)`).test(request.url())) wrong.push(request.url());
    });
    page.on('response', (response) => {
      if (response.status() >= 400 && !response.url().endsWith('favicon.ico')) wrong.push(response.url());
    });
    await page.goto(`${origin}${BASE}${path}`);
    return { page, wrong: () => wrong.filter((each) => !each.endsWith('favicon.ico')) };
  }

  test.each([
    ['index.html', 360, 'light'],
    ['index.html', 1440, 'dark'],
    ['documents/Commands.html', 360, 'dark'],
    ['documents/Codes.html', 360, 'light'],
    ['documents/Codes.html', 1440, 'light'],
    ['modules/svcgen.html', 360, 'light'],
  ] as const)('%s at %i px, %s: fits, asks nobody, says nothing', async (path, width, scheme) => {
    const { page, wrong } = await open(path, width, scheme);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    expect(wrong()).toEqual([]);
    await page.close();
  });

  test('the search finds a page by its text', async () => {
    const { page, wrong } = await open('documents/Glossary.html');
    await page.click('#tsd-search-trigger');
    await page.fill('#tsd-search-input', 'hairpin');
    await page.waitForSelector('#tsd-search-results a');
    expect(await page.textContent('#tsd-search-results')).toContain('Glossary');
    expect(wrong()).toEqual([]);
    await page.close();
  });

  test('the menu leads to the playground, from any page', async () => {
    const { page, wrong } = await open('documents/Glossary.html');
    await page.click('text=Playground');
    await page.waitForURL(/playground\.html$/);
    await page.waitForSelector('.cm-editor');
    expect(wrong()).toEqual([]);
    await page.close();
  });
});
