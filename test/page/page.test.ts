import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runQuietly } from '../support/run-program.ts';
import {
  answerAfter,
  fragmentOf,
  hasBrowser,
  launch,
  noticeOf,
  openPage,
  QUICKSTART,
  quickstart,
  SETTINGS,
  viewerText,
  waitUntil,
} from './browser.ts';

describe.skipIf(!hasBrowser)('the page in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test('has at most 1.5 MB and a policy that lets in nothing but what it holds', () => {
    const html = readFileSync('dist/page.html', 'utf8');
    expect(statSync('dist/page.html').size).toBeLessThanOrEqual(1_500_000);
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
    expect(policy).toMatch(
      /^default-src 'none'; script-src 'sha256-\S+'; style-src 'sha256-\S+ 'sha256-\S+; worker-src blob:;/,
    );
    expect(policy).not.toMatch(/unsafe|http|\*/);
  });

  test('shows the example: picture, findings where they are, rules', async () => {
    const { page, check } = await openPage(browser);
    const answer = await answerAfter(page, () => page.click('#example'));
    expect(answer.services.map(({ name }) => name)).toEqual(['shop/cart', 'shop/gateway']);
    expect(await page.locator('#picture svg[role=img]').count()).toBe(1);
    expect(await page.locator('#picture [data-box].lit').count()).toBeGreaterThan(3);
    expect(await page.locator('#viewer .lit-line').count()).toBeGreaterThan(0);
    expect(await page.locator('#editor .cm-lint-marker-warning').count()).toBe(1);
    expect(await page.locator('#problems [role=option]').first().textContent()).toMatch(
      /selector app=cart,tier=web.*Pod shop\/cart-0 comes nearest/,
    );
    await page.locator('#problems [role=option]').first().click();
    expect(await page.locator('#editor .cm-activeLine').textContent()).toContain('selector:');
    await answerAfter(page, () => page.locator('#services [role=option]').first().click());
    expect(await page.locator('#picture .box.refused').first().textContent()).toContain('rejected');
    check();
    await page.close();
  });

  test('says that it loads until the compiler answers', async () => {
    const texts =
      "['#picture', '#problems-title', '#work'].map((id) => document.querySelector(id).textContent)";
    const page = await browser.newPage();
    await page.addInitScript('globalThis.Worker = class extends EventTarget { postMessage() {} }');
    await page.goto(pathToFileURL(resolve('dist/page.html')).href);
    for (const text of await page.evaluate<readonly string[]>(texts)) expect(text).toMatch(/^Loading.*…$/);
    await page.close();
    const loaded = await openPage(browser);
    for (const text of await loaded.page.evaluate<readonly string[]>(texts))
      expect(text).not.toContain('Loading');
    loaded.check();
    await loaded.page.close();
  });

  test('where rules differ by node and none is chosen, says so in its own terms', async () => {
    const text =
      'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: NodePort, externalTrafficPolicy: Local, selector: {app: web}, ports: [{port: 80}]}\n' +
      '---\napiVersion: v1\nkind: Node\nmetadata: {name: n1}\nstatus: {addresses: [{type: InternalIP, address: 192.168.0.1}]}\n' +
      '---\napiVersion: v1\nkind: Pod\nmetadata: {name: p, labels: {app: web}}\nspec: {nodeName: n1, containers: [{name: c, image: i}]}\n' +
      'status: {phase: Running, podIP: 10.244.1.2, podIPs: [{ip: 10.244.1.2}], conditions: [{type: Ready, status: "True"}]}\n';
    const fragment = fragmentOf({ files: [{ path: 'web.yaml', text }] });
    const { page, check } = await openPage(browser, { fragment });
    const shown = await viewerText(page);
    expect(shown).toContain('hint: choose a Node above');
    expect(await page.locator('#problems').textContent()).toContain('choose a Node above');
    expect(await page.locator('#viewer .cm-line span').count()).toBe(0);
    expect(await page.locator('#artifact').isVisible()).toBe(false);
    await answerAfter(page, () => page.selectOption('#node', 'n1'));
    expect(await viewerText(page)).toContain('KUBE-SVL-');
    expect(await page.locator('#artifact').isVisible()).toBe(true);
    check();
    await page.close();
  });

  test('where no address of the node is known, says what to add to the page', async () => {
    const text =
      'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {clusterIP: 10.96.0.1, ports: [{port: 80}]}\n';
    const fragment = fragmentOf({
      files: [{ path: 'web.yaml', text }],
      question: { from: 'node', to: '10.96.0.1:80' },
    });
    const { page, check } = await openPage(browser, { fragment });
    const said = (await page.locator('#explanation').textContent()) ?? '';
    expect(said).toContain('error[node-address-known]');
    expect(said).toContain('hint: add the Node object that has its addresses, and choose it as Node above');
    expect(said).not.toContain('--');
    check();
    await page.close();
  });

  test.each([360, 1280, 1440])('the picture of the example can be read at %i px', async (width) => {
    const { page, check } = await openPage(browser, { width });
    await answerAfter(page, () => page.click('#example'));
    const [all = 0, seen = 0] = await page.evaluate<readonly number[]>(
      "[document.querySelector('#picture').scrollWidth, document.querySelector('#picture').clientWidth]",
    );
    expect(seen).toBeGreaterThan(300);
    if (width > 900) expect(all).toBeLessThanOrEqual(seen);
    const sizes = await page.evaluate<readonly number[]>(`{
      const svg = document.querySelector('#picture svg');
      const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
      [...svg.querySelectorAll('text')].map((text) => Number.parseFloat(getComputedStyle(text).fontSize) * scale);
    }`);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(11);
    check();
    await page.close();
  });

  test('explains in the words of the command, and lights the way up', async () => {
    const connection = { from: '203.0.113.7', to: '192.168.10.11:30080' };
    const state = quickstart({ settings: { ...SETTINGS, node: 'node-a' }, question: connection });
    const { page, check } = await openPage(browser, { fragment: fragmentOf(state) });
    const { stdout } = await runQuietly([
      'explain',
      ...QUICKSTART,
      '--node',
      'node-a',
      '--from',
      connection.from,
      '--to',
      connection.to,
    ]);
    expect(await page.locator('#explanation').textContent()).toBe(stdout);
    await page.waitForSelector('#picture svg.explained');
    const lit = await page.locator('#picture .box.lit .title').allTextContents();
    expect(lit.sort()).toEqual([
      '*:30080/TCP',
      '1 of 2 endpoints',
      '10.244.1.10:8080',
      '10.244.2.10:8080',
      'outside',
    ]);
    const rules = await page.evaluate<readonly string[]>(
      `[...document.querySelector('#viewer').shadowRoot.querySelectorAll('.lit-line')].map((line) => line.textContent)`,
    );
    expect(rules.length).toBeGreaterThan(1);
    for (const rule of rules) expect(rule).toMatch(/^-A (?:PREROUTING|FORWARD|POSTROUTING|KUBE-)/);
    check();
    await page.close();
  });

  test('a pod lights up as one, also where no node is chosen', async () => {
    const question = { from: '10.244.1.9', to: 'default/frontend:http' };
    const { page, check } = await openPage(browser, { fragment: fragmentOf(quickstart({ question })) });
    await page.waitForSelector('#picture svg.explained');
    const lit = await page.locator('#picture .box.lit .title').allTextContents();
    expect(lit).toContain('pods');
    expect(lit).not.toContain('outside');
    check();
    await page.close();
  });

  test.each([
    ['iptables', '-A '],
    ['nftables', 'chain '],
  ])('in rules of %s a name of a chain leads to the chain', async (mode, start) => {
    const question = { from: '', to: 'default/api:http' };
    const state = quickstart({
      settings: { ...SETTINGS, mode, layout: 'kube-proxy', node: 'node-a' },
      question,
    });
    const { page, check } = await openPage(browser, { fragment: fragmentOf(state) });
    const link = page.locator('#viewer [data-chain]').first();
    const chain = await link.textContent();
    await link.focus();
    await page.keyboard.press('Enter');
    const selected = await page.evaluate<string>(`{
      const content = document.querySelector('#viewer').shadowRoot.querySelector('.cm-content');
      const { state } = (content.cmTile ?? content.cmView).view;
      state.sliceDoc(state.selection.main.from, state.selection.main.to);
    }`);
    expect(selected.trim().startsWith(`${start}${chain} `)).toBe(true);
    check();
    await page.close();
  });

  test('a dump of a node alone is explained, whoever made it', async () => {
    const { stdout: rules } = await runQuietly(['render', ...QUICKSTART, '--node', 'node-a']);
    const { page, check } = await openPage(browser);
    const answer = await answerAfter(page, () =>
      page.setInputFiles('#open-files', {
        name: 'node-a.rules',
        mimeType: 'text/plain',
        buffer: Buffer.from(rules),
      }),
    );
    expect([answer.isDump, answer.text]).toEqual([true, rules]);
    await page.fill('#to', 'default/api:http');
    const explained = await answerAfter(page, () => page.click('#ask'));
    expect(explained.explanation).toContain('goes to 1 of 2 endpoints');
    expect(await page.locator('#viewer .lit-line').count()).toBeGreaterThan(0);
    check();
    await page.close();
  });

  test('files, settings, tabs and Services by keyboard; the link holds it all', async () => {
    const { page, check } = await openPage(browser, { fragment: fragmentOf(quickstart()) });
    await page.locator('#tabs [aria-selected=true]').focus();
    await answerAfter(page, () => page.keyboard.press('ArrowRight'));
    expect(await page.locator('#tabs [aria-selected=true]').textContent()).toBe('Env');
    await page.locator('#services').focus();
    const moved = await answerAfter(page, () => page.keyboard.press('ArrowDown'));
    expect(moved.service).toBe('default/database');
    await answerAfter(page, () => page.selectOption('#mode', 'nftables'));
    await answerAfter(page, () => page.click('#new-file'));
    await page.locator('#editor .cm-content').click();
    await answerAfter(page, () =>
      page.keyboard.insertText('apiVersion: v1\nkind: Service\nmetadata: {name: Bad}\n'),
    );
    expect(await page.locator('#problems .error').first().textContent()).toContain('manifests-9.yaml');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.click('#copy-link');
    await noticeOf(page, 'The link is copied');
    const link = await page.evaluate<string>('navigator.clipboard.readText()');
    const fragment = link.slice(link.indexOf('#') + 1);
    await waitUntil(page, `location.hash === ${JSON.stringify(`#${fragment}`)}`);
    const again = await openPage(browser, { fragment });
    expect(await again.page.locator('#mode').inputValue()).toBe('nftables');
    expect(await again.page.locator('#files [role=tab]').count()).toBe(QUICKSTART.length + 1);
    expect(await again.page.locator('#tabs [aria-selected=true]').textContent()).toBe('Env');
    again.check();
    await again.page.close();
    const closed = await answerAfter(page, () => page.click('#close-file'));
    expect(closed.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    check();
    await page.close();
  });

  test('saves the picture that svcgen graph prints, and compares with the first state', async () => {
    const { page, check } = await openPage(browser, {
      fragment: fragmentOf(quickstart({ service: 'default/api' })),
    });
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save-svg')]);
    const { stdout } = await runQuietly(['graph', ...QUICKSTART, '--service', 'api']);
    expect(readFileSync(await download.path(), 'utf8')).toBe(stdout);
    await answerAfter(page, () => page.locator('#tabs [role=tab]').last().click());
    await answerAfter(page, () => page.click('#set-base'));
    expect(await viewerText(page)).toContain('no Service changes');
    check();
    await page.close();
  });

  test('1,000 Services have a few elements, and each can be reached', async () => {
    const text = Array.from({ length: 1000 }, (_, index) => {
      const name = `s${String(index).padStart(4, '0')}`;
      return `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {clusterIP: 10.96.${index >> 8}.${index & 255}, ports: [{port: 80}]}\n---\napiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: ${name}-1, labels: {kubernetes.io/service-name: ${name}}}\naddressType: IPv4\nports: [{port: 80, name: ""}]\nendpoints: [{addresses: [10.244.${index >> 8}.${index & 255}]}]\n`;
    })
      .join('---\n')
      .replace('10.96.0.0,', '10.96.9.9,');
    const { page, check } = await openPage(browser, {
      fragment: fragmentOf({ files: [{ path: 'many.yaml', text }] }),
    });
    expect(await page.locator('#services [role=option]').count()).toBeLessThan(60);
    await page.locator('#services').focus();
    const { service } = await answerAfter(page, () => page.keyboard.press('End'));
    expect(service).toBe('default/s0999');
    await page.fill('#filter', 's0777');
    expect(await page.locator('#services [role=option]').allTextContents()).toEqual([
      'default/s0777ClusterIP',
    ]);
    check();
    await page.close();
  });

  test.each([
    ['light', 1440],
    ['dark', 1440],
    ['light', 360],
    ['dark', 360],
  ] as const)(
    'axe finds nothing, %s at %i px, and nothing is wider than the screen',
    async (scheme, width) => {
      const { page, check } = await openPage(browser, { scheme, width });
      await answerAfter(page, () => page.click('#example'));
      await page.waitForSelector('#picture svg.explained');
      await page.evaluate(axe.source);
      const violations = await page.evaluate<
        readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[]
      >('axe.run().then(({ violations }) => violations)');
      expect(violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html }) => html)])).toEqual([]);
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      check();
      await page.close();
    },
  );
});
