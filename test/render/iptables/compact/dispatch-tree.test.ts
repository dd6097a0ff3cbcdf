import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Match } from '../../../../src/lang/iptables/matches/match.ts';
import { printRule } from '../../../../src/lang/iptables/print/print-rule.ts';
import type { Chain, Rule } from '../../../../src/lang/iptables/ruleset.ts';
import type { L4Protocol } from '../../../../src/lang/packet/l4-protocol.ts';
import { cidrContains } from '../../../../src/model/ip.ts';
import { dispatchTree } from '../../../../src/render/iptables/compact/dispatch-tree.ts';
import { jump, toAddress } from '../../../../src/render/netfilter/matches.ts';

interface Destination {
  readonly ip: string | undefined;
  readonly protocol: L4Protocol;
  readonly port: number;
}

function ruleFor({ ip, protocol, port }: Destination, chain = 'KUBE-TARGET'): Rule {
  return {
    matches: [
      ...(ip === undefined ? [] : [toAddress(ip)]),
      { kind: 'protocol', protocol },
      { kind: 'l4', protocol, destinationPort: port },
    ],
    action: jump(chain),
  };
}

function tcp(ip: string | undefined, port: number): Rule {
  return ruleFor({ ip, protocol: 'tcp', port });
}

function tree(rules: readonly Rule[]): Map<string, readonly Rule[]> {
  return new Map(dispatchTree({ name: 'KUBE-ROOT', rules }).map((chain) => [chain.name, [...chain.rules]]));
}

function holds(match: Match, { ip, protocol, port }: Destination): boolean {
  if (match.kind === 'destination') return ip !== undefined && cidrContains(match.cidr, ip);
  if (match.kind === 'protocol') return match.protocol === protocol;
  if (match.kind === 'port-range')
    return match.protocol === protocol && match.first <= port && port <= match.last;
  return match.kind === 'l4' && match.protocol === protocol && match.destinationPort === port;
}

interface Walk {
  /** Rules outside the tree that hold, in order. */
  readonly reached: readonly string[];
  /** How many rules were looked at. */
  readonly cost: number;
}

function walk(chains: ReadonlyMap<string, readonly Rule[]>, name: string, packet: Destination): Walk {
  let [reached, cost]: [readonly string[], number] = [[], 0];
  for (const { matches, action } of chains.get(name) ?? []) {
    cost += 1;
    if (action?.kind !== 'jump' || !matches.every((match) => holds(match, packet))) continue;
    const below = chains.has(action.chain)
      ? walk(chains, action.chain, packet)
      : { reached: [action.chain], cost: 0 };
    reached = [...reached, ...below.reached];
    cost += below.cost;
  }
  return { reached, cost };
}

