import { describe, expect, test } from 'vitest';
import { deviceTo, type Host, plainHost, routeTo, sourceTo } from '../../src/lang/packet/host.ts';
import { readHost } from '../../src/lang/packet/read-host.ts';

const JSON_ADDR =
  '[{"ifname":"lo","addr_info":[{"family":"inet","local":"127.0.0.1","prefixlen":8}]},{"ifname":"eth0","addr_info":[{"family":"inet","local":"192.168.1.10"},{"family":"inet6","local":"fd00::10"}]}]';
const JSON_ROUTE =
  '[{"dst":"default","gateway":"192.168.1.1","dev":"eth0"},{"dst":"10.42.0.0/24","dev":"cni0"},{"dst":"10.42.0.9","dev":"veth9"},{"type":"blackhole","dst":"10.42.7.0/24","dev":"eth0"}]';
const JSON_ROUTE_6 =
  '[{"dst":"fd00:42::/64","dev":"cni0"},{"dst":"default","gateway":"fe80::1","dev":"eth1"}]';

const PLAIN = `2: eth0: <BROADCAST,UP> mtu 1500
    link/ether 02:42:ac:11:00:02 brd ff:ff:ff:ff:ff:ff
    inet 192.168.1.10/24 brd 192.168.1.255 scope global eth0
    inet6 fd00::10/64 scope global
default via 192.168.1.1 dev eth0 proto dhcp
10.42.0.0/24 dev cni0 proto kernel scope link src 10.42.0.1
10.42.0.9 dev veth9 scope link
blackhole 10.42.7.0/24
fd00:42::/64 dev cni0 metric 256
default via fe80::1 dev eth1 metric 1024
`;

/** As \`ip -j -p\` lays it out. */
const pretty = (text: string) =>
  JSON.stringify(JSON.parse(text), undefined, 4)
    .replaceAll(/\[\n\s*\{/g, '[ {')
    .replaceAll(/\}\n\s*\]/g, '} ]');

describe('addresses and routes of a node', () => {
  test.each([
    ['JSON', [JSON_ADDR, JSON_ROUTE, JSON_ROUTE_6].join('\n')],
    ['pretty JSON', [JSON_ADDR, JSON_ROUTE, JSON_ROUTE_6].map(pretty).join('\n')],
    ['text', PLAIN],
    [
      'between other things',
      `$ ip -j addr\n${JSON_ADDR}\n# rules\n*filter\nCOMMIT\n${JSON_ROUTE}\n${JSON_ROUTE_6}\n`,
    ],
  ])('%s', (_, text) => {
    const read = readHost(text);
    expect(read?.addresses).toEqual(expect.arrayContaining(['192.168.1.10', 'fd00::10']));
    const host = { ...plainHost([]), ...(read?.routes === undefined ? {} : { routes: read.routes }) };
    const devices = ['8.8.8.8', '10.42.0.5', '10.42.0.9', 'fd00:42::5', '2001:db8::1'].map((ip) =>
      deviceTo(host, ip),
    );
    expect(devices).toEqual(['eth0', 'cni0', 'veth9', 'cni0', 'eth1']);
  });

  const OWN =
    '[{"ifname":"lo","addr_info":[{"local":"127.0.0.1"}]},{"ifname":"eth0","addr_info":[{"local":"10.9.9.9"},{"local":"192.168.7.11"}]},{"ifname":"eth1","addr_info":[{"local":"fe80::1"},{"local":"fd00::1"}]}]';
  const OWN_ROUTES =
    '[{"dst":"default","gateway":"192.168.7.1","dev":"eth0"},{"dst":"10.5.0.0/16","dev":"eth0","prefsrc":"10.5.0.1"},{"dst":"172.16.0.0/12","dev":"eth0"},{"dst":"192.168.7.0/24","dev":"eth0","prefsrc":"192.168.7.11"},{"dst":"2001:db8::/32","dev":"eth1"}]';
  const OWN_PLAIN = `1: lo: <LOOPBACK,UP> mtu 65536
    inet 127.0.0.1/8 scope host lo
2: eth0@if3: <BROADCAST,UP> mtu 1500
    inet 10.9.9.9/32 scope global eth0
    inet 192.168.7.11/24 scope global eth0
3: eth1: <BROADCAST,UP> mtu 1500
    inet6 fe80::1/64 scope link
    inet6 fd00::1/64 scope global
default via 192.168.7.1 dev eth0
10.5.0.0/16 dev eth0 scope link src 10.5.0.1
172.16.0.0/12 dev eth0 scope link
192.168.7.0/24 dev eth0 proto kernel scope link src 192.168.7.11
2001:db8::/32 dev eth1 metric 1024 pref medium
`;

  test.each([
    ['JSON', `${OWN}\n${OWN_ROUTES}\n`],
    ['text', OWN_PLAIN],
  ])('the source of what a node sends, of %s', (_, text) => {
    const host = hostIn(text);
    expect(['10.5.1.1', '8.8.8.8', '172.16.0.1', '2001:db8::5'].map((ip) => sourceTo(host, ip))).toEqual([
      '10.5.0.1',
      '192.168.7.11',
      '10.9.9.9',
      'fd00::1',
    ]);
  });

  test.each([
    [
      'JSON',
      '[{"dst":"default","gateway":"10.0.0.1","dev":"eth0"},{"type":"unreachable","dst":"10.8.0.0/16","flags":[]}]',
    ],
    [
      'text',
      'default proto static\n\tnexthop via 10.0.0.1 dev eth0 weight 1\n\tnexthop via 10.0.0.2 dev eth0 weight 1\nunreachable 10.8.0.0/16',
    ],
  ])('routes that lead nowhere, and those with several ways, of %s', (_, text) => {
    const host = hostIn(text);
    expect(routeTo(host, '10.8.1.1')?.refusal).toBe('unreachable');
    expect(routeTo(host, '10.9.1.1')).toEqual({ cidr: '0.0.0.0/0', device: 'eth0', gateway: '10.0.0.1' });
    expect(routeTo(host, 'fd00::1')).toBe(undefined);
  });

  test('none', () => {
    expect(readHost('')).toBe(undefined);
    expect(readHost('[{"a":1}]\n[\n]\n')).toBe(undefined);
    expect(readHost('[{\n'.repeat(5000) + '}]\n'.repeat(5000))).toBe(undefined);
  });
});

function hostIn(text: string): Host {
  const { routes = [], interfaces = new Map() } = readHost(text) ?? {};
  return { ...plainHost([]), routes, interfaces };
}
