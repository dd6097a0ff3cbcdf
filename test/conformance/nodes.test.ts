import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { printJsonDrift } from '../../src/compare/print/drift.ts';
import { compareWithNode, type Explanation, explain } from '../../src/index.ts';
import type { ProxyMode } from '../../src/model/proxy-config.ts';

const FOLDER = 'fixtures/conformance/nodes';
const MANIFESTS = [{ path: 'input.yaml', text: readFileSync(`${FOLDER}/input.yaml`, 'utf8') }];
const VERSIONS = ['1.30', '1.31', '1.32', '1.33', '1.34', '1.35', '1.36', '1.37'];

/** What the rules of a mode and version tell of the version; undefined: nothing, they are alike in all. */
const TOLD: Readonly<Record<string, readonly (string | undefined)[]>> = {
  iptables: [undefined, ...Array.from({ length: 7 }, () => '1.31 to 1.37')],
  ipvs: Array.from({ length: 8 }, () => undefined),
  nftables: [
    '1.30',
    '1.31 to 1.32',
    '1.31 to 1.32',
    '1.33.6 and later patches',
    '1.34.0 to 1.35',
    '1.34.0 to 1.35',
    '1.36',
    '1.37',
  ],
};

/** Connections, and the verdict of `explain`. */
const CONNECTIONS = [
  { to: '10.96.40.1:80', from: '10.244.1.99', reaches: ['10.244.1.10:8080', '10.244.2.10:8080'] },
  { to: '203.0.113.40:80', from: '192.0.2.9', reaches: ['10.244.1.10:8080'] },
  { to: '192.168.50.11:30040', from: '192.0.2.9', reaches: ['10.244.1.10:8080'] },
  {
    to: '203.0.113.41:443',
    from: '198.51.100.7',
    reaches: ['10.244.1.11:8443', '10.244.2.11:8443', '10.244.2.12:8443'],
  },
  { to: '203.0.113.41:443', from: '192.0.2.9', reaches: [] },
  { to: '192.0.2.43:6379', from: '192.0.2.9', reaches: ['10.244.1.13:6379', '10.244.2.13:6379'] },
  { to: '10.96.0.10:53/udp', from: '10.244.1.99', reaches: ['10.244.2.2:53'] },
  { to: '10.96.40.4:80', from: '10.244.1.99', reaches: [] },
];

describe.each(['iptables', 'ipvs', 'nftables'] as const)('a node in %s mode', (mode: ProxyMode) => {
  test.each(VERSIONS)('of kube-proxy %s: no drift, told, explained', (version) => {
    const path = `${mode}-${version}.txt`;
    const rules = { path, text: readFileSync(`${FOLDER}/${path}`, 'utf8') };
    const node = { nodeName: 'worker-1', clusterCIDRs: ['10.244.0.0/16'], mode };
    const { report, isSame, diagnostics } = compareWithNode(MANIFESTS, rules, node);
    expect(report?.chains).toEqual([]);
    expect(isSame).toBe(true);
    expect(report?.kubernetes?.told).toBe(TOLD[mode]?.[VERSIONS.indexOf(version)]);
    expect(diagnostics.map(({ code }) => code)).toEqual(
      // Only a feature gate gives 1.30 this mode.
      path === 'nftables-1.30.txt' ? ['mode-in-version'] : [],
    );
    for (const { to, from, reaches } of CONNECTIONS) {
      const { explanation } = explain(MANIFESTS, { ...node, to, from, rules });
      expect(reached(explanation?.ways ?? []), `${from} to ${to}`).toEqual(reaches);
      expect(explanation?.verdict.kind, `${from} to ${to}`).toBe(reaches.length > 0 ? 'served' : 'refused');
    }
  });
});

function reached(ways: Explanation['ways']): readonly string[] {
  const served = ways.filter(({ result }) => result === 'endpoint');
  return [...new Set(served.map(({ destination, port }) => `${destination}:${port}`))].sort();
}

test('there is a dump for each', () => {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'));
  expect(names.length).toBe(3 * VERSIONS.length);
});

test('without the table of a family that serves nothing, all Services are reached', () => {
  const text = readFileSync(`${FOLDER}/nftables-1.37.txt`, 'utf8').replace(
    /^table ip6 kube-proxy \{.*?^\}\n/ms,
    '',
  );
  const options = { nodeName: 'worker-1', clusterCIDRs: ['10.244.0.0/16'], mode: 'nftables' } as const;
  const { report } = compareWithNode(MANIFESTS, { path: 'ruleset.txt', text }, options);
  const printed = report && printJsonDrift(report);
  expect(printed).toContain('all 5 Services are as wanted');
  expect(printed).not.toContain('none is reached');
});
