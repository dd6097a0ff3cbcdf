import type { Addresses } from './addresses.ts';

/** Somebody who has rules beside ours on many nodes. */
export interface Neighbour {
  readonly name: string;
  /** What loads the rules, beside those that are there. */
  readonly command: readonly string[];
  readonly rules: (net: Addresses) => string;
  /** Sets that the rules want, as `ipset restore` takes them. */
  readonly sets?: (net: Addresses) => string;
}

/** What each of them has on a node, for the links of the lab; IPv4. */
export const NEIGHBOURS: readonly Neighbour[] = [
  { name: 'Docker', command: ['iptables-nft-restore', '--noflush'], rules: dockerRules },
  { name: 'ufw', command: ['iptables-legacy-restore', '--noflush'], rules: ufwRules },
  { name: 'firewalld', command: ['nft', '-f', '-'], rules: firewalldRules },
  {
    name: 'kube-router',
    command: ['iptables-nft-restore', '--noflush'],
    rules: kubeRouterRules,
    sets: kubeRouterSets,
  },
];

/**
 * Docker Engine has bridges of its own, one of which a pod hangs on here: it forwards to and from them only, keeps them apart,
 * publishes ports, and drops in table raw what goes straight to a container from elsewhere.
 */
function dockerRules({ pods }: Addresses): string {
  return `*raw
-A PREROUTING -d ${pods.c}/32 ! -i pod-c -j DROP
COMMIT
*nat
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s ${pods.c}/32 ! -o pod-c -j MASQUERADE
-A DOCKER -i pod-c -j RETURN
-A DOCKER ! -i pod-c -p tcp -m tcp --dport 31999 -j DNAT --to-destination ${pods.c}:9090
COMMIT
*filter
:FORWARD DROP [0:0]
:DOCKER - [0:0]
:DOCKER-USER - [0:0]
:DOCKER-ISOLATION-STAGE-1 - [0:0]
:DOCKER-ISOLATION-STAGE-2 - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-ISOLATION-STAGE-1
-A FORWARD -o pod-c -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o pod-c -j DOCKER
-A FORWARD -i pod-c ! -o pod-c -j ACCEPT
-A FORWARD -i pod-c -o pod-c -j ACCEPT
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER -d ${pods.c}/32 ! -i pod-c -o pod-c -p tcp -m tcp --dport 9090 -j ACCEPT
-A DOCKER-ISOLATION-STAGE-1 -i pod-c ! -o pod-c -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -i pod-a ! -o pod-a -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -j RETURN
-A DOCKER-ISOLATION-STAGE-2 -o pod-c -j DROP
-A DOCKER-ISOLATION-STAGE-2 -o pod-a -j DROP
-A DOCKER-ISOLATION-STAGE-2 -j RETURN
-A DOCKER-USER -i peer0 -j ACCEPT
-A DOCKER-USER -i out0 ! -o pod-a -j ACCEPT
-A DOCKER-USER -o peer0 -j ACCEPT
-A DOCKER-USER -j RETURN
COMMIT
`;
}

