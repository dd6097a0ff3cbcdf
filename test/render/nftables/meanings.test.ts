import { expect, test } from 'vitest';
import type { NftRule } from '../../../src/lang/nftables/ruleset.ts';
import { ALL } from '../../../src/lang/packet/fraction.ts';
import type { Packet } from '../../../src/lang/packet/packet.ts';
import type { Next } from '../../../src/lang/packet/verdict.ts';
import { nftablesMeaning } from '../../../src/render/nftables/meanings.ts';

const packet: Packet = {
  family: 'IPv4',
  source: '10.244.1.5',
  destination: '10.96.0.80',
  protocol: 'tcp',
  port: 80,
  inInterface: { kind: 'none' },
  outInterface: { kind: 'none' },
  mark: 0,
};

const WEB = '3NEXC4QR-default/web/tcp/http';
const mark = { kind: 'set-mark', operator: 'or', value: 0x4000 } as const;
const toCluster = { kind: 'goto', chain: `service-${WEB}` } as const;

function meaning(chain: string, rule: NftRule, next: Next, effect = 'something'): string | undefined {
  return nftablesMeaning(chain, rule, { packet, next, share: ALL, effect });
}

test.each<[string, string, NftRule, Next, string | undefined]>([
  [
    'pods told by interface',
    `external-${WEB}`,
    { matches: [{ kind: 'in-interface', name: 'cbr0' }], statements: [toCluster] },
    toCluster,
    'pods of the node may use all endpoints',
  ],
  [
    'a mark without a chain of its own, as since 1.36',
    `endpoint-${WEB}__10.244.1.5/8080`,
    { matches: [{ kind: 'address', field: 'saddr', cidr: '10.244.1.5' }], statements: [mark] },
    { kind: 'on' },
    'the endpoint reaches itself (hairpin)',
  ],
  [
    'an address of a Service',
    'services',
    {
      matches: [],
      statements: [
        { kind: 'vmap', key: ['daddr', 'l4proto', 'dport'], map: { kind: 'named', name: 'service-ips' } },
      ],
    },
    toCluster,
    'an address of default/web',
  ],
  [
    'the same rule in a chain of others',
    'my-services',
    { matches: [{ kind: 'in-interface', name: 'cbr0' }], statements: [toCluster] },
    toCluster,
    undefined,
  ],
])('a rule is told by what it is: %s', (_, chain, rule, next, words) => {
  expect(meaning(chain, rule, next)).toBe(words);
});
