import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compareWithNode, compile, compileChanges, explain, load, type ProxyMode } from '../../src/index.ts';

const NODE = { nodeName: 'node-a', nodeIPs: ['192.0.2.1'], clusterCIDRs: ['10.244.0.0/16'] };
const manifests = load(
  [{ path: 'input.yaml', text: readFileSync('fixtures/valid/ipvs/input.yaml', 'utf8') }],
  NODE,
);

/** What is wanted, as the node would have it: the text of iptables mode is what `iptables-save` prints. */
function savedText(): string {
  const { artifacts } = compile(manifests, { ...NODE, mode: 'iptables' });
  return [...(artifacts?.get('iptables')?.pieces() ?? [])].join('');
}

function compared(text: string, mode: ProxyMode = 'iptables') {
  const { report, diagnostics } = compareWithNode(manifests, { path: 'node.txt', text }, { ...NODE, mode });
  return { report, codes: diagnostics.map(({ code }) => code) };
}

const saved = savedText();
const listing = 'table ip kube-proxy {\n\tset hairpin {\n\t\ttype ipv4_addr . ipv4_addr\n\t}\n}\n';

describe('what is compared may have been pasted', () => {
  test.each([
    `user@node:~$ sudo iptables-save\n${saved}user@node:~$ `,
    `[root@node ~]# iptables-save\n${saved}[root@node ~]# exit\n`,
    `\u001b(B\u001b[m${saved}`,
    saved.replaceAll(/^/gm, '> '),
  ])('with prompts, or what a terminal or a letter adds: %#', (text) => {
    const { report, codes } = compared(text);
    expect(report?.chains).toEqual(compared(saved).report?.chains);
    expect(codes).not.toContain('saved-rules-text');
  });

  test('rules of nft with prompts around them', () => {
    const text = `root@node:~# nft list ruleset\n${listing}root@node:~# `;
    const { report } = compared(text, 'nftables');
    expect(report?.chains).toEqual(compared(listing, 'nftables').report?.chains);
    expect(report).toBeDefined();
  });

  test('with something left out: it is said', () => {
    const [first, ...rest] = saved.split('\n');
    expect(compared([first, '# ...', ...rest].join('\n')).codes).toContain('saved-rules-complete');
    expect(compared(saved).codes).not.toContain('saved-rules-complete');
  });
});

test('rules of iptables behind those of nft are followed', () => {
  const rules = { path: 'node.txt', text: `${listing}\n${saved}` };
  const { explanation } = explain(undefined, { ...NODE, to: '10.96.0.80:80', rules });
  const alone = explain(undefined, { ...NODE, to: '10.96.0.80:80', rules: { ...rules, text: saved } });
  expect(explanation?.ways.length).toBe(alone.explanation?.ways.length);
});

test('rules that a text may lack are not loaded a second time', () => {
  const [first, ...rest] = saved.split('\n');
  const current = { path: 'node.txt', text: [first, '# [...]', ...rest].join('\n') };
  const { artifacts, diagnostics } = compileChanges(manifests, current, { ...NODE, family: 'IPv4' });
  expect(artifacts).toBeUndefined();
  expect(diagnostics.map(({ code, severity }) => [code, severity])).toContainEqual([
    'saved-rules-complete',
    'error',
  ]);
});

describe('a table that iptables cannot print is not taken for an empty one', () => {
  const INCOMPATIBLE = "# Table `nat' is incompatible, use 'nft' tool.\n";
  const withoutNat = saved.replace(/^\*nat\n[^*]*COMMIT\n/m, INCOMPATIBLE);
  const to = '10.96.0.80:80';
  const codesOf = ({ diagnostics }: { diagnostics: readonly { code: string; severity: string }[] }) =>
    diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);

  test.each([
    ['beside others', withoutNat],
    ['alone', INCOMPATIBLE],
  ])('%s', (_, text) => {
    const rules = { path: 'node.txt', text };
    expect(codesOf(compileChanges(manifests, rules, NODE))).toEqual(['saved-rules-complete']);
    expect(codesOf(compareWithNode(manifests, rules, NODE))).toEqual(['saved-rules-complete']);
    expect(codesOf(compareWithNode(manifests, rules, { ...NODE, mode: 'ipvs' }))).toEqual([
      'saved-rules-complete',
    ]);
    expect(codesOf(explain(undefined, { ...NODE, to, rules }))).toEqual(['saved-rules-complete']);
  });

  test.each([
    ['what nft lists of it', `${withoutNat}table ip nat {\n\tchain foo {\n\t}\n}\n`],
    ['the table of another program', `${INCOMPATIBLE}${saved}`],
    ['that of the other family', `# ip6tables-save\n${INCOMPATIBLE}# iptables-save\n${saved}`],
    ['in a comment', withoutNat.replace(INCOMPATIBLE, `# said: ${INCOMPATIBLE}`)],
  ])('but where something else tells: %s', (_, text) => {
    expect(codesOf(explain(undefined, { ...NODE, to, rules: { path: 'node.txt', text } }))).toEqual([]);
  });
});
