import { UML_MODULES } from './uml-support.ts';

/** What the script of a User-Mode Linux kernel needs to know. Paths are the host's. */
interface InitOptions {
  /** Holds relay.mjs and agent.mjs. The guest may write into it; all else of the host it has read-only. */
  readonly folder: string;
  readonly node: string;
}

/** Where the guest finds modules: `modprobe -d FOLDER`. */
export const GUEST_MODULES = '/tmp/modules';

/** Where the guest finds the folder that it shares with the test. */
const GUEST_FOLDER = '/tmp/shared';

/** All that rules need but IPVS itself, which is loaded when a test says so: modules are not found by themselves. */
const MODULES = [
  ...['dummy', 'veth', 'iptable_nat', 'iptable_filter', 'ip6table_nat', 'ip6table_filter'],
  ...['iptable_raw', 'ip6table_raw', 'iptable_mangle', 'ip6table_mangle'],
  ...['xt_tcpudp', 'xt_TCPMSS', 'xt_REDIRECT', 'xt_nat'],
  ...['ip_set_hash_ip', 'ip_set_hash_ipport', 'ip_set_hash_ipportip', 'ip_set_hash_ipportnet'],
  ...[
    'ip_set_bitmap_port',
    'xt_set',
    'xt_comment',
    'xt_MASQUERADE',
    'xt_mark',
    'xt_conntrack',
    'xt_addrtype',
  ],
  ...['xt_physdev', 'xt_statistic', 'xt_recent', 'ipt_REJECT', 'ip6t_REJECT', 'nf_conntrack_netlink'],
];

/**
 * The first program of a User-Mode Linux kernel whose root is the host's, read-only: mounts what belongs to the guest,
 * loads modules, and leaves the rest to the relay. When that ends, so does the kernel.
 */
export function initScript({ folder, node }: InitOptions): string {
  return `#!/bin/sh
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /tmp
mkdir -p ${GUEST_MODULES}/lib ${GUEST_FOLDER}
mount -t hostfs -o ${folder} none ${GUEST_FOLDER}
ln -s ${UML_MODULES} ${GUEST_MODULES}/lib/modules
modprobe -d ${GUEST_MODULES} -a ${MODULES.join(' ')}
ip link set lo up
echo > /proc/sys/kernel/modprobe
stty -F /dev/ttyS0 raw -echo
'${node}' ${GUEST_FOLDER}/relay.mjs ${GUEST_FOLDER} /dev/ttyS0
echo o > /proc/sysrq-trigger
sleep 10
`;
}
