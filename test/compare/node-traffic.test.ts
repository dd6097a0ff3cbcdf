import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type CompareOptions, compareWithNode } from '../../src/index.ts';

const FOLDER = 'fixtures/diff/older-kube-proxy';
const MANIFESTS = readFileSync(`${FOLDER}/input.yaml`, 'utf8');
const RULES = readFileSync(`${FOLDER}/as-wanted.rules`, 'utf8');

function compare(rules: string, options: CompareOptions & { readonly manifests?: string } = {}) {
  const { manifests = MANIFESTS, ...others } = options;
  return compareWithNode(
    [{ path: 'input.yaml', text: manifests }],
    { path: 'node.rules', text: rules },
    { nodeName: 'node-a', clusterCIDRs: ['10.244.0.0/16'], ...others },
  );
}

/** The rules, with one text in place of another, which must be there. */
function changed(from: string | RegExp, to: string): string {
  const rules = RULES.replaceAll(from, to);
  expect(rules).not.toBe(RULES);
  return rules;
}

describe('rules of an older kube-proxy', () => {
  test('are as wanted when they do what is wanted, however they are laid out', () => {
    const { report, isSame, diagnostics } = compare(RULES);
    expect(report?.traffic).toEqual({
      by: '1.22 or earlier',
      wanted: 3,
      differing: [],
      unwanted: [],
      lacksNodeIP: false,
    });
    expect(isSame).toBe(true);
    expect(diagnostics.map(({ code }) => code)).toEqual(['saved-rules-version']);
  });

  test.each([
    ['an endpoint', '--to-destination 10.244.1.6:8443', '--to-destination 10.244.1.7:8443', ['shop/api']],
    ['a share', '--probability 0.50000000000', '--probability 0.25000000000', ['shop/web']],
    ['who is masqueraded', /-A KUBE-SERVICES ! -s [^\n]* -j KUBE-MARK-MASQ\n/g, '', ['shop/api', 'shop/web']],
    ['source ranges', /-A KUBE-FW-\S+ -s 198[^\n]*KUBE-SVC-\S+\n/g, '', ['shop/api']],
    ['refusal', /-A KUBE-SERVICES [^\n]* -j REJECT [^\n]*\n/g, '', ['shop/empty']],
    [
      'jumps',
      /-A (?:PREROUTING|OUTPUT) [^\n]*"kubernetes service portals" -j KUBE-SERVICES\n/g,
      '',
      ['shop/api', 'shop/empty', 'shop/web'],
    ],
  ])('differ in %s', (_, from, to, names) => {
    const { report, isSame } = compare(changed(from, to));
    const services = new Set(report?.traffic?.differing.map(({ service }) => service));
    expect([...services].sort()).toEqual(names);
    expect(report?.chains).toEqual([]);
    expect(isSame).toBe(false);
  });

  test('lead to Services that nobody wants', () => {
    const manifests = MANIFESTS.replace('clusterIP: 10.96.1.2', 'clusterIP: 10.96.1.20');
    const { report } = compare(RULES, { manifests });
    expect(report?.traffic?.unwanted).toEqual([
      { address: '10.96.1.2:443/tcp', service: 'shop/api', line: expect.any(Number) },
    ]);
  });

  test('are not asked for nodePorts when no address of the node is known', () => {
    const manifests = MANIFESTS.replace(/^.*?---\n/s, '');
    expect(compare(RULES, { manifests }).report?.traffic).toMatchObject({ lacksNodeIP: true, differing: [] });
  });

  test('are compared rule by rule with a version that is asked for', () => {
    const { report } = compare(RULES, { kubernetesVersion: '1.34' });
    expect(report?.traffic).toBeUndefined();
    expect(report?.chains.length).toBeGreaterThan(0);
  });
});