/** ufw with what it drops by default, and with what an administrator allows: some ports, some clients, some routes. */
function ufwRules({ pods, friendRange }: Addresses): string {
  return `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:ufw-before-input - [0:0]
:ufw-after-input - [0:0]
:ufw-reject-input - [0:0]
:ufw-not-local - [0:0]
:ufw-logging-deny - [0:0]
:ufw-user-input - [0:0]
:ufw-before-forward - [0:0]
:ufw-user-forward - [0:0]
:ufw-reject-forward - [0:0]
:ufw-before-output - [0:0]
:ufw-user-output - [0:0]
-A INPUT -j ufw-before-input
-A INPUT -j ufw-after-input
-A INPUT -j ufw-reject-input
-A FORWARD -j ufw-before-forward
-A FORWARD -j ufw-reject-forward
-A OUTPUT -j ufw-before-output
-A ufw-before-input -i lo -j ACCEPT
-A ufw-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A ufw-before-input -m conntrack --ctstate INVALID -j ufw-logging-deny
-A ufw-before-input -m conntrack --ctstate INVALID -j DROP
-A ufw-before-input -p icmp -m icmp --icmp-type 8 -j ACCEPT
-A ufw-before-input -p udp -m udp --sport 67 --dport 68 -j ACCEPT
-A ufw-before-input -j ufw-not-local
-A ufw-before-input -j ufw-user-input
-A ufw-not-local -m addrtype --dst-type LOCAL -j RETURN
-A ufw-not-local -m addrtype --dst-type MULTICAST -j RETURN
-A ufw-not-local -m addrtype --dst-type BROADCAST -j RETURN
-A ufw-not-local -m limit --limit 3/min --limit-burst 10 -j ufw-logging-deny
-A ufw-not-local -j DROP
-A ufw-after-input -p udp -m udp --dport 137 -j DROP
-A ufw-logging-deny -m limit --limit 3/min --limit-burst 10 -j LOG --log-prefix "[UFW BLOCK] "
-A ufw-user-input -p tcp -m tcp --dport 22 -m conntrack --ctstate NEW -m recent --set --name DEFAULT --mask 255.255.255.255 --rsource
-A ufw-user-input -p tcp -m multiport --dports 80,443,6443 -j ACCEPT
-A ufw-user-input -s ${friendRange} -j ACCEPT
-A ufw-reject-input -i out0 -p tcp -j REJECT --reject-with tcp-reset
-A ufw-before-forward -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A ufw-before-forward -m conntrack --ctstate INVALID -j DROP
-A ufw-before-forward -p icmp -m icmp --icmp-type 8 -j ACCEPT
-A ufw-before-forward -j ufw-user-forward
-A ufw-user-forward -i pod-a -o peer0 -j ACCEPT
-A ufw-user-forward -i pod-a -d ${pods.b}/32 -j REJECT --reject-with icmp-port-unreachable
-A ufw-user-forward -i pod-a -j ACCEPT
-A ufw-user-forward -i out0 -o pod-b -p tcp -m tcp --dport 8080 -j ACCEPT
-A ufw-user-forward -s ${friendRange} -j ACCEPT
-A ufw-user-forward -i peer0 -o pod-a -j ACCEPT
-A ufw-reject-forward -i peer0 -j REJECT --reject-with icmp-port-unreachable
-A ufw-before-output -o lo -j ACCEPT
-A ufw-before-output -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A ufw-before-output -j ufw-user-output
-A ufw-user-output -d ${pods.e}/32 -p tcp -m tcp --dport 8080 -j REJECT --reject-with tcp-reset
COMMIT
`;
}

/** firewalld has a table of its own, whose zones are interfaces and sources. */
export function firewalldRules({ pods, friendRange, stranger }: Addresses): string {
  return `table inet firewalld {
  set friends {
    type ipv4_addr; flags interval; elements = { ${friendRange} }
  }
  chain mangle_PREROUTING {
    type filter hook prerouting priority mangle + 10; policy accept;
    ip saddr ${stranger} meta mark set meta mark | 0x100
  }
  chain nat_PREROUTING {
    type nat hook prerouting priority dstnat + 10; policy accept;
    iifname "out0" tcp dport 31999 dnat ip to ${pods.d}:8080
  }
  chain nat_POSTROUTING {
    type nat hook postrouting priority srcnat + 10; policy accept;
    iifname != "lo" oifname "peer0" goto nat_POST_external
  }
  chain nat_POST_external {
    ip saddr ${stranger} masquerade
  }
  chain filter_INPUT {
    type filter hook input priority filter + 10; policy accept;
    ct state { established, related } accept
    ct status dnat accept
    iifname "lo" accept
    ct state invalid drop
    jump filter_INPUT_ZONES
    reject with icmpx admin-prohibited
  }
  chain filter_INPUT_ZONES {
    ip saddr @friends goto filter_IN_trusted
    iifname { "peer0", "pod-*" } goto filter_IN_trusted
    iifname "out0" goto filter_IN_public
  }
  chain filter_IN_trusted {
    accept
  }
  chain filter_IN_public {
    tcp dport 6443 ct state { new, untracked } accept
    tcp dport 30000-32767 reject with tcp reset
    meta l4proto { icmp, ipv6-icmp } accept
  }
  chain filter_FORWARD {
    type filter hook forward priority filter + 10; policy accept;
    ct state { established, related } accept
    iifname "lo" accept
    ct state invalid drop
    jump filter_FORWARD_ZONES
    reject with icmpx admin-prohibited
  }
  chain filter_FORWARD_ZONES {
    iifname . oifname { "out0" . "pod-b", "peer0" . "pod-b" } jump filter_FWD_b
    oifname vmap { "pod-c" : goto filter_FWD_c, "peer0" : accept }
    iifname { "pod-a", "pod-b", "pod-c" } accept
    ct status dnat accept
  }
  chain filter_FWD_b {
    ip saddr @friends accept
    tcp dport 1-65535 drop
  }
  chain filter_FWD_c {
    meta mark & 0x100 == 0x100 ip protocol tcp reject with tcp reset
    meta mark & 0x100 == 0x100 drop
    udp dport { 8080, 9090 } accept
    tcp dport 8080 accept
  }
  chain filter_OUTPUT {
    type filter hook output priority filter + 10; policy accept;
    ct state { established, related } accept
    oifname "lo" accept
    ip daddr ${pods.f} udp dport 8080 reject with icmpx port-unreachable
  }
}
`;
}

