import { describe, expect, test } from 'vitest';
import { readSavedNode } from '../../../src/lang/ipvs/read/read-saved-ipvs.ts';
import { savedHost } from '../../../src/lang/ipvs/saved-host.ts';
import { sourceText } from '../../../src/model/source-text.ts';

const read = (text: string) => readSavedNode(sourceText('node', text));

const SETS = `create KUBE-CLUSTER-IP hash:ip,port family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0xc105a183
add KUBE-CLUSTER-IP 10.96.0.1,tcp:80
add KUBE-CLUSTER-IP 10.96.0.1,icmp:echo-request
create KUBE-6-LOAD-BALANCER-SOURCE-CID hash:ip,port,net family inet6 hashsize 1024 maxelem 65536
add KUBE-6-LOAD-BALANCER-SOURCE-CID fd00::1,sctp:80,fd00::/64
add KUBE-6-LOAD-BALANCER-SOURCE-CID fd00::1,sctp:80,fd01:0::1/128
create KUBE-NODE-PORT-TCP bitmap:port range 0-65535
add KUBE-NODE-PORT-TCP 30080
`;

const SERVERS = `-A -t 10.96.0.1:80 -s rr -p 10800
-a -t 10.96.0.1:80 -r 10.244.1.5:8080 -m -w 1
-A -u [fd00::1]:53 -s mh -b mh-port
-a -u [fd00::1]:53 -r [fd00:1::5]:53 -g -w 0 -x 5
-A --sctp-service 10.96.0.1:132 -s rr
-A -f 5 -s wlc
-a -f 5 -r 10.0.0.1:0 -m -w 1
`;

const NO_ADDRESSES = { nodeIPs: [], addressSets: [] };

const TABLE = '*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n';

test.each([
  '-t 10.96.0.1:80 -r 10.244.1.5:8080 -m -w 1',
  '-t 10.96.0.1:80 -r 10.244.1.5:0 -m -w 0',
  '-u 10.96.0.1:53 -r 10.244.1.5:53 -m -w 100',
  '-u 10.96.0.1:53 -r 10.244.1.5:65535 -m -w 65535',
])('a real server is the same however its line is laid out: %s', (words) => {
  const serversOf = (line: string) => {
    const text = `-A -t 10.96.0.1:80 -s rr\n-A -u 10.96.0.1:53 -s rr\n${line}\n`;
    const { ipvs, diagnostics } = read(text);
    expect(diagnostics).toEqual([]);
    return ipvs.virtualServers?.flatMap(({ realServers }) =>
      realServers.map((each) => ({ ...each, text: '' })),
    );
  };
  expect(serversOf(`-a ${words}`)).toHaveLength(1);
  expect(serversOf(`-a ${words}`)).toEqual(serversOf(`-a ${words.replace(' -m', '  -m')}`));
});

test.each([
  '-t 10.96.0.1:80 -r 10.244.1.256:8080 -m -w 1',
  '-t 10.96.0.1:80 -r 10.244.1.5:65536 -m -w 1',
  '-t 10.96.0.2:80 -r 10.244.1.5:80 -m -w 1',
])('what is none is an error: %s', (words) => {
  expect(read(`-A -t 10.96.0.1:80 -s rr\n-a ${words}\n`).diagnostics).toHaveLength(1);
});

