import { expect, test } from 'vitest';
import { sourceText } from '../../src/model/source-text.ts';
import { readNodeDump } from '../../src/modes/dump/read/read-node-dump.ts';
import { bridgeNetworks } from '../../src/modes/dump/tell/bridge-networks.ts';

const networksIn = (text: string) => [
  ...bridgeNetworks(readNodeDump(sourceText('x', text), 'IPv4').dump, 'IPv4'),
];

test('of Docker and libvirt, as iptables saves them', () => {
  const text = `*nat
:POSTROUTING ACCEPT [0:0]
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
-A POSTROUTING -s 172.18.0.0/16 ! -o br-0123456789ab -j MASQUERADE
-A POSTROUTING -s 10.0.0.0/8 ! -o eth0 -j MASQUERADE
-A POSTROUTING -s 10.9.0.0/16 -o docker0 -j MASQUERADE
COMMIT
*filter
:FORWARD ACCEPT [0:0]
:LIBVIRT_FWO - [0:0]
-A LIBVIRT_FWO -s 192.168.122.0/24 -i virbr0 -j ACCEPT
-A FORWARD -s 10.8.0.0/24 -i virbr1 -j ACCEPT
COMMIT
`;
  expect(networksIn(text)).toEqual([
    ['docker0', ['172.17.0.0/16']],
    ['br-0123456789ab', ['172.18.0.0/16']],
    ['virbr0', ['192.168.122.0/24']],
  ]);
});

test('of Docker, as nft lists them', () => {
  const text = `table ip docker-bridges {
\tchain nat-postrouting-out__docker0 {
\t\toifname != "docker0" ip saddr 172.17.0.0/16 counter packets 0 bytes 0 masquerade comment "MASQUERADE"
\t}
}
table ip nat {
\tchain POSTROUTING {
\t\ttype nat hook postrouting priority srcnat; policy accept;
\t\tip saddr 172.19.0.0/16 oifname != "docker_gwbridge" counter packets 0 bytes 0 masquerade
\t}
}
`;
  expect(networksIn(text)).toEqual([
    ['docker0', ['172.17.0.0/16']],
    ['docker_gwbridge', ['172.19.0.0/16']],
  ]);
});
