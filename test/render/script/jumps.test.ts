import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { jumpsFunctions } from '../../../src/render/script/jumps-text.ts';

const PORTALS = '-m comment --comment "kubernetes service portals" -j KUBE-SERVICES';
const FORWARDING = '-m conntrack --ctstate NEW -m comment --comment forwarding -j KUBE-FORWARD';

const JUMPS = [
  { table: 'filter', from: 'FORWARD', rule: ` ${FORWARDING}` },
  { table: 'filter', from: 'FORWARD', rule: ` ${PORTALS}` },
  { table: 'nat', from: 'OUTPUT', rule: ` ${PORTALS}` },
];
const GUARDED = [{ table: 'filter', from: 'FORWARD', rule: ' -j KUBE-FIREWALL' }, ...JUMPS];

const CHANGES_OF_FORWARD = [`filter -I FORWARD ${PORTALS}`, `filter -I FORWARD ${FORWARDING}`];
const CHANGES_OF_OUTPUT = [`nat -I OUTPUT ${PORTALS}`];

interface Host {
  readonly filter?: readonly string[];
  readonly nat?: readonly string[];
  /** What iptables -C answers. */
  readonly answer?: number;
  /** What is wanted. */
  readonly jumps?: typeof JUMPS;
}

/** What has to change where saved rules are these. */
function plan({ filter = [], nat = [], answer = 99, jumps = JUMPS }: Host) {
  const own = ['*filter', ...filter, '*nat', ...nat].map((line) => `${line}\n`).join('');
  const script = `${[...jumpsFunctions(jumps)].join('')}
fail() { printf 'FAILED %s\\n' "$*"; exit 1; }
ask() { for word; do printf '(%s)' "$word"; done >&3; echo >&3; echo no >&2; return ${answer}; }
family=IPv4 iptables=ask WAIT=5
cat >"$work/own"
wanted_jumps >"$work/jumps.wanted"
plan_jumps
cat "$work/jumps.change"
`;
  const withFolder = `work=$(mktemp -d)\ntrap 'rm -rf "$work"' EXIT\n${script}`;
  const { stdout, output } = spawnSync('sh', ['-euc', withFolder], {
    input: own,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
  });
  return { changes: linesOf(stdout), asked: linesOf(output[3] ?? '') };
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

const FORWARD = [`-A FORWARD ${FORWARDING}`, `-A FORWARD ${PORTALS}`];
const OUTPUT = [`-A OUTPUT ${PORTALS}`];
const GUARD = '-A FORWARD -j KUBE-FIREWALL';

test('a host that has none gets all, the last of a chain first', () => {
  expect(plan({})).toEqual({ changes: [...CHANGES_OF_FORWARD, ...CHANGES_OF_OUTPUT], asked: [] });
});

test('a host that has all stays as it is, whatever is between them', () => {
  const filter = [FORWARD[0] ?? '', '-A FORWARD -i eth0 -j KUBE-ROUTER', FORWARD[1] ?? ''];
  expect(plan({ filter, nat: OUTPUT })).toEqual({ changes: [], asked: [] });
});

test('quotes that are not needed are no difference', () => {
  const filter = [FORWARD[0]?.replace('forwarding', '"forwarding"') ?? '', FORWARD[1] ?? ''];
  expect(plan({ filter, nat: OUTPUT })).toEqual({ changes: [], asked: [] });
});

test('what is missing above others is put there', () => {
  const filter = FORWARD.slice(1);
  expect(plan({ filter, nat: OUTPUT })).toEqual({ changes: CHANGES_OF_FORWARD.slice(1), asked: [] });
});

test.each([
  ['one that is missing below another', FORWARD.slice(0, 1)],
  ['one that is there twice', [...FORWARD, ...FORWARD.slice(1)]],
  ['another order', FORWARD.toReversed()],
])('%s: the chain gets its jumps anew', (_, filter) => {
  const changes = [...filter.map((line) => `filter -D${line.slice(2)}`), ...CHANGES_OF_FORWARD];
  expect(plan({ filter, nat: OUTPUT })).toEqual({ changes, asked: [] });
});

test.each([
  ['on top', (rules: readonly string[]) => [GUARD, ...rules], []],
  ['below ours', (rules: readonly string[]) => [...rules, GUARD], []],
  ['missing', (rules: readonly string[]) => rules, ['filter -I FORWARD -j KUBE-FIREWALL']],
  ['alone', () => [GUARD], CHANGES_OF_FORWARD],
])('a jump that a kubelet makes, too, stays where it is: %s', (_, change, changes) => {
  const filter = change(FORWARD);
  expect(plan({ filter, nat: OUTPUT, jumps: GUARDED })).toEqual({ changes, asked: [] });
});

test('a jump that a kubelet makes, too, and that is there twice comes back once', () => {
  const filter = [GUARD, ...FORWARD, GUARD];
  const changes = [
    ...filter.map((line) => `filter -D${line.slice(2)}`),
    ...CHANGES_OF_FORWARD,
    'filter -I FORWARD -j KUBE-FIREWALL',
  ];
  expect(plan({ filter, nat: OUTPUT, jumps: GUARDED })).toEqual({ changes, asked: [] });
});

test.each([
  '-A OUTPUT -m comment --comment "kubernetes service portals -j KUBE-SERVICES"',
  '-A OUTPUT -m comment --comment "kubernetes \\"service\\" portals" -j ACCEPT',
  '-A INPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
])('a rule that only looks like one: %s', (line) => {
  expect(plan({ filter: FORWARD, nat: [line] })).toEqual({ changes: CHANGES_OF_OUTPUT, asked: [] });
});

const OTHER_WORDS = '-A OUTPUT --match comment --comment "kubernetes service portals" -j KUBE-SERVICES';
const ASKED = [
  '(-w)(5)(-t)(nat)(-C)(OUTPUT)(-m)(comment)(--comment)(kubernetes service portals)(-j)(KUBE-SERVICES)',
];

test.each([
  ['knows it', 0, []],
  ['does not', 1, CHANGES_OF_OUTPUT],
])('where another rule leads there, iptables is asked, which %s', (_, answer, changes) => {
  expect(plan({ filter: FORWARD, nat: [OTHER_WORDS], answer })).toEqual({ changes, asked: ASKED });
});

test.each([2, 3, 4])('when iptables cannot tell (%d), that is no answer', (answer) => {
  const { changes } = plan({ filter: FORWARD, nat: [OTHER_WORDS], answer });
  expect(changes).toEqual(['FAILED IPv4: ask -C: no']);
});

test('rules are not what ends the text, and hold no line breaks', () => {
  const jump = { table: 'nat', from: 'OUTPUT', rule: ' -j KUBE-SERVICES' };
  const functions = (rule: string) => () => [...jumpsFunctions([{ ...jump, rule }])];
  expect(functions(' -j A\nEND_OF_TEXT')).toThrow('svcgen bug');
  expect(functions(' -j A\n-j B')).toThrow('svcgen bug');
});
