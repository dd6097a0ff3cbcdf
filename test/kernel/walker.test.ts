import fc from 'fast-check';
import { test } from 'vitest';
import { addressesOf } from '../support/kernel/addresses.ts';
import { arbitraryServices, servicesOf } from '../support/kernel/arbitrary-services.ts';
import { iptablesBackend, nftablesBackend } from '../support/kernel/backend.ts';
import { compareWalker, type WalkerSetup } from '../support/kernel/compare-walker.ts';
import { describeKernel } from '../support/kernel/kernel-support.ts';
import { startLab } from '../support/kernel/lab.ts';
import { firewalldRules } from '../support/kernel/neighbours.ts';

/** Enough to see each of four endpoints, but for one time in ten million. */
const COUNTS = { few: 6, many: 56 };

const NET = addressesOf('IPv4');

/** What Docker, ufw and kube-router have on many nodes, for the links of the lab. */
const NEIGHBOURS = `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:DOCKER-USER - [0:0]
:DOCKER-ISOLATION-STAGE-1 - [0:0]
:DOCKER-ISOLATION-STAGE-2 - [0:0]
:ufw-before-input - [0:0]
:KUBE-POD-FW-B - [0:0]
-A INPUT -j ufw-before-input
-A ufw-before-input -i lo -j ACCEPT
-A ufw-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A ufw-before-input -p icmp -j ACCEPT
-A ufw-before-input -i out0 -p tcp -m multiport --dports 6443,32001 -j ACCEPT
-A FORWARD -j DOCKER-USER
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -j DOCKER-ISOLATION-STAGE-1
-A FORWARD -d ${NET.pods.b}/32 -j KUBE-POD-FW-B
-A FORWARD -i pod-a ! -o pod-a -j ACCEPT
-A FORWARD -i out0 -j ACCEPT
-A DOCKER-USER -s ${NET.stranger}/32 -i out0 -p tcp -j REJECT --reject-with tcp-reset
-A DOCKER-ISOLATION-STAGE-1 -i pod-a ! -o pod-a -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-2 -o pod-c -j REJECT
-A KUBE-POD-FW-B -s ${NET.client}/32 -j MARK --set-xmark 0x10000/0x10000
-A KUBE-POD-FW-B -m mark ! --mark 0x10000/0x10000 -j REJECT
COMMIT
`;

/** An administrator's table at the hooks of firewalld's: marks that connections keep, and more ways to say what is refused. */
const ADMIN = `table inet admin {
  chain remember {
    type filter hook prerouting priority mangle + 20; policy accept;
    ct state new ct mark set meta mark
  }
  chain input {
    type filter hook input priority filter + 20; policy accept;
    ct state vmap { established : accept, related : accept, invalid : drop }
    ct status dnat accept
    iifname "out0" goto public
  }
  chain public {
    tcp dport 32000-32767 reject with tcp reset
    udp dport != 53 reject
  }
  chain early {
    type filter hook forward priority filter + 10; policy accept;
    ct mark & 0x100 == 0x100 oifname "pod-c" ip protocol tcp reject with tcp reset
    ip6 daddr fd00::/8 drop
    limit rate 5/minute log prefix "forwarded "
    meta mark set meta mark & 0xfffffeff
    ip saddr ${NET.stranger} ip daddr ${NET.pods.a} drop
    ip saddr ${NET.stranger} udp dport 1-65535 meta mark set meta mark | 0x100 accept
  }
  chain late {
    type filter hook forward priority filter + 20; policy drop;
    ct state vmap { established : accept, related : accept, invalid : drop }
    ip saddr != ${NET.pods.c} accept
    ip daddr ${NET.pods.a} reject
    ip protocol vmap { tcp : accept }
  }
}
`;

const SETUPS: readonly WalkerSetup[] = [
  {
    name: 'iptables-nft, IPv4, beside rules like those of Docker, ufw and kube-router',
    family: 'IPv4',
    setting: { mode: 'iptables', layout: 'kube-proxy' },
    backend: iptablesBackend('nft'),
    counts: COUNTS,
    save: ['iptables-nft-save'],
    neighbours: { command: ['iptables-restore', '--noflush'], rules: NEIGHBOURS },
  },
  ...(['nftables', 'iptables'] as const).map(
    (mode): WalkerSetup => ({
      name: `${mode}, IPv4, beside tables of nft like those of firewalld and an administrator`,
      family: 'IPv4',
      setting: { mode, layout: 'kube-proxy' },
      backend: mode === 'nftables' ? nftablesBackend('kube-proxy') : iptablesBackend('nft'),
      counts: COUNTS,
      save: ['sh', '-c', `${mode === 'nftables' ? '' : 'iptables-nft-save; '}nft list ruleset`],
      neighbours: { command: ['nft', '-f', '-'], rules: `${firewalldRules(NET)}${ADMIN}` },
    }),
  ),
  {
    name: 'iptables-legacy, IPv4',
    family: 'IPv4',
    setting: { mode: 'iptables', layout: 'kube-proxy' },
    backend: iptablesBackend('legacy'),
    counts: COUNTS,
    save: ['iptables-legacy-save'],
  },
  {
    name: 'iptables-nft, layout compact, IPv6',
    family: 'IPv6',
    setting: { mode: 'iptables', layout: 'compact' },
    backend: iptablesBackend('nft', 'compact'),
    counts: COUNTS,
    save: ['ip6tables-nft-save'],
  },
  {
    name: 'nftables, layout compact, IPv4',
    family: 'IPv4',
    setting: { mode: 'nftables', layout: 'compact' },
    backend: nftablesBackend('compact'),
    counts: COUNTS,
    save: ['nft', 'list', 'ruleset'],
  },
  {
    name: 'nftables, layout kube-proxy, IPv6',
    family: 'IPv6',
    setting: { mode: 'nftables', layout: 'kube-proxy' },
    backend: nftablesBackend('kube-proxy'),
    counts: COUNTS,
    save: ['nft', 'list', 'ruleset'],
  },
  ...['1.31', '1.33.6', '1.35', '1.36'].map(
    (version): WalkerSetup => ({
      name: `nftables, layout kube-proxy, IPv4, ${version}`,
      family: 'IPv4',
      setting: { mode: 'nftables', layout: 'kube-proxy' },
      backend: nftablesBackend('kube-proxy', version),
      counts: COUNTS,
      save: ['nft', 'list', 'ruleset'],
    }),
  ),
];

describeKernel('the walker goes where packets go', () => {
  // Each has a lab of its own, and mostly waits for packets.
  test.concurrent.for(SETUPS.map((setup) => [setup.name, setup] as const))('%s', async ([, setup]) => {
    const net = addressesOf(setup.family);
    const lab = await startLab();
    try {
      await setup.backend.prepare(lab);
      await fc.assert(
        fc.asyncProperty(arbitraryServices(24), async (services) => {
          await compareWalker(setup, lab, servicesOf(net, services));
        }),
        // One batch makes hundreds of connections; a smaller one would say no more of what is wrong.
        { numRuns: 1, endOnFailure: true },
      );
    } finally {
      await lab.stop();
    }
  });
});
