import { readdirSync, statSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inOwnWords } from '../../page/own-words.ts';
import { TABS } from '../../page/protocol.ts';
import { describeMode } from '../../src/index.ts';
import { PROXY_MODES } from '../../src/model/proxy-config.ts';
import { runQuietly } from '../support/run-program.ts';
import { isLong } from '../support/share.ts';
import {
  answerTo,
  fragmentOf,
  hasBrowser,
  launch,
  openPage,
  QUICKSTART,
  quickstart,
  SETTINGS,
  stateOf,
  viewerText,
} from './browser.ts';

/** Every mode in every layout. */
const RULES = PROXY_MODES.flatMap((mode) => describeMode(mode).layouts.map((layout) => ({ mode, layout })));

/** Whether a fixture is tried, by its place: in `npm test` every third time that each mode and layout has its turn. */
const hasTurn = (index: number) => isLong() || Math.floor(index / RULES.length) % 3 === 2;

const go = (state: Parameters<typeof fragmentOf>[0]) =>
  `location.hash = ${JSON.stringify(fragmentOf(state))}`;
const choose = (id: string, value: string) =>
  `document.querySelector('#${id}').value = ${JSON.stringify(value)}; document.querySelector('#${id}').dispatchEvent(new Event('change', { bubbles: true }))`;

/** Other words break lines at other places. */
const unbroken = (text: string) => text.replaceAll(/\s+/g, ' ');

describe.skipIf(!hasBrowser)('the page says what the command line says, byte for byte', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test('in all tabs and explanations, for every fixture that has its turn', async () => {
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
    /** Fixtures by what becomes of connections to their first address; those without an address are in none. */
    const explained: Record<string, readonly string[]> = {};
    const refused: Record<string, readonly string[]> = {};
    for (const [index, path] of inputs.entries()) {
      if (!hasTurn(index)) continue;
      const { mode = 'iptables', layout = '' } = RULES[index % RULES.length] ?? {};
      const flags = [
        '--mode',
        mode,
        '--layout',
        layout,
        '--node',
        'node-a',
        '--cluster-cidr',
        '10.244.0.0/16',
      ];
      const settings = { ...SETTINGS, mode, layout, node: 'node-a', clusterCIDR: '10.244.0.0/16' };
      const old = path.replace(/new\.yaml$/, 'old.yaml');
      const commands = {
        rules: ['render', path, ...flags],
        env: ['env', path],
        dns: ['dns', path],
        endpoints: ['endpoints', path],
        diff: ['diff', old, path, ...flags],
      };
      for (const [place, tab] of TABS.entries()) {
        const answer = await answerTo(
          page,
          place === 0
            ? go({ ...stateOf(path), base: stateOf(old).files, settings })
            : `document.querySelectorAll('#tabs [role=tab]')[${place}].click()`,
        );
        const printed = await runQuietly(commands[tab]);
        const stdout = tab === 'diff' ? inOwnWords(printed.stdout) : printed.stdout;
        expect(answer.isError ? '' : answer.text, `${tab} of ${path}`).toBe(stdout);
        if (!answer.isError) expect(await viewerText(page), `${tab} of ${path}`).toBe(stdout);
      }
      const to = await page.evaluate<string | undefined>(
        `document.querySelector('#picture .box.address:not([data-addresses=""])')?.getAttribute('data-addresses').split(' ')[0]`,
      );
      if (to === undefined) continue;
      for (const [client, from] of [
        ['outside', to.startsWith('[') ? '2001:db8::7' : '203.0.113.7'],
        ['node', 'node'],
      ] as const) {
        const answer = await answerTo(page, go({ ...stateOf(path), settings, question: { from, to } }));
        const said = await runQuietly(['explain', path, ...flags, '--from', from, '--to', to]);
        const what = `explanation of ${path} from ${client}`;
        expect(answer.isExplained ? unbroken(answer.explanation) : '', what).toBe(
          inOwnWords(unbroken(said.stdout)),
        );
        const [error = ''] = answer.explanation.split('\n');
        if (!answer.isExplained) expect(inOwnWords(said.stderr), what).toContain(error);
        const same = answer.isExplained ? explained : refused;
        same[client] = [...(same[client] ?? []), path];
      }
    }
    expect(explained.outside?.length).toBeGreaterThanOrEqual(isLong() ? 50 : 12);
    // In ipvs mode the node's own addresses say what its NodePorts are, and this fixture has no Node.
    expect(refused.outside).toEqual([
      'fixtures/conformance/cases/external-local-without-cluster-cidr/input.yaml',
    ]);
    // The others have no Node either: nobody knows which address the node itself connects from.
    expect(explained.node?.length).toBeGreaterThan(isLong() ? 12 : 2);
    check();
    await page.close();
  });

  test.each(RULES)('in every artifact of mode $mode, layout $layout', async ({ mode, layout }) => {
    const settings = { ...SETTINGS, mode, layout, node: 'node-a' };
    const { page, check } = await openPage(browser, { fragment: fragmentOf(quickstart({ settings })) });
    const artifacts = await page.evaluate<readonly string[]>('globalThis.lastAnswer.artifacts');
    expect(artifacts.length).toBeGreaterThan(1);
    for (const artifact of artifacts) {
      const answer = await answerTo(page, choose('artifact', artifact));
      const flags = ['--mode', mode, '--layout', layout, '--node', 'node-a', '--artifact', artifact];
      expect(answer.text, artifact).toBe((await runQuietly(['render', ...QUICKSTART, ...flags])).stdout);
    }
    check();
    await page.close();
  });

  test.each(['1.30', '1.36'])('as of Kubernetes %s, for IPv6, from settings in the bar', async (version) => {
    const { page, check } = await openPage(browser, { fragment: fragmentOf(quickstart()) });
    for (const [id, value] of [
      ['mode', 'nftables'],
      ['family', 'IPv6'],
      ['node', 'node-b'],
      ['layout', 'kube-proxy'],
    ] as const)
      await answerTo(page, choose(id, value));

    await answerTo(page, choose('version', version));
    const flags = [
      '--mode',
      'nftables',
      '--layout',
      'kube-proxy',
      '--family',
      'ipv6',
      '--node',
      'node-b',
      '--kubernetes-version',
      version,
    ];

    expect(await viewerText(page)).toBe((await runQuietly(['render', ...QUICKSTART, ...flags])).stdout);
    check();
    await page.close();
  });
});
