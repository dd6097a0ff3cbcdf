import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runProgram, runQuietly } from '../support/run-program.ts';

const FORMS = 'fixtures/explain/dump-forms';
const form = (name: string) => readFileSync(`${FORMS}/${name}.txt`, 'utf8');

interface Answer {
  readonly ways: readonly { readonly result: string; readonly to: string; readonly conditions: unknown }[];
  readonly notes: readonly string[];
}

async function explain(text: string, ...args: readonly string[]) {
  const argv = ['explain', '--rules', '-', '--output', 'json', '--node-ip', '192.168.1.11', ...args];
  const { exitCode, stdout, stderr } = await runProgram(argv, text);
  const answer: Answer | undefined = stdout === '' ? undefined : JSON.parse(stdout);
  return { exitCode, stdout, stderr, answer };
}

const endsOf = (answer: Answer | undefined) => answer?.ways.map(({ result, to }) => `${result} ${to}`);

describe('what iptables prints, in whatever form', () => {
  const everywhere = [
    '10.0.0.20:80',
    '10.0.0.90:443',
    '192.168.1.11:30080',
    '192.168.1.11:30443',
    '10.0.0.50:53/udp',
  ];

  test.each(['specified', 'specified-counted', 'listed', 'listed-bare', 'listed-names', 'grepped'])(
    '%s: goes where the saved rules go',
    async (name) => {
      for (const to of everywhere) {
        const args = ['--from', '203.0.113.7', '--to', to];
        const saved = await explain(form('saved'), ...args);
        const found = await explain(form(name), ...args);
        expect({ to, ends: endsOf(found.answer) }).toEqual({ to, ends: endsOf(saved.answer) });
      }
    },
  );

  test.each([
    ['10.1.1.1', '192.168.1.11:80', 'node 192.168.1.11:80'],
    ['10.9.1.1', '192.168.1.11:85', 'node 192.168.1.11:85'],
    ['10.1.1.1', '192.168.1.11:443', 'rejected 192.168.1.11:443'],
    ['10.1.1.1', '192.168.1.11:53/udp', 'node 192.168.1.11:53'],
    ['192.168.7.9', '192.168.1.11:8443', 'dropped 192.168.1.11:8443'],
    ['10.1.1.1', '10.96.0.1:443', 'endpoint 10.244.1.5:8080'],
    ['10.1.1.1', '10.96.0.1:80', 'rejected 10.244.1.5:9090'],
    ['203.0.113.1', '10.96.0.1:443', 'rejected 10.244.1.5:8080'],
    ['203.0.113.1', '10.8.8.8:53/udp', 'elsewhere 10.8.8.8:53'],
  ])('nft with numbers or with names: from %s to %s it is %s', async (from, to, end) => {
    for (const name of ['nft', 'nft-numbers', 'nft-names']) {
      const { answer } = await explain(form(name), '--from', from, '--to', to);
      expect({ name, ends: endsOf(answer) }).toEqual({ name, ends: [end] });
    }
  });

  const lines = form('saved').trimEnd().split('\n');
  const each = (change: (line: string, index: number) => string) => `${lines.map(change).join('\n')}\n`;
  const esc = String.fromCharCode(27);
  test.each([
    ['line ends of Windows', form('saved').replaceAll('\n', '\r\n')],
    ['leading spaces', each((line) => `    ${line}`)],
    ['a quotation', each((line) => `> ${line}`)],
    ['a diff', each((line) => `+${line}`)],
    ['numbers of cat -n', each((line, index) => `${String(index + 1).padStart(6)}\t${line}`)],
    ['numbers of grep -n', each((line, index) => `${index + 1}:${line}`)],
    ['times of kubectl logs', each((line) => `2026-11-28T02:00:00.000000000Z ${line}`)],
    ['times of syslog', each((line) => `Nov 28 02:00:00 worker-1 dump[77]: ${line}`)],
    ['colours', each((line) => `${esc}[01;32m${line}${esc}[0m`)],
    [
      'a prompt with a title',
      `${esc}]0;root@w1: ~${String.fromCharCode(7)}root@w1:~# iptables-save\n${form('saved')}root@w1:~#\n`,
    ],
    ['entities', form('saved').replaceAll('>', '&gt;').replaceAll('"', '&quot;')],
    ['typographic quotes', form('saved').replaceAll(/ "([^"]*)"/g, ' \u201c$1\u201d')],
    ['spaces that do not break', form('saved').replaceAll(' ', '\u00a0')],
    [
      'a block of Markdown',
      `What the node has:\n\n\`\`\`console\n$ sudo iptables-save\n${form('saved')}\`\`\`\n`,
    ],
    [
      'what kubectl says',
      `Defaulted container "kube-proxy" out of: kube-proxy, init (init)\n${form('saved')}`,
    ],
  ])('copied with %s, they are the same rules', async (_, text) => {
    for (const to of everywhere) {
      const args = ['--from', '203.0.113.7', '--to', to];
      const [saved, found] = [await explain(form('saved'), ...args), await explain(text, ...args)];
      expect({ to, ends: endsOf(found.answer) }).toEqual({ to, ends: endsOf(saved.answer) });
    }
  });

  test.each(['...', '[...]', '\u2026', '<snip>'])(
    'rules are left out by %s: the answer says so',
    async (mark) => {
      const cut = lines.findIndex((line) => line.startsWith('-A KUBE-SEP-')) + 1;
      const text = lines.toSpliced(cut, 0, mark).join('\n');
      const args = ['--from', '203.0.113.7', '--to', '10.0.0.20:80', '--node-ip', '192.168.1.11'];
      const { stdout } = await runProgram(['explain', '--rules', '-', ...args], `${text}\n`);
      expect(stdout.replaceAll('\n    ', ' ')).toContain(
        `, unless rules decide otherwise that line ${cut + 1} leaves out\n`,
      );
      const withoutEnd = lines.slice(0, -2).concat(mark).join('\n');
      const ended = await runProgram(['explain', '--rules', '-', ...args], `${withoutEnd}\n`);
      expect(ended.stdout.replaceAll('\n    ', ' ')).toContain(', unless rules decide otherwise that line');
      const cutOff = await runProgram(
        ['explain', '--rules', '-', ...args],
        `${lines.slice(0, -2).join('\n')}\n`,
      );
      expect(cutOff.stderr).toContain('the text is cut off here');
    },
  );

  test('a rule that follows some that are left out of a listed chain counts', async () => {
    const text = `$ iptables -t nat -L -n -v
Chain PREROUTING (policy ACCEPT 0 packets, 0 bytes)
 pkts bytes target     prot opt in     out     source               destination
    0     0 DNAT       tcp  --  *      *       0.0.0.0/0            10.96.0.10           tcp dpt:80 to:10.244.1.5:8080

$ iptables -L -n -v
Chain FORWARD (policy ACCEPT 0 packets, 0 bytes)
 pkts bytes target     prot opt in     out     source               destination
 ...
    0     0 DROP       all  --  *      *       203.0.113.0/24       0.0.0.0/0
`;
    const args = ['--from', '203.0.113.7', '--to', '10.96.0.10:80', '--node-ip', '192.168.1.11'];
    const { stdout } = await runProgram(['explain', '--rules', '-', ...args], text);
    expect(stdout.replaceAll('\n    ', ' ')).toContain(
      '\ndropped on the way to 10.244.1.5:8080: a rule of filter FORWARD, line 10, unless rules decide otherwise that line 9 leaves out\n',
    );
    expect(stdout).not.toContain('passed over');
  });

  test('rules are left out behind what nft lists: the answer says so', async () => {
    const text = `table ip kube-proxy {
	chain nat-prerouting {
		type nat hook prerouting priority dstnat; policy accept;
		ip daddr 10.96.0.10 tcp dport 80 dnat to 10.244.1.5:8080
	}
}
[...]
`;
    const args = ['--from', '203.0.113.7', '--to', '10.96.0.10:80', '--node-ip', '192.168.1.11'];
    const { stdout } = await runProgram(['explain', '--rules', '-', ...args], text);
    expect(stdout.replaceAll('\n    ', ' ')).toContain(
      '\ngoes to 10.244.1.5:8080, unless rules decide otherwise that line 7 leaves out\n',
    );
  });

  test('what a form lacks is said', async () => {
    const args = ['--from', '203.0.113.7', '--to', '10.0.0.20:80'];
    expect((await explain(form('listed-bare'), ...args)).answer?.notes.join()).toContain(
      'without -v does not print interfaces',
    );
    expect((await explain(form('grepped'), ...args)).answer?.notes.join()).toContain('tables are not named');
    expect((await explain(form('listed'), ...args)).answer?.notes).toEqual([
      expect.stringMatching(/^the node must forward as well/),
    ]);
  });

  test('several saves, with prompts between: the family of the connection counts', async () => {
    const text = readFileSync('fixtures/explain/live-nodes/both-variants.txt', 'utf8');
    const found = await explain(text, '--from', 'fd00::9', '--to', '[fd00::1]:80');
    expect(endsOf(found.answer)).toEqual(['endpoint [fd00::2]:80']);
  });

  test('what is inside of a table and no rule is not passed over', async () => {
    const text = `x\n${form('saved').replace('COMMIT', 'what is this\nCOMMIT')}`;
    const { exitCode, stdout, stderr } = await explain(text, '--to', '10.0.0.20:80');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('error[saved-rules-text]');
  });
});

