import { expect, test } from 'vitest';
import { indexElements, indexUnread } from '../../../src/lang/nftables/elements/element-index.ts';
import type { NftValue } from '../../../src/lang/nftables/elements/field.ts';
import { readRuleset } from '../../../src/lang/nftables/read/read-ruleset.ts';
import { sourceText } from '../../../src/model/source-text.ts';

/** What a table has in a map or set with these lines of elements. */
function contentsOf(type: string, lines: readonly string[]) {
  const text = `table ip kube-proxy {\n\tmap m {\n\t\ttype ${type}\n\t\telements = { ${lines.join(',\n\t\t\t     ')} }\n\t}\n}\n`;
  const own = { table: 'kube-proxy', iptablesServices: 'KUBE-SERVICES' };
  const { ruleset, diagnostics } = readRuleset(sourceText('a.nft', text), own);
  const contents = ruleset.tables[0]?.sets.get('m')?.contents;
  if (contents === undefined) throw new Error(JSON.stringify(diagnostics));
  return contents;
}

const SERVICES = 'ipv4_addr . inet_proto . inet_service : verdict';

test.each<[string, string, readonly string[], readonly (readonly NftValue[])[], number]>([
  [
    'of a map of Services',
    SERVICES,
    [
      '10.0.0.1 . tcp . 80 : goto a',
      '10.0.0.1 . udp . 80 : goto b',
      '10.0.0.2 . tcp . 8080 comment "default/web:http" : goto c',
      '10.0.0.2 . tcp . 60000 : goto d',
      '10.0.0.3 . tcp . 80 comment "a, b" : drop',
      '10.0.0.4 . tcp . 1 : goto e',
    ],
    [
      ['10.0.0.1', 'tcp', 80],
      ['10.0.0.1', 'udp', 80],
      ['10.0.0.2', 'tcp', 8080],
      ['10.0.0.2', 'tcp', 60_000],
      ['10.0.0.3', 'tcp', 80],
      ['10.0.0.4', 'tcp', 1],
      ['10.0.0.4', 'tcp', 10],
      ['10.0.0.9', 'tcp', 80],
    ],
    2,
  ],
  [
    'of a set with ranges, and several in a line',
    'ipv4_addr',
    ['10.0.0.1', '10.0.1.0/24', '10.0.2.1-10.0.2.9, 10.0.3.1', '10.0.4.1 timeout 3h expires 2h'],
    [['10.0.0.1'], ['10.0.1.7'], ['10.0.2.5'], ['10.0.3.1'], ['10.0.4.1'], ['10.0.0.2']],
    4,
  ],
  [
    'of drawn numbers',
    'integer : ipv4_addr . inet_service',
    ['0 : 10.0.0.1 . 80', '1 : 10.0.0.2 . 80', '10 : 10.0.0.3 . 80'],
    [[0], [1], [10], [2]],
    0,
  ],
])('elements %s are found without reading the others', (_, type, lines, keys, others) => {
  const { elements, unread } = contentsOf(type, lines);
  const [read, lazily] = [
    indexElements<{ key: readonly NftValue[] }>(elements),
    indexUnread(elements, unread),
  ];
  for (const key of keys) expect(lazily.find(key), key.join(' ')).toEqual(read.find(key));
  expect(unread().others).toHaveLength(others);
  expect(lazily.possible([])).toEqual(read.possible([]));
});

test('elements whose lines hold some words are read alone', () => {
  const contents = contentsOf(SERVICES, [
    '10.0.0.1 . tcp . 80 : goto a',
    '10.0.0.2 . tcp . 80 : goto b',
    '10.0.0.1 . tcp . 443 : goto c',
  ]);
  const lines = Array.from(contents.elementsWith('10.0.0.1 '), ({ line }) => line);
  expect(lines).toEqual([4, 6]);
});
