import { describe, expect, test } from 'vitest';
import { NO_INTERFACE, UNKNOWN_INTERFACE } from '../../src/lang/packet/packet.ts';
import { itemsOf } from '../../src/lang/packet/way.ts';
import { followText, ownPacket, summarize, tryText } from '../support/walk/follow-text.ts';
import { rulesOf } from '../support/walk/ways-of.ts';

const ends = (...args: Parameters<typeof followText>) => summarize(followText(...args));

/** Rules of one Service with so many endpoints, as kube-proxy lays them out. */
function service(endpoints: number): readonly string[] {
  const lines = [':SVC - [0:0]'];
  const numbers = Array.from({ length: endpoints }, (_, index) => index);
  for (const index of numbers) lines.push(`:SEP-${index} - [0:0]`);
  lines.push('-A PREROUTING -d 10.96.0.1/32 -p tcp -m tcp --dport 80 -j SVC');
  for (const index of numbers) {
    const left = endpoints - index;
    const chance = left > 1 ? `-m statistic --mode random --probability ${(1 / left).toFixed(11)} ` : '';
    lines.push(`-A SVC ${chance}-j SEP-${index}`);
  }
  for (const index of numbers) {
    const ip = `10.244.${index >> 8}.${index & 255}`;
    lines.push(`-A SEP-${index} -p tcp -m tcp -j DNAT --to-destination ${ip}:8080`);
  }
  return lines;
}

