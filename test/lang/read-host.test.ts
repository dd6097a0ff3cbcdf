import { describe, expect, test } from 'vitest';
import { deviceTo, plainHost } from '../../src/lang/packet/host.ts';
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

  test('none', () => {
    expect(readHost('')).toBe(undefined);
    expect(readHost('[{"a":1}]\n[\n]\n')).toBe(undefined);
    expect(readHost('[{\n'.repeat(5000) + '}]\n'.repeat(5000))).toBe(undefined);
  });
});
