import type { IPFamily } from '../../../src/model/cluster.ts';

/**
 * What others have in the tables of a host: Docker, the kubelet, an administrator with a firewall that drops by
 * default. Some of their chains have names much like ours.
 */
export function foreignRules(family: IPFamily): string {
  const { range, loopback, dnat, extraInput } = DETAILS[family];
  return `*raw
:PREROUTING ACCEPT [0:0]
-A PREROUTING -s ${range} -i eth9 -j DROP
COMMIT
*mangle
:FORWARD ACCEPT [0:0]
:KUBE-KUBELET-CANARY - [0:0]
-A FORWARD -o wg0 -p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:DOCKER - [0:0]
:KUBE-HOSTPORTS - [0:0]
:KUBE-SVC-MINE - [0:0]
:MY-KUBE-SEP-7XDKQJMCPZVY45EB - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A PREROUTING -p tcp -m tcp --dport 4444 -m comment --comment "an admin's own" -j REDIRECT --to-ports 6443
-A OUTPUT ! -d ${loopback} -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s ${range} ! -o docker0 -j MASQUERADE
-A DOCKER -i docker0 -j RETURN
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8888 -j DNAT --to-destination ${dnat}
-A KUBE-SVC-MINE -j RETURN
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:DOCKER - [0:0]
:DOCKER-USER - [0:0]
:KUBE-ROUTER-INPUT - [0:0]
-A INPUT -j KUBE-ROUTER-INPUT
-A INPUT -i lo -j ACCEPT
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p tcp -m tcp --dport 22 -m comment --comment "ssh; keep!" -j ACCEPT
${extraInput}-A FORWARD -j DOCKER-USER
-A FORWARD -o docker0 -j DOCKER
-A FORWARD -i docker0 ! -o docker0 -j ACCEPT
-A DOCKER-USER -j RETURN
-A KUBE-ROUTER-INPUT -s ${range} -j REJECT
COMMIT
`;
}

const DETAILS = {
  IPv4: { range: '172.17.0.0/16', loopback: '127.0.0.0/8', dnat: '172.17.0.2:80', extraInput: '' },
  IPv6: {
    range: 'fd00:d0c::/64',
    loopback: '::1/128',
    dnat: '[fd00:d0c::2]:80',
    extraInput: '-A INPUT -p ipv6-icmp -j ACCEPT\n',
  },
} as const;
