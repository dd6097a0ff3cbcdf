import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import {
  type ChainNames,
  isNamed,
  KUBE_PROXY_CHAINS,
  KUBELET_CHAINS,
  OWN_CHAINS,
} from '../../../src/render/own-chains.ts';
import { ownRulesFunctions } from '../../../src/render/script/own-rules-text.ts';

const HASH = 'L65ENXXZWWSAPRCR';

/** Names of ours, and names that look much like them. */
const CANDIDATES = [
  ...OWN_CHAINS.fixed,
  ...OWN_CHAINS.hashedPrefixes.flatMap((prefix) => [
    `${prefix}${HASH}`,
    `${prefix}${HASH}A`,
    `${prefix}${HASH.slice(1)}`,
    `${prefix}${HASH.toLowerCase()}`,
    `${prefix}${HASH.replace('L', '1')}`,
    `${prefix}MINE`,
    `MY-${prefix}${HASH}`,
    prefix,
  ]),
  'KUBE-FIREWALL',
  'KUBE-KUBELET-CANARY',
  'KUBE-HOSTPORTS',
  'KUBE-SERVICES-MINE',
  'kube-services',
  'DOCKER',
];

/** What with_removals makes of tables that are there, where no chain is wanted. */
function removals(present: string, options: Parameters<typeof ownRulesFunctions>[0]): readonly string[] {
  const script = `${ownRulesFunctions(options)}
printf '*nat\\nCOMMIT\\n*filter\\nCOMMIT\\n' >"$work/wanted"
cat >"$work/present"
own_part "$work/present" >"$work/own"
with_removals "$work/own" /dev/null "$work/wanted"
`;
  const withFolder = `work=$(mktemp -d)\ntrap 'rm -rf "$work"' EXIT\n${script}`;
  const { stdout, stderr } = spawnSync('sh', ['-euc', withFolder], { input: present, encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.replace('*filter\nCOMMIT\n', '').trimEnd().split('\n');
}

function removed(chains: readonly string[], ours: ChainNames): readonly string[] {
  const present = `*nat\n${chains.map((chain) => `:${chain} - [0:0]\n`).join('')}COMMIT\n`;
  return removals(present, { ours })
    .filter((line) => line.startsWith('-X '))
    .map((line) => line.slice('-X '.length));
}

test('scripts and svcgen itself take the same chains for ours', () => {
  const ours = CANDIDATES.filter((chain) => isNamed(chain, OWN_CHAINS));
  expect(ours).toEqual([
    ...OWN_CHAINS.fixed,
    ...OWN_CHAINS.hashedPrefixes.map((prefix) => `${prefix}${HASH}`),
  ]);
  expect(removed(CANDIDATES, OWN_CHAINS)).toEqual(ours);
});

test('a rule whose comment ends like the name of a chain is no jump', () => {
  const present = `*nat
:INPUT ACCEPT [0:0]
:KUBE-SERVICES - [0:0]
-A INPUT -m comment --comment KUBE-SERVICES
-A INPUT -m comment --comment "leads to KUBE-SERVICES"
-A INPUT -g KUBE-SERVICES
-A INPUT -p tcp -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
COMMIT
`;
  expect(removals(present, { ours: OWN_CHAINS })).toEqual([
    '*nat',
    ':KUBE-SERVICES - [0:0]',
    '-D INPUT -g KUBE-SERVICES',
    '-D INPUT -p tcp -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
    '-X KUBE-SERVICES',
    'COMMIT',
  ]);
});

test('what stands in a comment of others is none of ours, whatever it looks like', () => {
  const present = `*nat
:INPUT ACCEPT [0:0]
:KUBE-SERVICES - [0:0]
-A INPUT -m comment --comment "it\\'s \\"quoted\\\\
:KUBE-NODEPORTS - [0:0]
-A INPUT -j KUBE-SERVICES
*filter
b" -j ACCEPT
-A INPUT -m comment --comment "leads -j KUBE-SERVICES"
-A INPUT -m comment --comment "a \\" b" -j KUBE-SERVICES
COMMIT
`;
  expect(removals(present, { ours: OWN_CHAINS })).toEqual([
    '*nat',
    ':KUBE-SERVICES - [0:0]',
    '-D INPUT -m comment --comment "a \\" b" -j KUBE-SERVICES',
    '-X KUBE-SERVICES',
    'COMMIT',
  ]);
});

test.each([
  ['KUBE-KUBELET-CANARY', false],
  ['KUBE-IPTABLES-HINT', false],
  ['KUBE-PROXY-CANARY', true],
])('what a kubelet shares stays where there is one: %s', (chain, goes) => {
  const present = `*mangle
:${chain} - [0:0]
COMMIT
*nat
:KUBE-FIREWALL - [0:0]
:KUBE-MARK-DROP - [0:0]
COMMIT
*filter
:KUBE-FIREWALL - [0:0]
-A INPUT -j KUBE-FIREWALL
COMMIT
`;
  const lines = removals(present, { ours: KUBE_PROXY_CHAINS, kubelets: KUBELET_CHAINS });
  expect(lines.filter((line) => line === '-X KUBE-FIREWALL')).toHaveLength(goes ? 2 : 1);
  expect(lines.includes('-X KUBE-MARK-DROP')).toBe(goes);
  expect(lines.includes('-D INPUT -j KUBE-FIREWALL')).toBe(goes);
});