describe('a node of nftables mode, where the kubelet has rules of iptables', () => {
  const KUBELET = `# $ iptables-save
*mangle
:KUBE-IPTABLES-HINT - [0:0]
COMMIT
*filter
:INPUT ACCEPT [0:0]
:KUBE-FIREWALL - [0:0]
-A INPUT -j KUBE-FIREWALL
-A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP
COMMIT
# $ nft list ruleset
`;
  const listed = readFileSync('fixtures/explain/node-nftables/kube-proxy.rules', 'utf8');

  test.each([
    ['--to', 'default/web', '--family', 'ipv4'],
    ['--to', '10.96.0.80:81'],
    ['--to', '10.96.0.99:80'],
    ['--to', '127.0.0.1:30080', '--from-node'],
  ])('%s %s: the answer is the same', async (...args) => {
    const argv = ['explain', '--rules', '-', '--node-ip', '192.168.7.11', '--output', 'json', ...args];
    const alone = await runQuietly(argv, listed);
    const beside = await runQuietly(argv, KUBELET + listed);
    const { verdict, notes } = JSON.parse(alone.stdout);
    expect(JSON.parse(beside.stdout)).toMatchObject({
      verdict,
      notes: notes.map((note: string) => note.replace(/\bline (\d+)/g, (_, line) => `line ${+line + 11}`)),
    });
  });
});

