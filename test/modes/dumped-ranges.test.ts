import { expect, test } from 'vitest';
import { sourceText } from '../../src/model/source-text.ts';
import { readNodeDump } from '../../src/modes/dump/read/read-node-dump.ts';
import { POD_RANGES, rangesIn } from '../../src/modes/dump/tell/dumped-ranges.ts';

const rangesOf = (text: string) =>
  rangesIn(readNodeDump(sourceText('x', text), 'IPv4').dump, 'IPv4', POD_RANGES);

/** As iptables-legacy prints chains, by their names: those of endpoints come before those of Services. */
function savedNat(endpoints: number): string {
  const names = Array.from(
    { length: endpoints },
    (_, index) => `KUBE-SEP-${String(index).padStart(16, 'A')}`,
  );
  return [
    '*nat',
    ...names.map((name) => `:${name} - [0:0]`),
    ':KUBE-SVC-ABCDEFGHIJKLMNOP - [0:0]',
    ...names.map((name) => `-A ${name} -s 10.244.1.2/32 -j KUBE-MARK-MASQ`),
    '-A KUBE-SVC-ABCDEFGHIJKLMNOP ! -s 10.244.0.0/16 -d 10.96.0.1/32 -p tcp -m tcp --dport 443 -j KUBE-MARK-MASQ',
    'COMMIT\n',
  ].join('\n');
}

test.each([1, 5000])('ranges of pods stand in rules of Services, behind %i endpoints', (endpoints) => {
  expect(rangesOf(savedNat(endpoints))).toEqual(['10.244.0.0/16']);
});

test('and in kube-proxy’s own table of nftables, of the same family', () => {
  const chain = (range: string, family: string) =>
    `\tchain service-ULMVA6XW-ns1/svc1/tcp/p80 {\n\t\t${family} saddr != ${range} jump mark-for-masquerade\n\t}\n`;
  const text = `table ip kube-proxy {\n${chain('10.244.0.0/16', 'ip')}}\ntable ip6 kube-proxy {\n${chain('fd00::/64', 'ip6')}}\n`;
  expect(rangesOf(text)).toEqual(['10.244.0.0/16']);
});
