import { describe, expect, test } from 'vitest';
import { isRuleset, readRuleset } from '../../../src/lang/nftables/read/read-ruleset.ts';
import { sourceText } from '../../../src/model/source-text.ts';
import { OWN_NAMES } from '../../../src/render/nftables/known-names.ts';

const RULES = `table ip kube-proxy {
	comment "rules for kube-proxy"
	set clients {
		type ipv4_addr
		size 65535
		flags dynamic,timeout
		timeout 3h
		elements = { 10.1.1.1 expires 2h59m59s992ms, 10.2.1.1 timeout 1h expires 59m comment "a, } b",
			     10.3.1.1 counter packets 1 bytes 2 }
	}

	map service-ips {
		type ipv4_addr . inet_proto . inet_service : verdict
		elements = { 10.96.0.1 . tcp . 80 comment "default/web" : goto web,
			     10.96.0.2 . 17 . 53 : drop }
	}

	chain nat-prerouting {
		type nat hook prerouting priority dstnat + 5; policy drop;
		jump services
	}

	chain services {
		comment "a chain"
		ip daddr . meta l4proto . th dport vmap @service-ips
	}

	chain web {
	}
}
table inet firewall {
	set admitted {
		type ipv4_addr
		elements = { 10.0.0.1,
			     10.0.0.2 }
	}

	chain forward {
		type filter hook forward priority filter; policy drop;
	}

	chain input {
		type filter hook input priority filter; policy accept;
	}

	chain output {
		type filter hook output priority filter; policy accept;
		counter packets 0 bytes 0 accept
	}
}
`;

function read(text: string) {
  return readRuleset(sourceText('node', text), OWN_NAMES);
}

/** A set with what differs of each line of elements, which nft sorts. */
function withAddresses(...lines: readonly string[]): string {
  const elements = lines.map((each) => `10.0.0.${each}`).join(',\n\t\t\t     ');
  return `table ip kube-proxy {\n\tset some {\n\t\ttype ipv4_addr\n\t\telements = { ${elements} }\n\t}\n}\n`;
}