describe('what ipset and ipvsadm print', () => {
  const rules = [
    '*filter',
    ':FORWARD ACCEPT [0:0]',
    '-A FORWARD -m set --match-set blocked src -j DROP',
    'COMMIT',
    '',
  ].join('\n');
  const args = ['--from', '192.0.2.7', '--to', '10.0.0.20:80'];

  test.each([
    [
      'ipset save',
      'create blocked hash:ip family inet timeout 600 counters comment\nadd blocked 192.0.2.7 timeout 593 packets 0 bytes 0 comment "a b"\n',
    ],
    [
      'ipset list',
      'Name: blocked\nType: hash:ip\nRevision: 4\nHeader: family inet hashsize 1024 maxelem 65536 timeout 600\nSize in memory: 440\nReferences: 1\nNumber of entries: 1\nMembers:\n192.0.2.7 timeout 593\n\n',
    ],
  ])('%s, with timeouts and counters', async (_, sets) => {
    for (const text of [`${rules}${sets}`, `${sets}${rules}`])
      expect(endsOf((await explain(text, ...args)).answer)).toEqual(['dropped 10.0.0.20:80']);
    const other = await explain(`${rules}${sets}`, '--from', '192.0.2.8', '--to', '10.0.0.20:80');
    expect(endsOf(other.answer)).toEqual(['elsewhere 10.0.0.20:80']);
  });

  test.each([
    ['hash:net', 'family inet', '192.0.2.0/24', 'src', true],
    ['hash:net', 'family inet', '192.0.2.7', 'src', true],
    ['hash:net', 'family inet', '192.0.2.8/30', 'src', false],
    ['hash:net', 'family inet6', '2001:db8::/32', 'src', false],
    ['hash:net,port', 'family inet', '192.0.2.0/24,tcp:80', 'src,dst', true],
    ['hash:net,port', 'family inet', '192.0.2.0/24,udp:80', 'src,dst', false],
    ['hash:net,port', 'family inet', '192.0.2.0/24,tcp:80', 'src', false],
  ])('a set %s (%s) with %s, asked for %s: %s', async (type, options, element, sides, isHeld) => {
    const text = `${rules.replace('blocked src', `blocked ${sides}`)}create blocked ${type} ${options} hashsize 1024\nadd blocked ${element}\n`;
    const end = isHeld ? 'dropped' : 'elsewhere';
    expect(endsOf((await explain(text, ...args)).answer)).toEqual([`${end} 10.0.0.20:80`]);
  });

  test('a network that a set leaves out is not guessed about', async () => {
    const sets =
      'create blocked hash:net family inet\nadd blocked 192.0.2.0/24\nadd blocked 192.0.2.7 nomatch\n';
    expect((await explain(`${rules}${sets}`, ...args)).answer?.ways).toHaveLength(2);
  });

  test('virtual servers as they are listed', async () => {
    const servers =
      'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\nTCP  10.0.0.20:80 wrr persistent 60\n  -> 10.244.1.5:8080 Masq 3 0 0\n  -> 10.244.1.6:8080 Masq 1 0 0\n  -> 10.244.1.7:8080 Masq 0 0 0\n';
    const { answer } = await explain(`${servers}\n${rules}`, ...args);
    expect(answer?.ways.filter(({ result }) => result === 'endpoint')).toMatchObject([
      { share: '3/4', to: '10.244.1.5:8080' },
      { share: '1/4', to: '10.244.1.6:8080' },
    ]);
  });

  const LISTED = 'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port ';
  const SERVERS =
    'Scheduler Flags\n  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\nTCP  10.0.0.20:http rr\n  -> 10.244.1.5:webcache Masq 1 0 0\n';
  const STATS =
    'Conns InPkts OutPkts InBytes OutBytes\n  -> RemoteAddress:Port\nTCP  10.0.0.20:80 12 160 140 20K 80K\n  -> 10.244.1.5:8080 12 160 140 20K 80K\n';

  test('virtual servers with names of ports', async () => {
    for (const text of [`${LISTED}${SERVERS}\n${rules}`, `${rules}${LISTED}${SERVERS}\n${LISTED}${STATS}`])
      expect(endsOf((await explain(text, ...args)).answer)).toContain('endpoint 10.244.1.5:8080');
  });

  const BLOCKED =
    'Name: blocked\nType: hash:ip\nRevision: 6\nHeader: family inet hashsize 1024\nSize in memory: 216\nReferences: 1\n';

  test.each([
    ['counters of ipvsadm', `${LISTED}${STATS}`, 6, 'ipvsadm-save -n'],
    [
      'hosts of ipvsadm',
      `${LISTED}${SERVERS.replace('10.244.1.5', 'web-1.example.net')}`,
      9,
      'ipvsadm-save -n',
    ],
    ['sets without members', `${BLOCKED}Number of entries: 3\n`, 11, 'ipset save'],
    ['the same of an older ipset', `${BLOCKED}\n${BLOCKED}`, 10, 'ipset save'],
    ['sets as XML', '<ipsets>\n<ipset name="blocked">\n</ipset>\n</ipsets>\n', 5, 'ipset save'],
  ])('%s: refused, with the command that says more', async (_, text, line, command) => {
    const { exitCode, stdout, stderr } = await explain(`${rules}${text}`, ...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(`<stdin>:${line}:`);
    expect(stderr).toContain(`"${command}"`);
  });

  test('sets alone are no rules', async () => {
    const sets = readFileSync('fixtures/explain/live-nodes/ipset-list.txt', 'utf8');
    const { exitCode, stdout, stderr } = await explain(sets, ...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('"ipset list"');
    expect(stderr).toContain('"iptables-save"');
  });
});

describe('rules of nft without their elements, as "nft -t" lists them', () => {
  const listing = (name: string) => readFileSync(`fixtures/explain/node-nftables/${name}.rules`, 'utf8');
  const terse = (name: string) => listing(name).replaceAll(/\n\t\telements = \{[^}]*\}/g, '');
  const input = 'fixtures/explain/node-rules/input.yaml';

  test.each(['kube-proxy', 'kube-proxy-1.36', 'compact'])(
    '%s: refused by all who need them',
    async (name) => {
      for (const text of [terse(name), `$ sudo nft -t list ruleset\n${terse(name)}`]) {
        for (const argv of [
          ['explain', '--rules', '-', '--to', '10.96.0.1:80'],
          ['diff', input, '--rules', '-', '--mode', 'nftables', '--node', 'node-a'],
          ['render', input, '--current', '-', '--mode', 'nftables', '--node', 'node-a'],
        ]) {
          const { exitCode, stdout, stderr } = await runQuietly(argv, text);
          expect({ argv, exitCode, stdout }).toEqual({
            argv,
            exitCode: argv[0] === 'diff' ? 2 : 1,
            stdout: '',
          });
          expect(stderr).toContain('without -t (--terse)');
        }
      }
    },
  );

  test('a table that has no Services yet is one', async () => {
    const text = terse('kube-proxy-1.36').replaceAll(/\tchain (?:service|endpoint)-[^}]*\}\n/g, '');
    const { exitCode } = await runQuietly(['explain', '--rules', '-', '--to', '10.96.0.1:80'], text);
    expect(exitCode).toBe(0);
  });
});

