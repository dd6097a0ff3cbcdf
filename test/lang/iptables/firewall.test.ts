import { expect, test } from 'vitest';
import { readSavedRules } from '../../../src/lang/iptables/read/read-saved-rules.ts';
import { iptablesFirewall, type RuleTable } from '../../../src/lang/iptables/walk/firewall.ts';
import { type Packet, UNKNOWN_INTERFACE } from '../../../src/lang/packet/packet.ts';
import { familyOf } from '../../../src/model/ip.ts';
import { sourceText } from '../../../src/model/source-text.ts';

const RULES = [
  '-d 10.0.0.1/32 -j ACCEPT',
  '-s 192.0.2.5/32 -j ACCEPT',
  '-j RETURN',
  '-s 192.0.2.5/32 -d 10.0.0.1/32 -j ACCEPT',
  '-s 192.0.2.0/24 -d 10.0.0.1/32 -j ACCEPT',
  '-s 192.0.2.5/32 -d 10.0.0.0/24 -j ACCEPT',
  '! -d 10.0.0.1/32 -j ACCEPT',
  '! -s 192.0.2.5/32 -d 10.0.0.2/32 -j ACCEPT',
  '-d 10.0.0.1 -j ACCEPT',
  '-p tcp -d 10.0.0.1/32 -j ACCEPT',
  '-d 10.0.0.2/32',
  '-d 10.0.0.1/31 -j ACCEPT',
  '-d 10.0.0.1/032 -j ACCEPT',
  '--destination 10.0.0.2/32 -j ACCEPT',
  '-d fd00::1/128 -j ACCEPT',
  '-d fd00:0::1/128 -j ACCEPT',
  '-d fd00::/64 -j ACCEPT',
  '-s 192.0.2.9/32 -j DROP',
];

/** The lines that do something with a packet, and how many were read for that. */
function linesFor(table: RuleTable, source: string, destination: string) {
  const packet: Packet = {
    family: familyOf(destination),
    protocol: 'tcp',
    source,
    destination,
    port: 80,
    inInterface: { kind: 'named', name: 'eth0' },
    outInterface: UNKNOWN_INTERFACE,
    mark: 0,
  };
  const host = { localAddresses: new Set<string>(), sets: undefined, virtualServers: [] };
  const [base] = iptablesFirewall([table], host, () => '').baseChains('FORWARD');
  let read = 0;
  const count = () => {
    read += 1;
    return true;
  };
  const rules = [...(base?.find('X')?.rulesFor(packet, count) ?? [])];
  return { lines: rules.filter(({ apply }) => apply(packet) !== undefined).map(({ line }) => line), read };
}

function savedTable(rules: readonly string[]) {
  const text = `*filter\n:FORWARD ACCEPT [0:0]\n:X - [0:0]\n${rules.map((rule) => `-A X ${rule}\n`).join('')}COMMIT\n`;
  const [table] = readSavedRules(sourceText('a.rules', text)).tables;
  if (table === undefined) throw new Error('there is no table');
  return table;
}

test.each([
  ['192.0.2.5', '10.0.0.1'],
  ['192.0.2.5', '10.0.0.2'],
  ['192.0.2.9', '10.0.0.2'],
  ['192.0.2.1', '10.0.0.3'],
  ['fd00::9', 'fd00::1'],
  ['fd00::9', 'fd00::2'],
])('a packet from %s to %s meets the rules for its addresses, in their order', (source, destination) => {
  const { name, chains } = savedTable(RULES);
  const hidden = [...chains].map(([chain, { policy, rules }]) => [chain, { policy, rules }] as const);
  const indexed = linesFor({ name, chains }, source, destination);
  const madeRules = linesFor({ name, chains: new Map(hidden) }, source, destination);
  const inOrder = RULES.flatMap((rule, index) =>
    linesFor(savedTable([rule]), source, destination).lines.map(() => index + 4),
  );
  expect(indexed.lines).toEqual(inOrder);
  expect(madeRules.lines).toEqual(inOrder);
});

test('rules for other addresses are not read', () => {
  const rules = Array.from(
    { length: 1000 },
    (_, index) => `-d 10.0.${index >> 8}.${index & 255}/32 -j ACCEPT`,
  );
  expect(linesFor(savedTable([...rules, '-j DROP']), '192.0.2.5', '10.0.1.7')).toEqual({
    lines: [4 + 256 + 7, 1004],
    read: 2,
  });
});
