import { describe, expect, test } from 'vitest';
import {
  addressLines,
  formatSetEntry,
  setLines,
  timeoutLine,
  virtualServerLines,
} from '../../../src/lang/ipvs/print.ts';
import type { IPVSRuleset, VirtualServer } from '../../../src/lang/ipvs/ruleset.ts';
import { IPVS_SCHEDULERS } from '../../../src/model/ipvs-settings.ts';
import { ipvsNode } from '../../support/ipvs-state.ts';
import { endpoint } from '../../support/node-state.ts';

const empty: IPVSRuleset = { family: 'IPv4', addresses: [], sets: [], virtualServers: [] };

function serverLines(server: Partial<VirtualServer>): readonly string[] {
  const virtualServer: VirtualServer = {
    protocol: 'TCP',
    ip: '10.96.0.1',
    port: 80,
    scheduler: 'rr',
    persistenceSeconds: undefined,
    realServers: [],
    ...server,
  };
  return [...virtualServerLines([{ ...empty, virtualServers: [virtualServer] }])];
}

describe('virtual servers', () => {
  const cases: readonly [Partial<VirtualServer>, string][] = [
    [{}, '-A -t 10.96.0.1:80 -s rr\n'],
    [{ protocol: 'UDP', port: 53, persistenceSeconds: 10800 }, '-A -u 10.96.0.1:53 -s rr -p 10800\n'],
    [{ protocol: 'SCTP', ip: 'fd00::1' }, '-A --sctp-service [fd00::1]:80 -s rr\n'],
    [{ scheduler: 'mh', persistenceSeconds: 1 }, '-A -t 10.96.0.1:80 -s mh -p 1 -b mh-port\n'],
  ];
  test.each(cases)('%j', (server, line) => expect(serverLines(server)).toEqual([line]));

  test('each with its real servers', () => {
    expect(serverLines({ realServers: [endpoint('10.244.1.5'), endpoint('fd00:244::5')] })).toEqual([
      '-A -t 10.96.0.1:80 -s rr\n',
      '-a -t 10.96.0.1:80 -r 10.244.1.5:8080 -m -w 1\n',
      '-a -t 10.96.0.1:80 -r [fd00:244::5]:8080 -m -w 1\n',
    ]);
  });

  test('every scheduler is a word of its own', () => {
    for (const scheduler of IPVS_SCHEDULERS)
      expect(serverLines({ scheduler })[0]).toContain(` -s ${scheduler}`);
  });

  test.each(['10.0.0.1 -s rr', '10.0.0.1\n-C', '$(id)', '-C'])('refuses the address %j', (ip) => {
    expect(() => serverLines({ ip })).toThrow('unsafe word');
  });
  test.each([0, 65536, 1.5, Number.NaN, -1])('refuses the port %d', (port) => {
    expect(() => serverLines({ port })).toThrow('a port is out of range');
  });
});

test('timeouts are set when there is one', () => {
  const { settings } = ipvsNode();
  expect(timeoutLine(settings)).toEqual([]);
  expect(timeoutLine({ ...settings, tcpFinTimeoutSeconds: 30 })).toEqual(['--set 0 30 0\n']);
});

test('addresses of all families go to one device', () => {
  const rulesets: IPVSRuleset[] = [
    { ...empty, addresses: ['10.96.0.1'] },
    { ...empty, family: 'IPv6', addresses: ['fd00::1'] },
  ];
  expect([...addressLines(rulesets)]).toEqual([
    'link add kube-ipvs0 type dummy\n',
    'addr replace 10.96.0.1/32 dev kube-ipvs0\n',
    'addr replace fd00::1/128 dev kube-ipvs0\n',
  ]);
});

describe('sets', () => {
  test('are made before the first entry, and have the room that they need', () => {
    const entries = Array.from(
      { length: 65_537 },
      (_, index) => ({ kind: 'port', port: (index % 65_535) + 1 }) as const,
    );
    const sets = [
      { name: 'A', type: 'hash:ip', family: 'IPv6', entries },
      { name: 'B', type: 'bitmap:port', family: 'IPv6', entries: [{ kind: 'port', port: 7 }] },
      { name: 'C', type: 'hash:ip,port', family: 'IPv4', entries: [] },
    ] as const;
    const lines = [...setLines([{ ...empty, sets }])];
    expect(lines.slice(0, 3)).toEqual([
      'create A hash:ip family inet6 maxelem 131072\n',
      'create B bitmap:port range 0-65535\n',
      'create C hash:ip,port family inet\n',
    ]);
    expect(lines.at(-1)).toBe('add B 7\n');
  });

  test.each([
    [{ kind: 'ip', ip: 'fd00::1' }, 'fd00::1'],
    [{ kind: 'port', port: 30000 }, '30000'],
    [{ kind: 'ip-port', ip: '10.0.0.1', protocol: 'sctp', port: 1 }, '10.0.0.1,sctp:1'],
    [
      { kind: 'ip-port-peer', ip: '10.0.0.1', protocol: 'udp', port: 1, peer: '10.0.0.0/8' },
      '10.0.0.1,udp:1,10.0.0.0/8',
    ],
  ] as const)('%j', (entry, text) => expect(formatSetEntry(entry)).toBe(text));

  test('refuses what would be something else', () => {
    expect(() => formatSetEntry({ kind: 'ip', ip: '10.0.0.1\nflush' })).toThrow('unsafe word');
    expect(() => formatSetEntry({ kind: 'ip', ip: '10.0.0.1,tcp:1' })).toThrow('unsafe word');
  });
});