describe('a host of Docker with many bridges, and a Service with many endpoints', () => {
  const chainOf = (index: number) => `KUBE-SEP-${String(index).padStart(16, '0')}`;
  const save = (bridges: readonly string[], endpoints: readonly string[]) =>
    [
      '*nat',
      ':PREROUTING ACCEPT [0:0]',
      ':KUBE-SVC-AAAAAAAAAAAAAAAA - [0:0]',
      ...endpoints.map((_, index) => `:${chainOf(index)} - [0:0]`),
      '-A PREROUTING -d 10.0.0.20/32 -p tcp -m comment --comment "default/web cluster IP" -m tcp --dport 80 -j KUBE-SVC-AAAAAAAAAAAAAAAA',
      ...endpoints.flatMap((ip, index) => [
        `-A KUBE-SVC-AAAAAAAAAAAAAAAA ${index === endpoints.length - 1 ? '' : `-m statistic --mode random --probability ${(1 / (endpoints.length - index)).toFixed(11)} `}-j ${chainOf(index)}`,
        `-A ${chainOf(index)} -p tcp -m tcp -j DNAT --to-destination ${ip}:8080`,
      ]),
      'COMMIT',
      '*filter',
      ':FORWARD DROP [0:0]',
      ':DOCKER-ISOLATION-STAGE-1 - [0:0]',
      ':DOCKER-ISOLATION-STAGE-2 - [0:0]',
      '-A FORWARD -j DOCKER-ISOLATION-STAGE-1',
      ...bridges.flatMap((name) => [
        `-A FORWARD -i ${name} ! -o ${name} -j ACCEPT`,
        `-A FORWARD -i ${name} -o ${name} -j ACCEPT`,
        `-A DOCKER-ISOLATION-STAGE-1 -i ${name} ! -o ${name} -j DOCKER-ISOLATION-STAGE-2`,
        `-A DOCKER-ISOLATION-STAGE-2 -o ${name} -j DROP`,
      ]),
      'COMMIT',
      '',
    ].join('\n');
  const bridges = Array.from({ length: 24 }, (_, index) => `br-${index}`);
  const endpoints = Array.from({ length: 120 }, (_, index) => `10.244.${index >> 7}.${(index & 127) + 1}`);

  test('what differs only in its endpoint depends on the same things', async () => {
    const argv = ['--from', '203.0.113.7', '--to', '10.0.0.20:80'];
    const many = await explain(save(bridges, endpoints), ...argv);
    const few = await explain(save(bridges, endpoints.slice(0, 2)), ...argv);
    const groups = (answer: Answer | undefined) => {
      const counts = new Map<string, number>();
      for (const { result, conditions } of answer?.ways ?? []) {
        const key = JSON.stringify([result, conditions]);
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      return [...counts.values()];
    };
    expect({ exitCode: many.exitCode, stderr: many.stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(groups(few.answer)).toEqual([2, 2, 2]);
    expect(groups(many.answer)).toEqual([120, 120, 120]);
  });
});

test('rules that make too many different packets of one are refused with words', async () => {
  const marks = Array.from(
    { length: 9 },
    (_, bit) => `-m string --string s${bit} --algo bm -j MARK --set-xmark ${1 << bit}/${1 << bit}`,
  );
  const more = Array.from(
    { length: 580 },
    (_, value) => `-p tcp -j CONNMARK --set-xmark ${value}/0xffffffff`,
  );
  const rules = [...marks, ...more].map((rule) => `-A PREROUTING ${rule}`);
  const text = ['*mangle', ':PREROUTING ACCEPT [0:0]', ...rules, 'COMMIT', ''].join('\n');
  const { exitCode, stdout, stderr } = await explain(text, '--from', '203.0.113.7', '--to', '10.0.0.20:80');
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toContain('error[ways-bounded]: there are too many ways through these rules');
});

describe('tables of iptables-legacy and iptables-nft', () => {
  const table = (name: string, lines: readonly string[]) =>
    `${[`*${name}`, ...lines, 'COMMIT'].join('\n')}\n`;
  const accept = (chain: string) => `:${chain} ACCEPT [0:0]`;
  const nat = (to: string) =>
    table('nat', [
      accept('PREROUTING'),
      `-A PREROUTING -d 10.96.0.9/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination ${to}`,
    ]);
  /** As iptables 1.8.9 prints it, whatever the name of the command is. */
  const nft = (text: string) =>
    `# Generated by iptables-save v1.8.9 (nf_tables) on Sat Nov 28 10:45:44 2026\n${text}# Completed on Sat Nov 28 10:45:44 2026\n`;
  const legacy = (text: string) => nft(text).replace(' (nf_tables)', '');
  const WARNING = '# Warning: iptables-legacy tables present, use iptables-legacy-save to see them\n';
  const dropping = table('filter', [':FORWARD DROP [0:0]']);
  const accepting = table('filter', [accept('FORWARD'), '-A FORWARD -j ACCEPT']);
  const args = ['--from', '203.0.113.7', '--to', '10.96.0.9:80'];

  test.each([
    ['nft first', nft(nat('10.244.1.5:8080') + accepting) + WARNING + legacy(dropping)],
    ['legacy first', legacy(dropping) + nft(nat('10.244.1.5:8080') + accepting) + WARNING],
    [
      'of 1.8.4, which names no program',
      legacy(nat('10.244.1.5:8080') + accepting) + WARNING + legacy(dropping),
    ],
    [
      'listed',
      `${nft(nat('10.244.1.5:8080') + accepting)}${WARNING}# iptables-legacy -S\n-P INPUT ACCEPT\n-P FORWARD DROP\n-P OUTPUT ACCEPT\n-A OUTPUT -j ACCEPT\n`,
    ],
  ])('%s: a packet passes both, and the one that drops it is named', async (_, text) => {
    const { answer, stdout } = await explain(text, ...args);
    expect(endsOf(answer)).toEqual(['dropped 10.244.1.5:8080']);
    expect(stdout).toContain('no rule of legacy filter FORWARD decides');
    expect(stdout).toContain('"table":"nft nat"');
    expect(stdout).not.toContain('which are not in it');
  });

  test('the warning alone: what is missing is said', async () => {
    const { answer } = await explain(nft(nat('10.244.1.5:8080') + accepting) + WARNING, ...args);
    expect(endsOf(answer)).toEqual(['endpoint 10.244.1.5:8080']);
    expect(answer?.notes.join()).toContain('add what "iptables-legacy-save" prints');
  });

  test('both rewrite the destination: the order, which nobody knows, matters', async () => {
    const { answer } = await explain(
      nft(nat('10.244.1.5:8080') + accepting) + legacy(nat('10.244.9.9:8080')),
      ...args,
    );
    expect(endsOf(answer)).toEqual(['endpoint 10.244.1.5:8080']);
    expect(answer?.notes.join()).toContain('in the other order it goes to 10.244.9.9:8080');
    const same = await explain(
      nft(nat('10.244.1.5:8080') + accepting) + legacy(nat('10.244.1.5:8080')),
      ...args,
    );
    expect(same.answer?.notes.join()).not.toContain('order');
  });

  test.each([
    ['diff', '--rules'],
    ['render', '--current'],
  ])('%s compares with one of them', async (...[command, option]) => {
    const ours = table('nat', [accept('PREROUTING'), ':KUBE-SERVICES - [0:0]']);
    const text = nft(accepting + ours) + legacy(dropping + ours);
    const ran = await runProgram([command, 'fixtures/quickstart', option, '-'], text);
    expect(ran).toMatchObject({ exitCode: command === 'diff' ? 2 : 1, stdout: '' });
    expect(ran.stderr).toContain('hold table filter of iptables-legacy and of iptables-nft');
  });
});

describe('lists of sets', () => {
  const rules = (...sets: readonly string[]) =>
    `*filter\n:FORWARD ACCEPT [0:0]\n-A FORWARD -m set --match-set both src -j DROP\nCOMMIT\ncreate both list:set size 8\n${sets.join('\n')}\n`;
  const one = 'create one hash:ip family inet hashsize 1024 maxelem 65536\nadd one 203.0.113.7';
  const net = 'create net hash:net family inet hashsize 1024 maxelem 65536\nadd net 198.51.100.0/24';

  test.each([
    ['203.0.113.7', 'dropped'],
    ['198.51.100.9', 'dropped'],
    ['192.0.2.1', 'elsewhere'],
  ])('hold what their sets hold: %s is %s', async (from, result) => {
    const { answer } = await explain(
      rules(one, net, 'add both one', 'add both net'),
      '--from',
      from,
      '--to',
      '10.9.9.9:80',
    );
    expect(endsOf(answer)).toEqual([`${result} 10.9.9.9:80`]);
  });

  test('one of them is not in the text: nobody knows', async () => {
    const { answer } = await explain(
      rules(one, 'add both one', 'add both gone'),
      '--from',
      '192.0.2.1',
      '--to',
      '10.9.9.9:80',
    );
    expect(answer?.ways.length).toBe(2);
  });
});

describe('what svcgen doctor printed without seeing any rule', () => {
  const text = `# svcgen doctor 1: what a node has, for svcgen explain --rules
# svcgen doctor: lacking: nearly all of it: this script was not run by root

# $ ip -j addr
[{"ifindex":2,"ifname":"eth0","addr_info":[{"family":"inet","local":"192.168.1.11","prefixlen":24}]}]

# svcgen doctor: end
`;
  const said =
    /^[^\n]*:1:1: error\[saved-rules-given\]: \S+ holds no rules that could be followed; it lacks nearly all of it: this script was not run by root\n/;

  test('is an error that says what it lacks', async () => {
    const { exitCode, stdout, stderr } = await explain(text, '--from', '10.1.1.1', '--to', '10.0.0.20:80');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(said);
  });

  test.each(['iptables', 'ipvs', 'nftables'])('also where diff wants rules of mode %s', async (mode) => {
    const argv = [
      'diff',
      '-q',
      'fixtures/quickstart',
      '--node-ip',
      '192.168.1.11',
      '--mode',
      mode,
      '--rules',
      '-',
    ];
    const { exitCode, stdout, stderr } = await runProgram(argv, text);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(said);
  });
});

test('a source that depends on an interface is told with that, also where another interface refuses', async () => {
  const nat = [
    '-A PREROUTING -d 10.96.0.80/32 -p tcp -j DNAT --to-destination 10.244.1.5:8080',
    '-A POSTROUTING ! -o eth1 -j MASQUERADE',
  ];
  const text = ['*nat', ...nat, 'COMMIT', '*filter', '-A FORWARD -i eth1 -j DROP', 'COMMIT', ''].join('\n');
  const argv = ['explain', '--rules', '-', '--from', '10.244.1.7', '--to', '10.96.0.80:80'];
  const { stdout } = await runProgram(argv, text);
  expect(stdout.replace(/\n {4}/g, ' ').match(/^source.*$/gm)).toEqual([
    "source: becomes the node's own, if it comes in and leaves by an interface other than eth1",
    'source: stays 10.244.1.7, if it comes in by an interface other than eth1 and leaves by eth1',
  ]);
});

test('a source that is the same whatever holds is told without conditions', async () => {
  const rules = `*mangle
:PREROUTING ACCEPT [0:0]
-A PREROUTING -m socket --transparent -j MARK --set-xmark 0x200/0xffffffff
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:CILIUM_PRE - [0:0]
:KUBE-SERVICES - [0:0]
:KUBE-SVC-WEB - [0:0]
:KUBE-SEP-A - [0:0]
-A PREROUTING -j CILIUM_PRE
-A PREROUTING -j KUBE-SERVICES
-A CILIUM_PRE -m mark --mark 0x200/0xf00 -j CT --notrack
-A KUBE-SERVICES -d 10.96.0.80/32 -p tcp -m tcp --dport 80 -j KUBE-SVC-WEB
-A KUBE-SVC-WEB -j KUBE-SEP-A
-A KUBE-SEP-A -p tcp -j DNAT --to-destination 10.244.1.5:8080
COMMIT
`;
  const { stdout } = await runProgram(
    ['explain', '--rules', '-', '--from', '10.244.1.7', '--to', '10.96.0.80:80'],
    rules,
  );
  expect(stdout).toMatch(/^source: stays 10\.244\.1\.7$/m);
});
