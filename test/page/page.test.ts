import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TABS } from '../../page/protocol.ts';
import type { PageState } from '../../page/state.ts';
import { runQuietly } from '../support/run-program.ts';
import { answerAfter, fragmentOf, hasBrowser, launch, openPage, stateOf, waitUntil } from './browser.ts';

const QUICKSTART = readdirSync('fixtures/quickstart').map((name) => join('fixtures/quickstart', name));

function quickstart(rest: Partial<PageState> = {}): Partial<PageState> {
  return { files: QUICKSTART.map((path) => ({ path, text: readFileSync(path, 'utf8') })), ...rest };
}

const settings = { node: '', mode: 'iptables', layout: '', family: '', version: '', clusterCIDR: '' };

/** What the viewer holds, also what is not on the screen. */
function viewerText(page: Page): Promise<string> {
  return page.evaluate(`{
    const content = document.querySelector('#viewer').shadowRoot.querySelector('.cm-content');
    const view = (content.cmTile ?? content.cmView).view;
    view.state.doc.toString();
  }`);
}

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

  test('explains in the words of the command, and lights the way up', async () => {
    const connection = { from: '203.0.113.7', to: '192.168.10.11:30080' };
    const state = quickstart({ settings: { ...settings, node: 'node-a' }, question: connection });
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
      settings: { ...settings, mode, layout: 'kube-proxy', node: 'node-a' },
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
    await page.getByText('The link is copied').waitFor();
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

  describe('bad input gets a message, and the page goes on', () => {
    const stillWorks = async (page: Page): Promise<void> => {
      const { services } = await answerAfter(page, () => page.click('#example'));
      expect(services.length).toBe(2);
    };

    test.each(['v1.AAAA', 'v1.%%%', 'v2.x', fragmentOf({}).slice(0, -3), '<img src=x onerror=alert(1)>'])(
      'a damaged link: %s',
      async (fragment) => {
        const { page, check } = await openPage(browser, { fragment });
        expect(await page.locator('#toast').textContent()).toContain('The link is damaged');
        await stillWorks(page);
        check();
        await page.close();
      },
    );

    test('a paste of 100 MB, a file that is binary, a dump that is cut off', async () => {
      const { page, check } = await openPage(browser);
      await page.locator('#editor .cm-content').click();
      await page.evaluate(`{
        const clipboardData = new DataTransfer();
        clipboardData.setData('text/plain', 'x'.repeat(100 * 1024 * 1024));
        const content = document.querySelector('#editor').shadowRoot.querySelector('.cm-content');
        content.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
      }`);
      expect(await page.locator('#toast').textContent()).toContain('has 100 MB: the page takes up to 20 MB');
      await page.setInputFiles('#open-files', {
        name: 'a.bin',
        mimeType: 'x/y',
        buffer: Buffer.from([0xff, 0x00, 0xfe]),
      });
      await page.getByText('a.bin is no text').waitFor();
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
        const argv = ['bin/svcgen.js', 'view', input, '--node', 'node-a', '-o', file];
        const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
        expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
        const { page, check } = await openPage(browser, { file });
        const text = await page.evaluate<string>(`{
          const content = document.querySelector('#editor').shadowRoot.querySelector('.cm-content');
          (content.cmTile ?? content.cmView).view.state.doc.toString();
        }`);
        expect(text).toBe(hostile);
        expect(await page.locator('#node').inputValue()).toBe('node-a');
        await expectText(page);
        check();
        await page.close();
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });

  test('the texts of all tabs are those of the command line, byte for byte', async () => {
    const inputs = [
      ...readdirSync('fixtures/valid').map((name) => `fixtures/valid/${name}/input.yaml`),
      ...readdirSync('fixtures/conformance/cases')
        .slice(0, 16)
        .map((name) => `fixtures/conformance/cases/${name}/input.yaml`),
      ...readdirSync('fixtures/diff').map((name) => `fixtures/diff/${name}/new.yaml`),
      ...QUICKSTART,
    ].filter((path) => statSync(path, { throwIfNoEntry: false }) !== undefined);
    expect(inputs.length).toBeGreaterThanOrEqual(50);
    const { page, check } = await openPage(browser);
    for (const [index, path] of inputs.entries()) {
      const mode = ['iptables', 'nftables', 'ipvs'][index % 3] ?? '';
      const flags = ['--mode', mode, '--node', 'node-a', '--cluster-cidr', '10.244.0.0/16'];
      const state = {
        ...stateOf(path),
        settings: { ...settings, mode, node: 'node-a', clusterCIDR: '10.244.0.0/16' },
      };
      const commands = {
        rules: ['render', path, ...flags],
        env: ['env', path],
        dns: ['dns', path],
        endpoints: ['endpoints', path],
        diff: ['diff', path, path, ...flags],
      };
      for (const tab of TABS) {
        const fragment = fragmentOf({ ...state, tab });
        const answer = await answerAfter(page, () =>
          page.evaluate(`location.hash = ${JSON.stringify(fragment)}`),
        );
        const { stdout } = await runQuietly(commands[tab]);
        if (answer.isError) expect(stdout, `${tab} of ${path}`).toBe('');
        else expect(answer.text, `${tab} of ${path}`).toBe(stdout);
        if (tab === 'rules' && !answer.isError) expect(await viewerText(page)).toBe(stdout);
      }
    }
    check();
    await page.close();
  });
});