describe('dispatchTree', () => {
  test('leaves a chain of few rules as it is', () => {
    const rules = [tcp('10.0.0.9', 80), tcp(undefined, 1), tcp('10.0.0.1', 80)];
    expect([...tree(rules)]).toEqual([['KUBE-ROOT', rules]]);
  });

  test('keeps rules without a destination port last, in their order', () => {
    const others: Rule[] = [
      { matches: [toAddress('10.0.0.1')], action: jump('KUBE-B') },
      { matches: [{ ...toAddress('10.0.0.1') }], action: jump('KUBE-A') },
      {
        matches: [
          { kind: 'destination', cidr: '10.0.0.0/8', negated: true },
          { kind: 'l4', protocol: 'tcp', destinationPort: 1 },
        ],
        action: jump('KUBE-C'),
      },
    ];
    const rules = Array.from({ length: 40 }, (_, index) => tcp(`10.0.0.${index}`, 80));
    const root = tree([...others, ...rules]).get('KUBE-ROOT') ?? [];
    expect(root.slice(-3)).toEqual(others);
    expect(root.length).toBeLessThan(10);
  });

  test('splits at networks, then protocols, then ranges of ports', () => {
    const ports = Array.from({ length: 20 }, (_, index) => tcp('10.0.0.1', 30_000 + index));
    const addresses = Array.from({ length: 20 }, (_, index) => tcp(`10.0.1.${index}`, 80));
    const lines = [...tree([...ports, ...addresses]).values()].flat().map((rule) => printRule(rule));
    const branches = lines.filter((line) => line.includes('KUBE-DST-'));
    expect(branches.map((line) => line.replace(/ -j .*/, ''))).toEqual([
      ' -d 10.0.0.0/24',
      ' -d 10.0.1.0/24',
      ' -d 10.0.0.1/32 -p tcp -m tcp --dport 30000:30015',
      ' -d 10.0.0.1/32 -p tcp -m tcp --dport 30016:30031',
      ' -d 10.0.1.0/28',
      ' -d 10.0.1.16/28',
    ]);
  });

  test('of several rules for one destination the first stays the first', () => {
    const rules = Array.from({ length: 40 }, (_, index) =>
      ruleFor({ ip: 'fd00::1', protocol: 'udp', port: 53 }, `KUBE-${index}`),
    );
    const { reached } = walk(tree([...rules, tcp('fd00::2', 1)]), 'KUBE-ROOT', {
      ip: 'fd00::1',
      protocol: 'udp',
      port: 53,
    });
    expect(reached).toEqual(rules.map((_, index) => `KUBE-${index}`));
  });

  test('ten thousand addresses and ports cost few rules each, in either family', () => {
    const destinations = Array.from({ length: 10_000 }, (_, index): Destination => {
      const number = (index * 7919) % 65_536;
      const ip = `10.96.${number >> 8}.${number & 255}`;
      return { ip: index % 2 === 0 ? ip : `fd00:96::${number.toString(16)}`, protocol: 'tcp', port: 80 };
    });
    for (const family of ['.', ':']) {
      const mine = destinations.filter(({ ip }) => ip?.includes(family));
      const chains = tree(mine.map((each) => ruleFor(each)));
      const costs = mine
        .filter((_, index) => index % 50 === 0)
        .map((each) => walk(chains, 'KUBE-ROOT', each).cost);
      expect(Math.max(...costs)).toBeLessThan(100);
      expect(chains.size).toBeLessThan(2000);
    }
    const ports = Array.from({ length: 2768 }, (_, index) => tcp(undefined, 30_000 + index));
    const chains = tree(ports);
    const last = { ip: undefined, protocol: 'tcp', port: 32_767 } as const;
    expect(walk(chains, 'KUBE-ROOT', last)).toMatchObject({ reached: ['KUBE-TARGET'] });
    expect(walk(chains, 'KUBE-ROOT', last).cost).toBeLessThan(60);
  });

  test('one rule more changes only the chains on its way', () => {
    const rules = Array.from({ length: 2000 }, (_, index) => tcp(`10.96.${index >> 8}.${index & 255}`, 80));
    const before = tree(rules);
    const after = tree([tcp('10.96.3.77', 81), ...rules]);
    const changed = [...after].filter(
      ([name, chain]) => JSON.stringify(before.get(name)) !== JSON.stringify(chain),
    );
    expect(changed.length).toBeLessThanOrEqual(3);
    expect([...before.keys()].filter((name) => !after.has(name))).toEqual([]);
  });
});

const destination: fc.Arbitrary<Destination> = fc.record({
  ip: fc.oneof(
    fc.constantFrom(undefined, '10.96.0.1', '203.0.113.9', '10.96.0.2'),
    fc.nat(0xffff).map((number) => `10.96.${number >> 8}.${number & 255}`),
  ),
  protocol: fc.constantFrom('tcp', 'udp', 'sctp'),
  port: fc.oneof(fc.constantFrom(80, 443, 65_535), fc.nat(65_535), fc.integer({ min: 30_000, max: 30_050 })),
});

test('a packet reaches the rules that it reaches in the plain chain', () => {
  fc.assert(
    fc.property(fc.array(destination, { maxLength: 80 }), destination, (destinations, stranger) => {
      const rules = destinations.map((each, index) => ruleFor(each, `KUBE-${index}`));
      const plain = new Map([['KUBE-ROOT', rules]]);
      const chains = tree(rules);
      for (const packet of [...destinations, stranger]) {
        const { reached } = walk(chains, 'KUBE-ROOT', packet);
        const expected = walk(plain, 'KUBE-ROOT', packet).reached;
        expect([...reached].sort()).toEqual([...expected].sort());
        const isForAddress = reached.map((chain) => isOf(chain, destinations, packet.ip));
        if (rules.length > 16)
          expect(isForAddress).toEqual(isForAddress.toSorted((one, other) => Number(other) - Number(one)));
        expect(firstOf(reached, destinations, packet.ip)).toBe(firstOf(expected, destinations, packet.ip));
      }
      expect(danglingJumps(chains)).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

/** The first rule for the address itself: those for any address come after. */
function firstOf(reached: readonly string[], destinations: readonly Destination[], ip: string | undefined) {
  return reached.find((chain) => isOf(chain, destinations, ip));
}

function isOf(chain: string, destinations: readonly Destination[], ip: string | undefined): boolean {
  return destinations[Number(chain.slice('KUBE-'.length))]?.ip === ip;
}

function danglingJumps(chains: ReadonlyMap<Chain['name'], readonly Rule[]>): readonly string[] {
  return [...chains.values()]
    .flat()
    .flatMap(({ action }) => (action?.kind === 'jump' ? [action.chain] : []))
    .filter((chain) => chain.startsWith('KUBE-DST-') && !chains.has(chain));
}