const SPELLINGS: readonly (readonly [string, string])[] = [
  ['as it is', RULES],
  ['with spaces', RULES.replaceAll('\t', '    ')],
  ['without indent', RULES.replace(/^\s+/gm, '')],
  [
    'with handles',
    RULES.replace(/(\{|drop|accept|services|@service-ips)$/gm, '$1 # handle 7').replace(
      '= { # handle 7',
      '= {',
    ),
  ],
  ['over Windows', RULES.replaceAll('\n', '\r\n')],
  ['with remarks', `# Warning: table ip nat is managed by iptables-nft, do not touch!\n\n${RULES}`],
];

describe.each(SPELLINGS)('%s', (_, text) => {
  const { ruleset, diagnostics } = read(text);
  const [table] = ruleset.tables;

  test('is a ruleset', () => {
    expect(diagnostics).toEqual([]);
    expect(isRuleset(text)).toBe(true);
    expect(ruleset.tables).toHaveLength(1);
    expect(table).toMatchObject({ family: 'IPv4', name: 'kube-proxy' });
  });

  test('has elements', () => {
    const elementsOf = (name: string) =>
      Array.from(
        table?.sets.get(name)?.contents?.elements ?? [],
        ({ line, text: own, ...element }) => element,
      );
    expect(elementsOf('clients')).toEqual([
      { key: ['10.1.1.1'] },
      { key: ['10.2.1.1'], comment: 'a, } b' },
      { key: ['10.3.1.1'] },
    ]);
    expect(table?.sets.get('clients')?.timeoutSeconds).toBe(10_800);
    expect(elementsOf('service-ips')).toEqual([
      { key: ['10.96.0.1', 'tcp', 80], comment: 'default/web', verdict: { kind: 'goto', chain: 'web' } },
      { key: ['10.96.0.2', 'udp', 53], verdict: { kind: 'drop' } },
    ]);
  });

  test('has chains', () => {
    const chains = [...(table?.chains.values() ?? [])];
    expect(chains.map(({ name, hook }) => [name, hook])).toEqual([
      ['nat-prerouting', { type: 'nat', at: 'prerouting', priority: -95, policy: 'drop' }],
      ['services', undefined],
      ['web', undefined],
    ]);
    expect(chains.map(({ rules }) => Array.from(rules, ({ text: own }) => own))).toEqual([
      ['jump services'],
      ['ip daddr . meta l4proto . th dport vmap @service-ips'],
      [],
    ]);
  });

  test('has tables of others, where they do something', () => {
    expect(ruleset.others).toMatchObject([
      { family: 'inet', name: 'firewall', hooks: new Set(['forward', 'output']) },
    ]);
  });
});

test('a base chain may have a comment, which comes first', () => {
  const text = RULES.replace('\t\ttype nat', '\t\tcomment "where it begins"\n\t\ttype nat');
  const chain = read(text).ruleset.tables[0]?.chains.get('nat-prerouting');
  expect(chain?.hook).toMatchObject({ type: 'nat' });
  expect([...(chain?.rules ?? [])]).toHaveLength(1);
});

test('rules and elements know their lines', () => {
  const [table] = read(RULES).ruleset.tables;
  const lines = RULES.split('\n');
  for (const { rules } of table?.chains.values() ?? []) {
    for (const { line, text } of rules) expect(lines[line - 1]?.trim()).toBe(text);
  }
  for (const { contents } of table?.sets.values() ?? []) {
    for (const { line, text } of contents?.elements ?? [])
      expect(lines[line - 1]).toContain(text.split(' ')[0]);
  }
});

test('what has a type that is not known is not looked into, and neither are rules that do', () => {
  const [table] = read(
    RULES.replace(
      'type ipv4_addr . inet_proto . inet_service : verdict',
      'type ipv4_addr . ether_addr : verdict',
    ),
  ).ruleset.tables;
  expect(table?.sets.get('service-ips')?.contents).toBe(undefined);
  const [rule] = table?.chains.get('services')?.rules ?? [];
  expect(rule?.statements).toMatchObject([{ kind: 'unknown' }]);
});

describe('refused, with the line', () => {
  test.each([
    [
      'cut off in a chain',
      RULES.slice(0, RULES.indexOf('jump services')),
      20,
      'chain nat-prerouting, which begins in line 18',
    ],
    [
      'cut off in elements',
      RULES.slice(0, RULES.indexOf('10.3.1.1')),
      9,
      'set clients, which begins in line 3',
    ],
    [
      'cut off between tables',
      RULES.slice(0, RULES.indexOf('}\ntable inet')),
      29,
      'table ip kube-proxy, which begins in line 1',
    ],
    [
      'a table inside of another',
      RULES.replace('\t}\n}\ntable', '\t}\ntable'),
      30,
      'table ip kube-proxy, which begins in line 1',
    ],
    [
      'a chain inside of another',
      RULES.replace('jump services\n\t}', 'jump services'),
      22,
      'chain nat-prerouting, which begins in line 18',
    ],
    ['two listings', RULES + RULES, 51, 'table ip kube-proxy begins a second time, after line 1'],
    [
      'a chain twice',
      RULES.replace('chain web', 'chain services'),
      28,
      'chain services begins a second time, after line 23',
    ],
    ['iptables-save', '# Generated\n*nat\n', 2, '--mode iptables'],
    ['JSON that is cut off', '{"nftables": [{"table"\n', 1, 'nft -j'],
    ['a script', 'add table ip kube-proxy\n', 1, 'nft -f'],
    ['manifests', 'apiVersion: v1\n', 1, 'manifests'],
    [
      'ports by names that not every machine knows',
      RULES.replace('. 80 comment', '. websm comment'),
      14,
      'elements of type ipv4_addr',
    ],
    ['an element without a verdict', RULES.replace(' : goto web', ''), 14, 'elements of type ipv4_addr'],
    [
      'a hook of another kind',
      RULES.replace('hook prerouting', 'hook ingress'),
      19,
      'a hook of type nat or filter',
    ],
    ['a line that is nothing', RULES.replace('\tchain web {', '\tchain web'), 28, 'a set, map or chain'],
    [
      'a table out of use',
      RULES.replace('comment "rules', 'flags dormant\n\tcomment "rules'),
      2,
      'not dormant',
    ],
    ['nothing', '\n', 1, 'holds no rules'],
    ['the first element twice', withAddresses('1', '1', '2'), 5, 'so that others are missing'],
    ['the last element twice', withAddresses('1', '2', '2'), 6, 'so that others are missing'],
    ['an element twice', withAddresses('1', '2', '2', '3'), 6, 'so that others are missing'],
    [
      'an element twice in a line',
      withAddresses('1, 10.0.0.2', '2, 10.0.0.3'),
      5,
      'twice, in "10.0.0.2, 10.0.0.3 }"',
    ],
    [
      'an element twice with a comment',
      withAddresses('1 comment "a"', '1 comment "a"'),
      5,
      'others are missing',
    ],
  ])('%s', (_, text, line, said) => {
    const { ruleset, diagnostics } = read(text);
    expect(ruleset).toEqual({ tables: [], others: [] });
    const [first] = diagnostics;
    expect(`${first?.message}; ${first?.hint}`).toContain(said);
    expect(first?.span?.line).toBe(line);
  });
});

describe('more elements than svcgen reads', () => {
  const ADDRESSES = Array.from({ length: 1000 }, (_, each) => `10.0.${each >> 8}.${each & 255}`).join(', ');
  const withSet = (family: string, lines: number, perLine: string) => `table ${family} kube-proxy {
	set many {
		type ipv4_addr
		elements = { ${Array.from({ length: lines }, () => perLine).join(',\n			')} }
	}
}
`;

  test.each([
    ['in all', 263, ADDRESSES],
    ['in a line', 1, Array.from({ length: 6 }, () => ADDRESSES).join(', ')],
  ])('%s', (_, lines, perLine) => {
    const { isTooLarge, diagnostics: found } = read(withSet('ip', lines, perLine));
    const [first] = found;
    expect(isTooLarge).toBe(true);
    expect(first?.message).toContain('at most 524288 in a table');
    expect(first?.span?.line).toBe(lines + 3);
    const { ruleset, diagnostics } = read(withSet('inet', lines, perLine));
    expect(diagnostics).toEqual([]);
    expect(ruleset.others[0]?.of('IPv4')?.sets.get('many')?.contents).toBeUndefined();
  });

  test('nearly as many', () => {
    const { ruleset, diagnostics } = read(withSet('ip', 60, ADDRESSES));
    expect(diagnostics).toEqual([]);
    expect(ruleset.tables[0]?.sets.get('many')?.contents).toBeDefined();
  });
});

test('more tables than programs on a node have', () => {
  const tables = (count: number) =>
    Array.from({ length: count }, (_, index) => `table ip t${index} {\n}\n`).join('');
  expect(read(tables(4096)).diagnostics).toEqual([]);
  const [first] = read(tables(4097)).diagnostics;
  expect(first?.message).toContain('at most 4096 tables');
  expect(first?.span?.line).toBe(8193);
});

test.each([
  '*nat\n',
  '\n'.repeat(20_000),
  `${' '.repeat(9_000)}x`,
  '{"items": []}',
  'apiVersion: v1\n',
  '',
  '# table ip x {\n',
])('is no ruleset: %j', (text) => {
  expect(isRuleset(text)).toBe(false);
});