describe('where packets go', () => {
  test('without rules: through the node, or to it', () => {
    expect(ends({ filter: [] })).toEqual(['1/1 elsewhere 10.96.0.1:80']);
    expect(ends({ filter: [] }, { destination: '192.168.7.11' })).toEqual(['1/1 node 192.168.7.11:80']);
    expect(ends({ filter: [] }, { ...ownPacket, destination: '127.0.0.1' })).toEqual([
      '1/1 node 127.0.0.1:80',
    ]);
  });

  test.each([
    ['by an interface whose addresses are known', {}, '192.168.7.12'],
    ['by another one, to an address of the node', { destination: '192.168.7.11' }, '192.168.7.11', 'eth1'],
    ['by another one, to an address that is not', {}, '192.168.7.10', 'eth1'],
    ['from the node itself', ownPacket, '127.0.0.1'],
  ])('what is redirected comes in %s', (_, changes, ip, name = 'eth0') => {
    const nat = ['PREROUTING', 'OUTPUT'].map((each) => `-A ${each} -p tcp -j REDIRECT --to-ports 8080`);
    const filter = ['-A INPUT -d 127.0.0.0/8 ! -i lo -j DROP'];
    const host = {
      localAddresses: new Set(['192.168.7.10', '192.168.7.11', '192.168.7.12']),
      interfaces: new Map([['eth0', ['fe80::1', '192.168.7.12']]]),
    };
    const packet = { inInterface: { kind: 'named', name }, ...changes } as const;
    expect(ends({ nat, filter }, packet, host)).toEqual([`1/1 node ${ip}:8080`]);
  });

  test('hooks and tables come in the order of the kernel', () => {
    const chains = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'];
    const log = (table: string, names: readonly string[]) =>
      names.map((name) => `-A ${name} -j LOG --log-prefix ${table}`);
    const tables = {
      filter: log('filter', chains.slice(1, 4)),
      nat: log('nat', ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING']),
      mangle: log('mangle', chains),
      raw: log('raw', ['PREROUTING', 'OUTPUT']),
      security: log('security', chains.slice(1, 4)),
    };
    const passed = (changes: Parameters<typeof followText>[1]) =>
      followText(tables, changes)
        .flatMap(rulesOf)
        .map((text) => text.replace(/-A (\S+) .* (\S+)$/, '$1 $2'));
    expect(passed({})).toEqual([
      'PREROUTING raw',
      'PREROUTING mangle',
      'PREROUTING nat',
      'FORWARD mangle',
      'FORWARD filter',
      'FORWARD security',
      'POSTROUTING mangle',
      'POSTROUTING nat',
    ]);
    expect(passed({ destination: '192.168.7.11' })).toEqual([
      'PREROUTING raw',
      'PREROUTING mangle',
      'PREROUTING nat',
      'INPUT mangle',
      'INPUT filter',
      'INPUT security',
      'INPUT nat',
    ]);
    expect(passed(ownPacket)).toEqual([
      'OUTPUT raw',
      'OUTPUT mangle',
      'OUTPUT nat',
      'OUTPUT filter',
      'OUTPUT security',
      'POSTROUTING mangle',
      'POSTROUTING nat',
    ]);
    // What comes back over the loopback interface has been translated, or not, when it went out.
    expect(passed({ ...ownPacket, destination: '192.168.7.11' })).toEqual([
      'OUTPUT raw',
      'OUTPUT mangle',
      'OUTPUT nat',
      'OUTPUT filter',
      'OUTPUT security',
      'POSTROUTING mangle',
      'POSTROUTING nat',
      'PREROUTING raw',
      'PREROUTING mangle',
      'INPUT mangle',
      'INPUT filter',
      'INPUT security',
    ]);
  });

  test('a rewritten destination is routed anew', () => {
    const nat = ['-A PREROUTING -p tcp -j DNAT --to-destination 192.168.7.11:22'];
    expect(ends({ nat, filter: ['-A FORWARD -j DROP'] })).toEqual(['1/1 node 192.168.7.11:22']);
  });

  test('rules of OUTPUT see the interface of the first route', () => {
    const rules = {
      nat: ['-A OUTPUT -d 192.168.7.11/32 -j DNAT --to-destination 10.244.1.10:8080'],
      filter: ['-A OUTPUT -o lo -j ACCEPT', '-A OUTPUT -d 10.244.1.10/32 -j DROP'],
      mangle: ['-A POSTROUTING -o lo -j DROP'],
    };
    expect(ends(rules, { ...ownPacket, destination: '192.168.7.11' })).toEqual([
      '1/1 elsewhere 10.244.1.10:8080',
    ]);
    expect(ends(rules, { ...ownPacket, destination: '10.244.1.10' })).toEqual(['1/1 drop']);
  });

  test('a mark asks for masquerading, and POSTROUTING does it', () => {
    const nat = [
      '-A PREROUTING -j MARK --set-xmark 0x4000/0x4000',
      '-A POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN',
      '-A POSTROUTING -j MARK --set-xmark 0x4000/0x0',
      '-A POSTROUTING -j MASQUERADE --random-fully',
    ];
    const [marked] = followText({ nat });
    expect(marked?.packet).toMatchObject({ rewrittenSource: 'masquerade', mark: 0 });
    const [unmarked] = followText({ nat: nat.slice(1) });
    expect(unmarked?.packet.rewrittenSource).toBeUndefined();
  });

  test('marks go to the connection and back', () => {
    const followed = (...rules: readonly string[]) =>
      ends({
        mangle: rules.map((rule) => `-A PREROUTING ${rule}`),
        filter: ['-A FORWARD -m mark --mark 0x80/0x80 -j DROP'],
      });
    const forget = '-j MARK --set-xmark 0x0/0xffffffff';
    const set = '-j CONNMARK --set-xmark 0x80/0x80';
    const restore = '-j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80';
    expect(followed(set, restore)).toEqual(['1/1 drop']);
    expect(followed(restore, set)).toEqual(['1/1 elsewhere 10.96.0.1:80']);
    expect(followed('-j MARK --set-xmark 0x80/0x80', '-j CONNMARK --save-mark', forget, restore)).toEqual([
      '1/1 drop',
    ]);
    expect(
      followed('-j MARK --set-xmark 0x80/0x80', '-j CONNMARK --save-mark --mask 0x7f', forget, restore),
    ).toEqual(['1/1 elsewhere 10.96.0.1:80']);
    expect(followed(set, '-m connmark --mark 0x80/0x80 -j DROP')).toEqual(['1/1 drop']);
    expect(followed(set, '-m connmark ! --mark 0x80/0x80 -j DROP')).toEqual(['1/1 elsewhere 10.96.0.1:80']);
  });

  test('what is not tracked is not translated', () => {
    const nat = ['-A PREROUTING -j DNAT --to-destination 10.244.0.1:80'];
    const raw = ['-A PREROUTING -p tcp -m tcp --dport 80 -j CT --notrack'];
    const filter = ['-A FORWARD -m conntrack --ctstate NEW -j DROP'];
    expect(ends({ raw, nat, filter })).toEqual(['1/1 elsewhere 10.96.0.1:80']);
    expect(ends({ nat, filter })).toEqual(['1/1 drop']);
  });
});

describe('chains', () => {
  test('policies, verdicts', () => {
    expect(ends({ filter: [':FORWARD DROP [0:0]'] })).toEqual(['1/1 drop']);
    expect(ends({ filter: [':FORWARD DROP [0:0]', '-A FORWARD -j ACCEPT'] })).toEqual([
      '1/1 elsewhere 10.96.0.1:80',
    ]);
    expect(ends({ filter: ['-A FORWARD -j REJECT --reject-with tcp-reset'] })).toEqual(['1/1 reject']);
  });

  test('a jump comes back, a goto does not', () => {
    const filter = (option: string) => [
      ':X - [0:0]',
      ':Y - [0:0]',
      `-A FORWARD ${option} X`,
      '-A FORWARD -j DROP',
      '-A X -j Y',
      '-A X -j RETURN',
      '-A X -j DROP',
      '-A Y -j MARK --set-xmark 0x1/0x1',
    ];
    expect(ends({ filter: filter('-j') })).toEqual(['1/1 drop']);
    expect(ends({ filter: filter('-g') })).toEqual(['1/1 elsewhere 10.96.0.1:80']);
  });

  test('a return in a built-in chain leads to its policy', () => {
    expect(ends({ filter: [':FORWARD DROP [0:0]', '-A FORWARD -j RETURN', '-A FORWARD -j ACCEPT'] })).toEqual(
      ['1/1 drop'],
    );
  });

  test('a chain that leads back to itself', () => {
    const filter = [':X - [0:0]', '-A FORWARD -j X', '-A X -j X'];
    expect(followText({ filter })[0]?.end).toEqual({ kind: 'lost', reason: 'chain X leads back to itself' });
  });

  test('a target that is not followed', () => {
    const filter = ['-A FORWARD -j XTSTRANGE --to 1'];
    expect(followText({ filter })[0]?.end).toEqual({
      kind: 'lost',
      reason: 'svcgen does not follow -j XTSTRANGE --to 1',
    });
  });

  test.each([
    [
      'NFQUEUE --queue-num 1',
      'a program of the node, which decides; where none listens, the kernel drops it',
    ],
    [
      'NFQUEUE --queue-balance 0:3 --queue-bypass',
      'a program of the node, which decides; where none listens, the kernel lets it pass',
    ],
    [
      'TPROXY --on-port 15006 --on-ip 0.0.0.0 --tproxy-mark 0x539/0xffffffff',
      'the transparent proxy that listens on port 15006 of the node, which decides',
    ],
  ])('%s: what decides is said', (target, to) => {
    const filter = [`-A FORWARD -j ${target}`];
    expect(followText({ filter })[0]?.end).toEqual({
      kind: 'lost',
      reason: `-j ${target} hands it to ${to}`,
    });
  });

  test.each([
    ['-m owner --uid-owner 0', '1/1 elsewhere 10.96.0.1:80'],
    ['-m owner --socket-exists', '1/1 elsewhere 10.96.0.1:80'],
    ['-m owner ! --uid-owner 1337', '1/1 drop'],
    ['-m ipvs --ipvs --vdir ORIGINAL --vmethod MASQ', '1/1 elsewhere 10.96.0.1:80'],
  ])('%s: what is forwarded belongs to no process, nor to IPVS', (match, end) => {
    expect(ends({ filter: [`-A FORWARD ${match} -j DROP`] })).toEqual([end]);
  });

  test('a copy that goes elsewhere changes nothing', () => {
    expect(ends({ filter: ['-A FORWARD -j TEE --gateway 10.9.9.9', '-A FORWARD -j DROP'] })).toEqual([
      '1/1 drop',
    ]);
  });

  test('a destination without a port keeps the port', () => {
    const nat = ['-A PREROUTING -d 10.96.0.1/32 -j DNAT --to-destination 10.244.0.9'];
    expect(ends({ nat })).toEqual(['1/1 elsewhere 10.244.0.9:80']);
  });

  test('large ones: only rules that may match are looked at, in their order', () => {
    const others = Array.from({ length: 100 }, (_, index) => `-A FORWARD -d 10.96.1.${index}/32 -j DROP`);
    const sources = Array.from({ length: 100 }, (_, index) => `-A FORWARD -s 10.97.1.${index}/32 -j DROP`);
    const filter = [
      ...others,
      '-A FORWARD -d 10.96.0.0/16 -j MARK --set-xmark 0x1/0x1',
      '-A FORWARD ! -d 10.96.0.2/32 -j MARK --set-xmark 0x2/0x2',
      ...sources,
      '-A FORWARD -s 192.0.2.5/32 -j MARK --set-xmark 0x4/0x4',
      '-A FORWARD -d 10.96.0.1/32 -m mark --mark 0x7 -j REJECT',
      '-A FORWARD -j DROP',
    ];
    expect(ends({ filter })).toEqual(['1/1 reject']);
  });
});

describe('endpoints that rules take for alike pass them once, and only those', () => {
  const [chains, rules] = [service(4).filter((line) => line.startsWith(':')), service(4).slice(5)];
  const nat = [...chains, ...rules];
  const at = (...own: readonly string[]) => own.map((ip) => `1/4 elsewhere ${ip}:8080`);
  const drops = (count: number) => Array(count).fill('1/4 drop');
  const [a, b, c, d] = ['10.244.0.0', '10.244.0.1', '10.244.0.2', '10.244.0.3'] as const;

  test.each([
    ['one address', ['-A FORWARD -d 10.244.0.2/32 -j DROP'], ['1/4 drop', ...at(a, b, d)]],
    ['all but one', ['-A FORWARD ! -d 10.244.0.2/32 -j DROP'], [...drops(3), ...at(c)]],
    ['a range', ['-A FORWARD -d 10.244.0.2/31 -j DROP'], [...drops(2), ...at(a, b)]],
    [
      'a range, in a chain that others lead to',
      [':X - [0:0]', '-A FORWARD -p tcp -j X', '-A X -d 10.244.0.2/31 -j DROP'],
      [...drops(2), ...at(a, b)],
    ],
    [
      'an address, in a chain that one with another address leads to',
      [':X - [0:0]', '-A FORWARD -d 10.244.0.2/32 -j X', '-A X -p tcp -m tcp --dport 8080 -j DROP'],
      ['1/4 drop', ...at(a, b, d)],
    ],
    ['no address', ['-A FORWARD -p tcp -m tcp --dport 8080 -j DROP'], drops(4)],
    ['no such port', ['-A FORWARD -p tcp -m tcp --dport 80 -j DROP'], at(a, b, c, d)],
  ])('%s', (_, filter, expected) => {
    expect(ends({ nat, filter }).toSorted()).toEqual([...expected].sort());
  });

  test('ports tell them apart, too', () => {
    const ports = nat.map((line) => line.replace('10.244.0.2:8080', '10.244.0.2:9090'));
    expect(ends({ nat: ports, filter: ['-A FORWARD -p tcp -m tcp --dport 9090 -j DROP'] })).toEqual([
      '1/4 drop',
      ...at(a, b, d),
    ]);
  });

  test('marks tell them apart, too', () => {
    const marking = nat.flatMap((line) =>
      line.startsWith('-A SEP-2') ? ['-A SEP-2 -j MARK --set-xmark 0x4000/0x4000', line] : [line],
    );
    const filter = ['-A FORWARD -m mark --mark 0x4000/0x4000 -j DROP'];
    expect(ends({ nat: marking, filter })).toEqual(['1/4 drop', ...at(a, b, d)]);
  });

  test('interfaces by which they leave are one question: their ways part, and never meet', () => {
    const ways = followText({ nat, filter: ['-A FORWARD -o eth1 -j DROP'] });
    const refused = ways.filter(({ end }) => end.kind === 'drop');
    expect(summarize(refused)).toEqual(Array(4).fill('1/4 drop if out=eth1'));
    expect(new Set(refused.map(({ when }) => when)).size).toBe(1);
  });

  test('each is rewritten like the others, and goes where it goes', () => {
    const all = [...nat, '-A POSTROUTING -j MASQUERADE'];
    const ways = followText({ nat: all });
    expect(summarize(ways)).toEqual(at(a, b, c, d));
    expect(ways.map(({ packet }) => packet.rewrittenSource)).toEqual(Array(4).fill('masquerade'));
    expect(ways.map((way) => rulesOf(way).map((text) => text.slice(0, 14)))).toEqual(
      [0, 1, 2, 3].map((index) =>
        ['-A PREROUTING ', '-A SVC ', `-A SEP-${index} `, '-A POSTROUTING'].map((start) =>
          expect.stringContaining(start.trim()),
        ),
      ),
    );
  });
});

describe('what others often ask', () => {
  const dropped = (match: string) =>
    ends({ filter: [`-A FORWARD -p tcp ${match} -j DROP`] }).map((line) => line.split(' ')[1]);

  test.each([
    '-m multiport --dports 22,79:81',
    '-m multiport ! --dports 22,443',
    '-m tcp --tcp-flags FIN,SYN,RST,ACK SYN',
    '-m tcp ! --tcp-flags SYN,ACK SYN,ACK',
    '-m tcp --dport 79:80 --tcp-flags FIN,SYN,RST,ACK SYN',
    '-m tcp ! --dport 22',
    '-m addrtype --dst-type UNICAST',
    '-m addrtype ! --dst-type BROADCAST',
  ])('%s holds', (match) => {
    expect(dropped(match)).toEqual(['drop']);
  });

  test.each([
    '-m multiport --dports 22,443',
    '-m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN',
    '-m tcp --tcp-flags FIN,SYN FIN,SYN',
    '-m tcp --tcp-flags ACK ACK',
    '-m tcp --dport 80 --tcp-flags ACK ACK',
    '-m tcp ! --dport 80',
    '-m tcp --sport 67 --dport 68',
    '-m addrtype --src-type MULTICAST',
  ])('%s does not', (match) => {
    expect(dropped(match)).toEqual(['elsewhere']);
  });
});

describe('chance', () => {
  test.each([1, 2, 3, 7, 100, 5000])('%d endpoints have one in %d each', (count) => {
    const outcomes = followText({ nat: service(count) });
    expect(outcomes).toHaveLength(count);
    expect(new Set(outcomes.map(({ packet: { destination } }) => destination)).size).toBe(count);
    for (const { share } of outcomes) expect(share).toEqual({ numerator: 1n, denominator: BigInt(count) });
  });

  test('ways that meet again become one', () => {
    const filter = [
      ':X - [0:0]',
      '-A FORWARD -m statistic --mode random --probability 0.4 -j X',
      '-A FORWARD -m statistic --mode random --probability 0.5 -j DROP',
    ];
    expect(ends({ filter })).toEqual(['1/2 drop', '1/2 elsewhere 10.96.0.1:80']);
  });

  test('whose turn it is counts as chance: one in so many, or all others', () => {
    const filter = ['-A FORWARD -m statistic --mode nth --every 3 --packet 1 -j DROP'];
    expect(ends({ filter })).toEqual(['1/3 drop', '2/3 elsewhere 10.96.0.1:80']);
    const others = ['-A FORWARD -m statistic --mode nth ! --every 3 --packet 0 -j DROP'];
    expect(ends({ filter: others })).toEqual(['2/3 drop', '1/3 elsewhere 10.96.0.1:80']);
  });

  test('other fractions are exact, too', () => {
    const nat = [
      ':SUB - [0:0]',
      '-A PREROUTING -m statistic --mode random --probability 0.01399999997 -j SUB',
      '-A PREROUTING -j DNAT --to-destination 10.0.0.1:1',
      '-A SUB -m statistic --mode random --probability 0.0142857143 -j DNAT --to-destination 10.0.0.2:1',
    ];
    expect(ends({ nat })).toEqual(['1/5000 elsewhere 10.0.0.2:1', '4999/5000 elsewhere 10.0.0.1:1']);
  });

  test('probabilities that are no fraction are those of the kernel, and add up', () => {
    const nat = [
      '-A PREROUTING -m statistic --mode random --probability 0.31830988618 -j DNAT --to-destination 10.0.0.1:1',
    ];
    const [first, second] = followText({ nat }).map(({ share }) => share);
    const drawn = BigInt(Math.round(0.31830988618 * 2 ** 31));
    expect(first).toEqual({ numerator: drawn / 4n, denominator: 2n ** 29n });
    expect(second).toEqual({ numerator: 2n ** 29n - drawn / 4n, denominator: 2n ** 29n });
  });
});

describe('session affinity', () => {
  test('a new client is on no list', () => {
    const nat = [
      '-A PREROUTING -m recent --rcheck --seconds 60 --reap --name A --mask 255.255.255.255 --rsource -j ACCEPT',
      '-A PREROUTING -m recent --set --name A --mask 255.255.255.255 --rsource -j DNAT --to-destination 10.0.0.1:1',
    ];
    const [outcome] = followText({ nat });
    expect(outcome?.packet).toMatchObject({ destination: '10.0.0.1', affinitySeconds: 60 });
  });
});

const unknown = { inInterface: UNKNOWN_INTERFACE };

describe('what is not known', () => {
  test('makes two ways, each under its condition', () => {
    const filter = ['-A FORWARD -m string --string x --algo bm -j DROP', '-A FORWARD -j REJECT'];
    expect(ends({ filter })).toEqual([
      '1/1 drop if -m string --string x --algo bm',
      '1/1 reject if not -m string --string x --algo bm',
    ]);
  });

  test('does not matter when something else of the rule fails', () => {
    const filter = ['-A FORWARD -p udp -m string --string x --algo bm -j DROP'];
    expect(ends({ filter })).toEqual(['1/1 elsewhere 10.96.0.1:80']);
  });

  test('a port of the source matters where the other port fits', () => {
    expect(ends({ filter: ['-A FORWARD -p tcp -m tcp --sport 67 --dport 80 -j DROP'] })).toEqual([
      '1/1 drop if -m tcp --sport 67 --dport 80',
      '1/1 elsewhere 10.96.0.1:80 if not -m tcp --sport 67 --dport 80',
    ]);
  });

  test('does not matter when it changes nothing', () => {
    const filter = [
      ':X - [0:0]',
      ...Array.from({ length: 40 }, (_, index) => `-A FORWARD -m length --length ${index} -j X`),
      '-A X -m length --length 7 -j RETURN',
    ];
    expect(ends({ filter })).toEqual(['1/1 elsewhere 10.96.0.1:80']);
  });

  test('does not matter when both ways end alike, though by other rules', () => {
    const filter = ['-A FORWARD -i docker0 -j ACCEPT', '-A FORWARD -j ACCEPT', '-A FORWARD -j DROP'];
    const [way, ...others] = followText({ filter }, unknown);
    expect(others).toEqual([]);
    expect(way?.when.kind).toBe('share');
    // The way that is told takes nothing for granted.
    expect(itemsOf(way?.steps).flatMap((step) => (step.kind === 'rule' ? step.given : []))).toEqual([]);
  });

  test('has one value, whichever rule asks', () => {
    const filter = [
      '-A FORWARD -m mark ! --mark 0x1/0x1 -m length --length 7 -j MARK --set-xmark 0x2/0x2',
      '-A FORWARD -m length --length 7 -j DROP',
      '-A FORWARD -m mark --mark 0x2/0x2 -j REJECT',
    ];
    expect(ends({ filter })).toEqual([
      '1/1 drop if -m length --length 7',
      '1/1 elsewhere 10.96.0.1:80 if not -m length --length 7',
    ]);
  });

  test('has one value at every hook', () => {
    const mangle = ['-A PREROUTING -i cni0 -j MARK --set-xmark 0x1/0x1'];
    const filter = ['-A FORWARD ! -i cni0 -m mark --mark 0x1/0x1 -j DROP'];
    expect(ends({ mangle, filter }, unknown)).toEqual(['1/1 elsewhere 10.96.0.1:80']);
  });

  test('has a value for each rule where rules count or draw lots', () => {
    const limit = '-m limit --limit 5/min';
    const filter = [`-A FORWARD ${limit} -j ACCEPT`, `-A FORWARD ${limit} -j REJECT`, '-A FORWARD -j DROP'];
    expect(followText({ filter }).map(({ end }) => end.kind)).toEqual(['reject', 'drop', 'delivered']);
  });

  test('has a value for each destination where rules ask for that', () => {
    const nat = ['-A PREROUTING -m set --match-set vips dst -j DNAT --to-destination 10.0.0.1:1'];
    const filter = [
      '-A FORWARD -m set --match-set vips dst -j DROP',
      '-A FORWARD -m set --match-set vips src -j REJECT',
    ];
    expect(followText({ nat, filter }).map(({ end, packet }) => `${end.kind} ${packet.destination}`)).toEqual(
      ['drop 10.0.0.1', 'reject 10.0.0.1', 'reject 10.96.0.1', 'delivered 10.0.0.1', 'delivered 10.96.0.1'],
    );
  });

  test('interfaces', () => {
    const filter = ['-A FORWARD -i cbr0 -j DROP', '-A FORWARD ! -i lo -o eth+ -j REJECT'];
    expect(ends({ filter }, unknown)).toEqual([
      '1/1 drop if in=cbr0',
      '1/1 reject if not in=cbr0 and out=eth+',
      '1/1 elsewhere 10.96.0.1:80 if not in=cbr0 and not out=eth+',
    ]);
    expect(
      ends({ filter: ['-A OUTPUT -i eth0 -j DROP'] }, { ...ownPacket, inInterface: NO_INTERFACE }),
    ).toEqual(['1/1 elsewhere 10.96.0.1:80']);
  });

  test('a packet comes in by one interface and leaves by one', () => {
    const chains = [':X - [0:0]', ':FORWARD DROP [0:0]'];
    const accepted = (...rules: readonly string[]) =>
      ends({ filter: [...chains, ...rules] }, unknown).filter((line) => line.includes('elsewhere'));
    expect(accepted('-A FORWARD -i docker0 -j X', '-A X -i br-0 -j ACCEPT')).toEqual([]);
    expect(accepted('-A FORWARD ! -o docker0 -j X', '-A X -o docker0 -j ACCEPT')).toEqual([]);
    expect(accepted('-A FORWARD ! -i cali+ -j X', '-A X -i cali1 -j ACCEPT')).toEqual([]);
    expect(accepted('-A FORWARD -i cali+ -j X', '-A X ! -i cali1 -j ACCEPT')).toEqual([
      '1/1 elsewhere 10.96.0.1:80 if in=cali+',
    ]);
    expect(accepted('-A FORWARD -i cali1 -j X', '-A X -i cali+ -j ACCEPT')).toEqual([
      '1/1 elsewhere 10.96.0.1:80 if in=cali1',
    ]);
  });

  test('sets that are not given', () => {
    const filter = ['-A FORWARD -m set --match-set allowed src -j ACCEPT', '-A FORWARD -j DROP'];
    expect(ends({ filter })).toEqual([
      '1/1 drop if not -m set --match-set allowed src',
      '1/1 elsewhere 10.96.0.1:80 if -m set --match-set allowed src',
    ]);
  });

  test('shares that depend on it', () => {
    const half = '-m statistic --mode random --probability 0.5';
    const filter = [`-A FORWARD ${half} -j DROP`, `-A FORWARD -m length --length 7 ${half} -j DROP`];
    expect(ends({ filter })).toEqual([
      '3/4 drop if -m length --length 7',
      '1/2 drop if not -m length --length 7',
      '1/4 elsewhere 10.96.0.1:80 if -m length --length 7',
      '1/2 elsewhere 10.96.0.1:80 if not -m length --length 7',
    ]);
  });
});

describe('rules that are made to be many ways', () => {
  /** Each chain jumps twice to the next one. */
  const doubling = (last: string, match = '') => {
    const numbers = Array.from({ length: 60 }, (_, index) => index);
    return [
      ...numbers.map((index) => `:C${index} - [0:0]`),
      '-A FORWARD -j C0',
      ...numbers.slice(1).flatMap((index) => {
        const rule = `-A C${index - 1} ${match} -j C${index}`;
        return [rule, rule];
      }),
      `-A C59 ${last}`,
    ];
  };

  test('a chain is walked once for a packet, however often rules jump to it', () => {
    expect(ends({ filter: doubling('-p udp -j DROP') })).toEqual(['1/1 elsewhere 10.96.0.1:80']);
    const chance = '-m statistic --mode random --probability 0.5';
    expect(followText({ filter: doubling('-j DROP', chance) }).map(({ end }) => end.kind)).toEqual([
      'drop',
      'delivered',
    ]);
  });

  test('many interfaces are few ways', () => {
    const bridges = Array.from({ length: 40 }, (_, index) => `br-${index}`);
    const filter = [
      ':FORWARD DROP [0:0]',
      ':ISOLATE - [0:0]',
      ...bridges.map((bridge) => `-A FORWARD -i ${bridge} ! -o ${bridge} -j ISOLATE`),
      ...bridges.map((bridge) => `-A FORWARD -i ${bridge} -j ACCEPT`),
      ...bridges.map((bridge) => `-A ISOLATE -o ${bridge} -j DROP`),
    ];
    expect(followText({ filter }, unknown).map(({ end, by }) => `${end.kind} ${by.length}`)).toEqual([
      'drop 40',
      'drop 0',
      'delivered 0',
    ]);
  });

  test.each([
    ['paths that nobody reads', doubling('-j LOG')],
    [
      'very many rules',
      [
        ':A - [0:0]',
        ':B - [0:0]',
        '-A FORWARD -j A',
        '-A FORWARD -j B',
        ...new Array<string>(80_000).fill('-A A -s 192.0.2.0/31 -j DROP'),
        ...new Array<string>(80_000).fill('-A B -s 192.0.2.0/31 -j DROP'),
      ],
    ],
    [
      'marks',
      Array.from(
        { length: 20 },
        (_, bit) => `-A FORWARD -m length --length ${bit} -j MARK --set-xmark ${2 ** bit}/${2 ** bit}`,
      ),
    ],
    [
      'matches that have nothing to do with each other',
      Array.from(
        { length: 400 },
        (_, index) =>
          `-A FORWARD -m length --length ${index % 40} -m length --length ${100 + ((index * 7) % 41)} -j ${index % 2 === 0 ? 'DROP' : 'ACCEPT'}`,
      ),
    ],
  ])('%s end in no answer, within the budget', (_, filter) => {
    expect(tryText({ filter }).kind).toBe('too-many');
  });
});
