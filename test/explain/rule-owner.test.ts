import { expect, test } from 'vitest';
import { ownerOfRule } from '../../src/explain/ways/rule-owner.ts';

/** As their own tables of nftables are named, with the family in front, and chains in them. */
test.each([
  ['ip docker-bridges', 'filter-forward-in__docker0', 'Docker'],
  ['ip6 docker-bridges', 'raw-PREROUTING', 'Docker'],
  ['inet firewalld', 'filter_FORWARD', 'firewalld'],
  ['ip calico', 'filter-cali-FORWARD', 'Calico'],
  ['inet flannel-ipv4', 'postrtg', 'flannel'],
  ['inet netavark', 'NETAVARK-ISOLATION-1', 'Podman'],
  ['inet ovn-kubernetes', 'mgmtport-snat', 'OVN-Kubernetes'],
  ['inet f2b-table', 'f2b-chain', 'fail2ban'],
  ['ip libvirt_network', 'guest_output', 'libvirt'],
  ['inet lxd', 'fwd.lxdbr0', 'LXD or Incus'],
  ['ip crowdsec', 'crowdsec-chain', 'CrowdSec'],
  ['inet kube-network-policies', 'postrouting', 'kube-network-policies (as in kind)'],
  ['ip nm-shared-wlan0', 'filter_forward', 'NetworkManager'],
  ['ip kube-proxy', 'reject-chain', 'kube-proxy'],
  ['filter', 'cali-FORWARD', 'Calico'],
  ['nat', 'AWS-SNAT-CHAIN-0', 'the AWS VPC CNI'],
  ['filter', 'KUBE-POD-FW-ABCDEFGHIJKLMNOP', 'kube-router (as in k3s)'],
  ['filter', 'AZURE-NPM-INGRESS', 'Azure NPM'],
  ['filter', 'PVEFW-HOST-IN', 'Proxmox VE'],
  ['filter', 'LOGDROPIN', 'CSF'],
  ['filter', 'net-fw', 'Shorewall'],
  ['filter', 'web-in', undefined],
  ['inet fw4', 'handle_reject', 'the firewall of OpenWrt (fw4)'],
  ['filter', 'nixos-fw-log-refuse', 'the firewall of NixOS'],
  ['filter', 'UBIOS_WAN_IN_USER', 'UniFi OS'],
  ['nat', 'PROXY_INIT_REDIRECT', 'Linkerd'],
  ['filter', 'OPENSHIFT-BLOCK-OUTPUT', 'OpenShift SDN'],
  ['nat', 'OVN-POSTROUTING', 'Kube-OVN'],
  ['ip kube-router-filter-ipv4', 'KUBE-NWPLCY-TAIL', 'kube-router (as in k3s)'],
  ['ip kindnet-dnscache', 'prerouting', 'kindnet'],
  ['inet filter', 'forward', undefined],
])('table %s, chain %s', (table, chain, name) => {
  expect(ownerOfRule({ table, chain, text: () => 'drop' })?.name).toBe(name);
});

/** Docker drops nothing in chains of the kernel but what `--icc=false` and its table raw do. */
test.each([
  ['-A FORWARD -i docker0 ! -o docker0 -j ACCEPT', 'Docker'],
  ['-A FORWARD -o br-0123456789ab -j DOCKER', 'Docker'],
  ['-A FORWARD -i docker0 -o docker0 -j DROP', 'Docker'],
  ['-A PREROUTING -d 172.17.0.2/32 ! -i docker0 -j DROP', 'Docker'],
  ['-A FORWARD -d 10.42.0.5/32 -i docker0 -m statistic --mode random --probability 0.5 -j DROP', undefined],
  ['-A INPUT -i docker0 -p tcp -m tcp --dport 22 -j REJECT --reject-with icmp-port-unreachable', undefined],
])('%s', (rule, name) => {
  const [, chain = ''] = rule.split(' ');
  expect(ownerOfRule({ table: 'filter', chain, text: () => rule })?.name).toBe(name);
});