describe('sets', () => {
  const { ipvs, diagnostics } = read(SETS);

  test('with their elements, each in its line', () => {
    expect(diagnostics).toEqual([]);
    const sets = [...(ipvs.sets?.values() ?? [])];
    expect(sets.map(({ name, type, family, options, line }) => [name, type, family, options, line])).toEqual([
      ['KUBE-CLUSTER-IP', 'hash:ip,port', 'IPv4', '', 1],
      ['KUBE-6-LOAD-BALANCER-SOURCE-CID', 'hash:ip,port,net', 'IPv6', '', 4],
      ['KUBE-NODE-PORT-TCP', 'bitmap:port', 'IPv4', '', 7],
    ]);
    const service = { ip: 'fd00::1', protocol: 'sctp', port: 80 };
    expect(sets.flatMap(({ elements }) => elements.map(({ entry }) => entry))).toEqual([
      { kind: 'ip-port', ip: '10.96.0.1', protocol: 'tcp', port: 80 },
      undefined,
      { kind: 'ip-port-peer', ...service, peer: 'fd00::/64' },
      { kind: 'ip-port-peer', ...service, peer: 'fd01::1' },
      { kind: 'port', port: 30080 },
    ]);
  });

  test('of others: of any type, and of any name', () => {
    const { diagnostics: found, ipvs: others } = read(
      'create F G hash:net family inet\nadd F G 10.0.0.0/8\ncreate __proto__ list:set size 8\nadd __proto__ F\n',
    );
    expect(found).toEqual([]);
    expect([...(others.sets?.keys() ?? [])]).toEqual(['F G', '__proto__']);
    const known = savedHost(others, NO_ADDRESSES).sets ?? new Map();
    expect([...known.keys()]).toEqual(['F G', '__proto__']);
    expect(known.get('F G')).toMatchObject({ entries: [{ kind: 'net', net: '10.0.0.0/8' }] });
    expect(known.get('__proto__')).toEqual({ type: 'list:set', members: ['F'] });
  });

  test.each([
    ['a timeout', 'create X hash:ip family inet timeout 5\nadd X 10.0.0.1 timeout 4\n'],
    ['counters', 'create X hash:ip family inet counters\nadd X 10.0.0.1 packets 0 bytes 0\n'],
    ['comments', 'create X hash:ip family inet comment\nadd X 10.0.0.1 comment "a timeout 5 b"\n'],
  ])('%s: it holds what it holds now', (_, text) => {
    const { ipvs: saved, diagnostics: found } = read(text);
    expect(found).toEqual([]);
    expect(savedHost(saved, NO_ADDRESSES).sets?.get('X')).toMatchObject({
      entries: [{ kind: 'ip', ip: '10.0.0.1' }],
    });
  });

  test.each([
    ['exceptions', 'create X hash:ip,port,net family inet\nadd X 10.0.0.1,tcp:80,10.0.0.0/8 nomatch\n'],
    ['not all ports', 'create X bitmap:port range 0-1023\nadd X 80\n'],
  ])('%s: nobody knows what it holds', (_, text) => {
    const { ipvs: saved, diagnostics: found } = read(text);
    expect(found).toEqual([]);
    expect(saved.sets?.get('X')?.elements).toHaveLength(1);
    expect(savedHost(saved, NO_ADDRESSES).sets?.get('X')).toBe(undefined);
  });
});

describe('virtual servers', () => {
  test('with their real servers; those of marks are left out', () => {
    const { ipvs, diagnostics } = read(SERVERS);
    expect(diagnostics).toEqual([]);
    expect(ipvs.virtualServers).toMatchObject([
      {
        protocol: 'TCP',
        ip: '10.96.0.1',
        port: 80,
        scheduler: 'rr',
        persistenceSeconds: 10800,
        options: '',
        line: 1,
        realServers: [{ ip: '10.244.1.5', port: 8080, weight: 1, isTranslated: true, options: '', line: 2 }],
      },
      {
        protocol: 'UDP',
        ip: 'fd00::1',
        scheduler: 'mh',
        options: '-b mh-port',
        realServers: [{ ip: 'fd00:1::5', weight: 0, isTranslated: false, options: '-g -x 5' }],
      },
      { protocol: 'SCTP', realServers: [] },
    ]);
  });

  test.each([
    ['another scheduler', '-A -t 10.0.0.1:80 -s fo\n', 'svcgen does not know the scheduler fo (line 1)'],
    [
      'no translation',
      '-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.0.0.2:80 -g -w 1\n',
      'svcgen does not follow what is sent on without translation: -a -t 10.0.0.1:80 -r 10.0.0.2:80 -g -w 1',
    ],
  ])('%s: where connections go is not known', (_, text, unclear) => {
    expect(savedHost(read(text).ipvs, NO_ADDRESSES).virtualServers).toMatchObject([{ unclear }]);
  });
});

test('all in one, in any order, as lines of Windows too', () => {
  for (const text of [TABLE + SETS + SERVERS, SERVERS + SETS + TABLE, SETS + TABLE + SERVERS]) {
    for (const each of [text, text.replaceAll('\n', '\r\n')]) {
      const { tables, ipvs, diagnostics } = read(each);
      expect(diagnostics).toEqual([]);
      expect([tables.length, ipvs.sets?.size, ipvs.virtualServers?.length]).toEqual([1, 3, 3]);
    }
  }
});

