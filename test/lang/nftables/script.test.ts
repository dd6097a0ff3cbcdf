import { describe, expect, test } from 'vitest';
import { readScript } from '../../../src/lang/nftables/read/script.ts';
import { runQuietly } from '../../support/run-program.ts';

const SCRIPT = `#!/usr/sbin/nft -f
# of this host
flush ruleset

define WAN = eth0
define ADMINS = { 192.0.2.7, # the office
                  192.0.2.8 }
define PORTS = { 22, 443 }
include "/etc/nftables.d/*.nft"

table inet filter {
\tchain input {
\t\ttype filter hook input priority 0; policy drop;
\t\tiifname lo accept # itself
\t\tiifname $WAN ip saddr $ADMINS tcp dport { 80, $PORTS } accept comment "# admins"
\t\tiifname { eth1, wg* } accept
\t\tip saddr $UNKNOWN accept
\t}
}
`;

test('names are replaced, names of interfaces quoted, and lines keep their numbers', () => {
  const read = readScript(SCRIPT);
  const lines = read?.text.split('\n') ?? [];
  expect(lines.map((line, at) => [read?.lineOf(at + 1), line]).slice(0, 7)).toEqual([
    [11, 'table inet filter {'],
    [12, 'chain input {'],
    [13, 'type filter hook input priority 0; policy drop;'],
    [14, 'iifname "lo" accept'],
    [
      15,
      'iifname "eth0" ip saddr { 192.0.2.7, 192.0.2.8 } tcp dport { 80, 22, 443 } accept comment "# admins"',
    ],
    [16, 'iifname { "eth1", "wg*" } accept'],
    [17, 'ip saddr $UNKNOWN accept'],
  ]);
  expect(read?.includes).toEqual([{ line: 9, file: '/etc/nftables.d/*.nft' }]);
});

test('some names of interfaces may be quoted already', () => {
  const text = 'define LAN = eth1\niifname { $LAN, "eth2", wg* } accept';
  expect(readScript(text)?.text).toContain('iifname { "eth1", "eth2", "wg*" } accept');
});

test('a comma behind the last one of a set is none of the set', () => {
  const lines = [
    'define ALL = {',
    '  192.0.2.7,',
    '}',
    'table ip t {',
    'ip saddr $ALL ip daddr { 10.0.0.1, } drop',
    '}',
  ];
  expect(readScript(lines.join('\n'))?.text).toContain('ip saddr { 192.0.2.7 } ip daddr { 10.0.0.1 } drop');
});

test.each(['drop comment "what $LAN sends by iifname eth0, }"', 'log prefix "oif eth0 $LAN: " drop'])(
  'what people wrote for people stays as it is: %s',
  (rule) => {
    expect(readScript(`define LAN = eth1\niifname $LAN ${rule}`)?.text).toBe(`\niifname "eth1" ${rule}`);
  },
);

describe('statements', () => {
  const read = (text: string) => {
    const script = readScript(text);
    const lines = (script?.text ?? '').trimEnd().split('\n');
    return lines.map((line, at) => `${script?.lineOf(at + 1)} ${line}`);
  };

  test('end with a semicolon, too, and blocks may stand in one line', () => {
    const text =
      'table ip x { chain y { type filter hook input priority 0; policy accept; tcp dport { 80, 81 } accept; } }\ntable filter {\n}\n';
    expect(read(text)).toEqual([
      '1 table ip x {',
      '1 chain y {',
      '1 type filter hook input priority 0; policy accept;',
      '1 tcp dport { 80, 81 } accept',
      '1 }',
      '1 }',
      '2 table ip filter {',
      '3 }',
    ]);
  });

  test('go on in braces and behind a backslash, and texts are whole', () => {
    const text = `table inet f
delete table inet f
table inet f {
  chain input {
    type filter hook input priority filter
    policy drop
    tcp dport {
      22,
      80 } \\
      accept comment "a; b { c"; iif lo accept
  }
}
`;
    expect(read(text)).toEqual([
      '3 table inet f {',
      '4 chain input {',
      '5 type filter hook input priority filter; policy drop;',
      '7 tcp dport {       22,       80 }       accept comment "a; b { c"',
      '10 iif "lo" accept',
      '11 }',
      '12 }',
    ]);
  });

  test.each([
    ['80', 'no rule of any Service matches'],
    ['81', 'dropped: a rule of ip x y, line 2 tcp dport 81 drop'],
  ])('explain follows them, and names lines of the script: port %s', async (port, verdict) => {
    const script =
      'table ip x { chain y { type filter hook input priority 0; policy accept; tcp dport 80 accept\ntcp dport 81 drop; } }\n';
    const argv = ['explain', '--rules', '-', '--node-ip', '10.0.0.1', '--from', '192.0.2.9'];
    const { stdout } = await runQuietly([...argv, '--to', `10.0.0.1:${port}`], script);
    expect(stdout.replace(/\s+/g, ' ')).toContain(verdict);
  });
});

test('reads what people write in chains and sets as nft does', () => {
  const script = `table ip x { set s { type ipv4_addr; elements = { 10.0.0.1,
    }; }
    chain y { policy drop; counter ip daddr { 10.0.0.2 } accept
    type filter hook input priority 0; iifname {
    eth0, "cni0" } accept; }
    }\n`;
  const lines = readScript(script)?.text.replace(/[ ]+/g, ' ').split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      'elements = { 10.0.0.1 }',
      'type filter hook input priority 0; policy drop;',
      'counter ip daddr { 10.0.0.2 } accept',
      'iifname { "eth0", "cni0" } accept',
    ]),
  );
});

test.each(['{', '{ } ', '"" { } ', '\\\n'])('a long text of %j in a script ends', (piece) => {
  const script = `table ip x { ${piece.repeat(1_000_000 / piece.length)}`;
  expect(readScript(script)?.text.length).toBeGreaterThan(0);
});

test('what nft lists is no script', () => {
  expect(readScript('table inet filter {\n\tchain define {\n\t}\n}\n')).toBeUndefined();
});

test('definitions that double each other do not grow without end', () => {
  const names = Array.from({ length: 60 }, (_, index) => `define A${index + 1} = $A${index}$A${index}`);
  const text = ['define A0 = xxxxxxxx', ...names, 'table ip t {', '$A60', '}'].join('\n');
  expect(readScript(text)?.text.length).toBeLessThan(20_000);
});

describe('explain', () => {
  test.each([
    ['192.0.2.8', 'no rule of any Service matches'],
    ['192.0.2.9', 'it is dropped if "ip saddr $UNKNOWN" does not hold'],
  ])('from %s: %s', async (from, verdict) => {
    const to = ['--to', '192.168.1.1:443', '--node-ip', '192.168.1.1', '--in-interface', 'eth0'];
    const { exitCode, stdout } = await runQuietly(['explain', '--rules', '-', '--from', from, ...to], SCRIPT);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(verdict);
    expect(stdout).toContain('line 9 includes "/etc/nftables.d/*.nft"');
  });
});
