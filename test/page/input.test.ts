import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { isDump } from '../../page/protocol.ts';
import { decodeState } from '../../page/state.ts';
import { runQuietly } from '../support/run-program.ts';
import {
  answerAfter,
  answerTo,
  editorText,
  fragmentOf,
  hasBrowser,
  launch,
  noticeOf,
  openPage,
  QUICKSTART,
  quickstart,
  viewerText,
  waitUntil,
} from './browser.ts';

test('what tools of a node print is told from manifests', () => {
  const files = readdirSync('fixtures', { recursive: true, encoding: 'utf8' }).map((name) =>
    join('fixtures', name),
  );
  const dumps = files.filter(
    (path) =>
      /^fixtures\/explain\/.*\.(?:rules|save|txt)$/.test(path) &&
      !/\/(?:expected\/|host|not-forwarding)/.test(path),
  );
  expect(dumps.length).toBeGreaterThan(20);
  expect(dumps.filter((path) => !isDump(readFileSync(path, 'utf8')))).toEqual([]);
  const manifests = files.filter((path) => /\.ya?ml$/.test(path));
  expect(manifests.length).toBeGreaterThan(200);
  expect(manifests.filter((path) => isDump(readFileSync(path, 'utf8')))).toEqual([]);
});

describe.skipIf(!hasBrowser)('what comes into the page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  /** Drops a file on an element, as Chromium would. */
  const drop = (page: Page, name: string, text: string, target: string) =>
    answerTo(
      page,
      `const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([${JSON.stringify(text)}], ${JSON.stringify(name)}));
      const target = ${target};
      const options = { dataTransfer, bubbles: true, cancelable: true, composed: true };
      target.dispatchEvent(new DragEvent('dragover', options));
      globalThis.wasShaded = !document.querySelector('#drop').hidden;
      target.dispatchEvent(new DragEvent('drop', options))`,
    );

  /** Puts a text into the clipboard, and presses Control+V in the editor. */
  const paste = async (page: Page, text: string) => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
    await page.locator('#editor .cm-content').click();
    return answerAfter(page, () => page.keyboard.press('Control+V'));
  };

  test.each([
    ['the page', 'document.body'],
    ['the editor', "document.querySelector('#editor').shadowRoot.querySelector('.cm-content')"],
    ['the rules', "document.querySelector('#viewer').shadowRoot.querySelector('.cm-content')"],
  ])('files that are dropped on %s are opened, each once', async (_, target) => {
    const { page, check } = await openPage(browser, { fragment: fragmentOf(quickstart()) });
    const text = 'apiVersion: v1\nkind: Service\nmetadata: {name: dropped}\nspec: {ports: [{port: 80}]}\n';
    const { services } = await drop(page, 'dropped.yaml', text, target);
    expect(services.map(({ name }) => name)).toContain('default/dropped');
    expect(await editorText(page)).toBe(text);
    expect(await page.locator('#files [role=tab]').allTextContents()).toEqual([
      ...QUICKSTART,
      'dropped.yaml',
    ]);
    expect(await page.evaluate('[globalThis.wasShaded, document.querySelector("#drop").hidden]')).toEqual([
      true,
      true,
    ]);
    check();
    await page.close();
  });

  test.each([
    ['YAML', stringify],
    ['JSON', (value: unknown) => JSON.stringify(value, null, 4)],
  ])('what kubectl prints as %s can be pasted', async (_, print) => {
    const texts = QUICKSTART.map((path) => readFileSync(path, 'utf8'));
    const items = texts.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS()));
    const list = print({ apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } });
    const { page, check } = await openPage(browser);
    const { services, text } = await paste(page, list);
    expect(services.length).toBeGreaterThan(3);
    expect(text).toBe((await runQuietly(['render'], list, { stdinIsPiped: true })).stdout);
    expect(await viewerText(page)).toBe(text);
    check();
    await page.close();
  });

  test.each([
    ['node-nftables/compact.rules', '10.244.1.9', '10.96.0.80:80'],
    ['node-nftables/kube-proxy-1.36.rules', '10.244.1.9', '10.96.0.80:80'],
    ['node-nftables/compact-json.rules', '10.244.1.9', '10.96.0.80:80'],
    ['node-ipvs/node-a.rules', '10.244.1.9', '10.96.0.80:80'],
    ['live-nodes/ipvsadm-Ln.txt', '10.2.2.2', '10.0.0.205:3080'],
    ['dump-forms/listed.txt', '10.244.1.9', '10.96.0.80:80'],
  ])('%s, pasted alone, is explained in the words of the command', async (name, from, to) => {
    const path = `fixtures/explain/${name}`;
    const dump = readFileSync(path, 'utf8');
    const { page, check } = await openPage(browser, {
      fragment: fragmentOf({ files: [{ path, text: '' }] }),
    });
    expect((await paste(page, dump)).text).toBe(dump);
    await page.fill('#from', from);
    await page.fill('#to', to);
    const answer = await answerAfter(page, () => page.click('#ask'));
    const said = await runQuietly(['explain', '--rules', path, '--from', from, '--to', to]);
    expect(answer.explanation).toBe(said.stdout);
    expect(answer.isExplained).toBe(true);
    expect(await viewerText(page)).toBe(dump);
    check();
    await page.close();
  });

  test('beside manifests, rules of a node are what is explained and shown', async () => {
    const path = 'fixtures/explain/node-ipvs/node-a.rules';
    const files = [...(quickstart().files ?? []), { path, text: readFileSync(path, 'utf8') }];
    const question = { from: '10.244.1.9', to: '10.96.0.80:80' };
    const { page, check } = await openPage(browser, { fragment: fragmentOf({ files }) });
    expect(await viewerText(page)).toBe((await runQuietly(['render', ...QUICKSTART])).stdout);
    const { text, isDump: isShown } = await answerTo(
      page,
      `location.hash = ${JSON.stringify(fragmentOf({ files, question }))}`,
    );
    expect([isShown, text]).toEqual([true, files.at(-1)?.text]);
    const lit = await page.evaluate<readonly string[]>(
      `[...document.querySelector('#viewer').shadowRoot.querySelectorAll('.lit-line')].map((line) => line.textContent)`,
    );
    expect(lit.length).toBeGreaterThan(0);
    for (const line of lit) expect(line).toMatch(/^-A|^add /);
    check();
    await page.close();
  });

  test.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
  ])('what is typed, deleted and undone is what is compiled and linked to (%s)', async (_, lineBreak) => {
    const text = [
      'apiVersion: v1',
      'kind: Service',
      'metadata: {name: first}',
      'spec: {ports: [{port: 80}]}',
      '',
    ].join(lineBreak);
    const { page, check } = await openPage(browser, {
      fragment: fragmentOf({ files: [{ path: 'typed.yaml', text }] }),
    });
    await page.locator('#editor .cm-content').focus();
    for (const key of ['Control+Home', 'ArrowDown', 'ArrowDown', 'End', 'ArrowLeft'])
      await page.keyboard.press(key);
    const nameAfter = async (key: string) =>
      (await answerAfter(page, () => page.keyboard.press(key))).services[0]?.name;
    expect(await nameAfter('x')).toBe('default/firstx');
    expect(await nameAfter('y')).toBe('default/firstxy');
    expect(await nameAfter('Backspace')).toBe('default/firstx');
    // Keys that come soon after each other are undone at once: how many that are depends on the machine.
    for (const _ of ['x', 'y', 'Backspace']) await page.keyboard.press('Control+z');
    await waitUntil(page, "globalThis.lastAnswer.services[0]?.name === 'default/first'");
    // One key that changes every line.
    await page.keyboard.press('Control+a');
    expect(await nameAfter('Tab')).toBe('default/first');
    const written = await editorText(page);
    await page.evaluate("navigator.clipboard.writeText = () => Promise.reject(new Error('denied'))");
    await page.click('#copy-link');
    await noticeOf(page, 'The link is in the address bar');
    const linked = await decodeState(await page.evaluate<string>('location.hash.slice(1)'));
    expect(linked?.files).toEqual([{ path: 'typed.yaml', text: written }]);
    check();
    await page.close();
  });

  test('where the clipboard is closed, the link is in the address bar', async () => {
    const { page, check } = await openPage(browser, { fragment: fragmentOf(quickstart()) });
    await page.evaluate("navigator.clipboard.writeText = () => Promise.reject(new Error('denied'))");
    await page.click('#copy-link');
    await noticeOf(page, 'The link is in the address bar');
    const fragment = await page.evaluate<string>('location.hash.slice(1)');
    const again = await openPage(browser, { fragment });
    expect(await again.page.locator('#files [role=tab]').allTextContents()).toEqual(QUICKSTART);
    check();
    await page.close();
  });

  describe('bad input gets a message, and the page goes on', () => {
    const stillWorks = async (page: Page): Promise<void> => {
      const { services } = await answerAfter(page, () => page.click('#example'));
      expect(services.length).toBe(2);
    };

    test.each(['v1.AAAA', 'v1.%%%', 'v2.x', fragmentOf({}).slice(0, -3), '<img src=x onerror=alert(1)>'])(
      'a damaged link: %s',
      async (fragment) => {
        const { page, check } = await openPage(browser, { fragment });
        await noticeOf(page, 'The link is damaged');
        await stillWorks(page);
        check();
        await page.close();
      },
    );

    test('what takes very long gives way to what is asked next', async () => {
      const page = await browser.newPage();
      await page.addInitScript(`{
        globalThis.workers = [];
        globalThis.Worker = new Proxy(Worker, {
          construct(target, parameters) {
            const worker = new target(...parameters);
            if (workers.push(worker) === 1) worker.postMessage = () => {};
            worker.terminate = () => { globalThis.terminated = worker; target.prototype.terminate.call(worker); };
            return worker;
          },
        });
      }`);
      await page.goto(pathToFileURL(resolve('dist/page.html')).href);
      await waitUntil(page, "document.querySelector('#editor').shadowRoot !== null");
      await page.click('#example');
      await waitUntil(page, "document.body.dataset.answer === '2'");
      expect(await page.evaluate('[workers.length, workers.indexOf(globalThis.terminated)]')).toEqual([2, 0]);
      expect(await page.locator('#services [role=option]').count()).toBe(2);
      await page.locator('#tabs [role=tab]').nth(2).click();
      await waitUntil(page, "document.body.dataset.answer === '3'");
      expect(await viewerText(page)).toContain('gateway.shop');
      await page.close();
    });

    test('a paste of 100 MB, a file that is binary, a dump that is cut off', async () => {
      const { page, check } = await openPage(browser);
      await page.locator('#editor .cm-content').click();
      await page.evaluate(`{
        const clipboardData = new DataTransfer();
        clipboardData.setData('text/plain', 'x'.repeat(100 * 1024 * 1024));
        const content = document.querySelector('#editor').shadowRoot.querySelector('.cm-content');
        content.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
      }`);
      await noticeOf(page, 'has 100 MB: the page takes up to 20 MB');
      await page.setInputFiles('#open-files', {
        name: 'a.bin',
        mimeType: 'x/y',
        buffer: Buffer.from([0xff, 0x00, 0xfe]),
      });
      await noticeOf(page, 'a.bin is no text');
      const cut = '*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -j KUBE-SER';
      await answerAfter(page, () =>
        page.setInputFiles('#open-files', {
          name: 'cut.rules',
          mimeType: 'text/plain',
          buffer: Buffer.from(cut),
        }),
      );
      await page.fill('#to', '10.96.0.1:80');
      const { explanation, isExplained } = await answerAfter(page, () => page.click('#ask'));
      expect(isExplained).toBe(false);
      expect(explanation).toMatch(/cut\.rules:\d+:\d+: error/);
      await stillWorks(page);
      check();
      await page.close();
    });
  });

  describe('hostile texts stay text', () => {
    const hostile = `# </script><script>hacked=1</script><img src=x onerror="hacked=1">
apiVersion: v1
kind: Service
metadata: {name: "<img src=x onerror=hacked=1>", annotations: {a: "</script><script>hacked=1</script>", b: "javascript:hacked=1"}}
spec: {ports: [{port: 80, name: "<svg onload=hacked=1>"}]}
`;
    const dump =
      '*nat\n:PREROUTING ACCEPT [0:0]\n:KUBE-SERVICES - [0:0]\n-A PREROUTING -m comment --comment "<img src=x onerror=hacked=1></script>" -j KUBE-SERVICES\n-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m comment --comment "javascript:hacked=1" -m tcp --dport 80 -j DNAT --to-destination 10.244.0.9:80\nCOMMIT\n';
    const expectText = async (page: Page): Promise<void> => {
      const found = await page.evaluate<readonly string[]>(`{
        const all = (root) => [...root.querySelectorAll('*')].flatMap((each) => [each, ...(each.shadowRoot === null ? [] : all(each.shadowRoot))]);
        const elements = all(document);
        [...elements.filter(({ localName }) => ['img', 'iframe', 'object', 'embed'].includes(localName)).map(({ outerHTML }) => outerHTML),
          ...elements.filter((each) => [...each.attributes].some(({ name, value }) => name.startsWith('on') || /^\\s*javascript:/.test(value))).map(({ outerHTML }) => outerHTML),
          ...(globalThis.hacked === undefined ? [] : ['hacked'])];
      }`);
      expect(found).toEqual([]);
    };

    test('in files, their names, findings, explanations and links', async () => {
      const files = [
        { path: '<img src=x onerror=hacked=1>.yaml', text: hostile },
        { path: '</script><script>hacked=1</script>', text: dump },
      ];
      const question = { from: '', to: '10.96.0.1:80' };
      const { page, check } = await openPage(browser, {
        fragment: fragmentOf({ files: files.slice(1), question }),
      });
      expect(await page.locator('#explanation').textContent()).toContain('10.244.0.9:80');
      await expectText(page);
      await answerAfter(page, () =>
        page.evaluate(`location.hash = ${JSON.stringify(fragmentOf({ files, question }))}`),
      );
      expect(await page.locator('#problems').textContent()).toContain('<img src=x onerror=hacked=1>');
      await expectText(page);
      check();
      await page.close();
    });

    test('in the page that svcgen view writes', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'svcgen-page-'));
      try {
        const [input, file] = [join(folder, 'hostile.yaml'), join(folder, 'page.html')];
        writeFileSync(input, hostile);
        const argv = ['bin/svcgen.js', 'view', '--quiet', input, '--node', 'node-a', '-o', file];
        const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
        expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
        const { page, check } = await openPage(browser, { file });
        expect(await editorText(page)).toBe(hostile);
        expect(await page.locator('#node').inputValue()).toBe('node-a');
        await expectText(page);
        check();
        await page.close();
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });
});