test('what is not in the text is not known', () => {
  expect(read(TABLE).ipvs).toEqual({ sets: undefined, virtualServers: undefined });
  expect(read(SERVERS).ipvs.sets).toBe(undefined);
  expect(read('-A -f 5 -s wlc\n').ipvs.virtualServers).toEqual([]);
  expect(read('').diagnostics).toMatchObject([{ code: 'saved-rules-given' }]);
});

test.each([
  ['cut off in an element', 'create X hash:ip family inet\nadd X 10.0.0.1', 2, 1, 'cut off'],
  ['cut off in a server', '-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.0', 2, 1, 'cut off'],
  [
    'cut off before sets',
    `*nat\n:X - [0:0]\n${SETS}`,
    3,
    1,
    'table nat, which begins in line 1, has no COMMIT',
  ],
  ['cut off before servers', `*nat\n:X - [0:0]\n${SERVERS}`, 3, 1, 'no COMMIT'],
  ['a type', 'create X\n', 1, 9, 'a type of sets'],
  ['no address', 'create X hash:ip family inet\nadd X 10.0.0.300\n', 2, 7, 'an element of hash:ip'],
  ['the other family', 'create X hash:ip family inet6\nadd X 10.0.0.3\n', 2, 7, 'of IPv6'],
  ['too many parts', 'create X hash:ip family inet\nadd X 10.0.0.3,tcp:5\n', 2, 7, 'an element'],
  ['too few parts', 'create X hash:ip,port family inet\nadd X 10.0.0.3\n', 2, 7, 'ADDRESS,tcp:PORT'],
  ['no port', 'create X hash:ip,port family inet\nadd X 10.0.0.3,tcp:65536\n', 2, 7, 'tcp:80'],
  ['no net', 'create X hash:ip,port,net family inet\nadd X 10.0.0.3,tcp:1,10.0.0.0/33\n', 2, 7, 'CIDR'],
  ['no element', 'create X bitmap:port range 0-65535\nadd X\n', 2, 6, 'a port'],
  ['a set that is not made', 'add X 10.0.0.3\n', 1, 5, 'a set that a line "create" above makes'],
  ['a set twice', 'create X hash:ip\ncreate X hash:ip\n', 2, 8, 'each set once (line 1)'],
  ['names of hosts', '-A -t web.example:http -s rr\n', 1, 7, 'an address and port'],
  ['brackets missing', '-A -t fd00::1:80 -s rr\n', 1, 7, 'an address and port'],
  ['no scheduler', '-A -t 10.0.0.1:80\n', 1, 18, 'a scheduler'],
  ['no seconds', '-A -t 10.0.0.1:80 -s rr -p x\n', 1, 28, 'seconds'],
  ['a server twice', '-A -t 10.0.0.1:80 -s rr\n-A -t 10.0.0.1:80 -s rr\n', 2, 7, 'each virtual server once'],
  ['a server that is not made', '-a -t 10.0.0.1:80 -r 10.0.0.2:80 -m -w 1\n', 1, 7, 'a virtual server that'],
  ['no real server', '-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -m -w 1\n', 2, 26, 'a real server'],
  ['no weight', '-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.0.0.2:80 -m\n', 2, 36, 'a weight'],
  [
    'no weight at all',
    '-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.0.0.2:80 -m -w -1\n',
    2,
    40,
    'a weight',
  ],
])('%s', (_, text, line, column, said) => {
  const { diagnostics } = read(text);
  expect(diagnostics[0]).toMatchObject({ severity: 'error', span: { file: 'node', line, column } });
  expect(diagnostics[0]?.message).toContain(said);
});

test('a large text that is wrong is not answered line by line', () => {
  expect(read('add X 1\n'.repeat(1000)).diagnostics).toHaveLength(10);
});

test('more sets than the kernel has', () => {
  const sets = (count: number) =>
    Array.from({ length: count }, (_, index) => `create S${index} hash:ip\n`).join('');
  expect(read(sets(65_535)).diagnostics).toEqual([]);
  const [first] = read(sets(65_536)).diagnostics;
  expect(first?.message).toContain('at most 65535 sets');
  expect(first?.span).toMatchObject({ line: 65_536, column: 8 });
});