/** kube-router, which k3s has built in, makes network policies: chains of a pod, sets of who may reach it. */
function kubeRouterRules({ pods, clusterIP, externalIP }: Addresses): string {
  const returns = [
    `-d ${clusterIP(0)}/24`,
    '-p tcp -m addrtype --dst-type LOCAL -m multiport --dports 30000:32767',
    '-p udp -m addrtype --dst-type LOCAL -m multiport --dports 30000:32767',
    `-d ${externalIP(1)}/32`,
  ];
  const pod = (ip: string, name: string) => `-A KUBE-ROUTER-INPUT -s ${ip}/32 -j KUBE-POD-FW-${name}
-A KUBE-ROUTER-FORWARD -d ${ip}/32 -j KUBE-POD-FW-${name}
-A KUBE-ROUTER-FORWARD -s ${ip}/32 -j KUBE-POD-FW-${name}
-A KUBE-ROUTER-OUTPUT -d ${ip}/32 -j KUBE-POD-FW-${name}
-A KUBE-POD-FW-${name} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A KUBE-POD-FW-${name} -m conntrack --ctstate INVALID -j DROP
-A KUBE-POD-FW-${name} -d ${ip}/32 -m addrtype --src-type LOCAL -j ACCEPT
`;
  const verdict = (
    name: string,
  ) => `-A KUBE-POD-FW-${name} -m mark ! --mark 0x10000/0x10000 -m limit --limit 10/min --limit-burst 10 -j NFLOG --nflog-group 100
-A KUBE-POD-FW-${name} -m mark ! --mark 0x10000/0x10000 -j REJECT --reject-with icmp-port-unreachable
-A KUBE-POD-FW-${name} -j MARK --set-xmark 0x0/0x10000
-A KUBE-POD-FW-${name} -j MARK --set-xmark 0x20000/0x20000
`;
  return `*filter
:KUBE-ROUTER-INPUT - [0:0]
:KUBE-ROUTER-FORWARD - [0:0]
:KUBE-ROUTER-OUTPUT - [0:0]
:KUBE-POD-FW-A - [0:0]
:KUBE-POD-FW-B - [0:0]
:KUBE-NWPLCY-DEFAULT - [0:0]
:KUBE-NWPLCY-SOME - [0:0]
-I INPUT 1 -j KUBE-ROUTER-INPUT
-I FORWARD 1 -j KUBE-ROUTER-FORWARD
-I OUTPUT 1 -j KUBE-ROUTER-OUTPUT
${returns.map((match) => `-A KUBE-ROUTER-INPUT ${match} -j RETURN\n`).join('')}${pod(pods.a, 'A')}${pod(pods.b, 'B')}-A KUBE-POD-FW-A -d ${pods.a}/32 -j KUBE-NWPLCY-DEFAULT
-A KUBE-POD-FW-A -s ${pods.a}/32 -j KUBE-NWPLCY-DEFAULT
${verdict('A')}-A KUBE-POD-FW-B -d ${pods.b}/32 -j KUBE-NWPLCY-SOME
-A KUBE-POD-FW-B -s ${pods.b}/32 -j KUBE-NWPLCY-DEFAULT
${verdict('B')}-A KUBE-ROUTER-FORWARD -m mark --mark 0x20000/0x20000 -j ACCEPT
-A KUBE-ROUTER-OUTPUT -m mark --mark 0x20000/0x20000 -j ACCEPT
-A KUBE-NWPLCY-DEFAULT -j MARK --set-xmark 0x10000/0x10000
-A KUBE-NWPLCY-SOME -p tcp -m set --match-set KUBE-SRC-SOME src -m set --match-set KUBE-DST-SOME dst -m tcp --dport 8080 -j MARK --set-xmark 0x10000/0x10000
-A KUBE-NWPLCY-SOME -p tcp -m set --match-set KUBE-SRC-SOME src -m mark --mark 0x10000/0x10000 -j RETURN
COMMIT
`;
}

function kubeRouterSets({ pods, client }: Addresses): string {
  return `create KUBE-SRC-SOME hash:ip family inet
add KUBE-SRC-SOME ${pods.c}
add KUBE-SRC-SOME ${pods.d}
add KUBE-SRC-SOME ${client}
create KUBE-DST-SOME hash:ip family inet
add KUBE-DST-SOME ${pods.b}
`;
}
