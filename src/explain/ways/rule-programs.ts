/** A program that puts rules on nodes, and how to tell them. */
export interface RuleProgram {
  readonly name: string;
  readonly chains: RegExp;
  /** Its own tables of nftables, without their family. */
  readonly tables?: RegExp;
  /** Where it works in chains of the kernel: a comment, an interface. */
  readonly text?: RegExp;
  /** What has what it sends elsewhere, or what becomes of it there. */
  readonly sends?: string;
  /** Where Services are, if it can serve them without rules. */
  readonly servesIn?: string;
  /** What to do about a connection that its rules refuse. */
  readonly advice: string;
}

const POLICIES = 'a NetworkPolicy selects the pod: kubectl get networkpolicies -A';

/** Of a program that is told by its tables alone. */
const NO_CHAIN = /^$/;

/** Names as the programs give them, seen in their sources and in dumps of nodes. Of several that fit, the first counts. */
export const RULE_PROGRAMS: readonly RuleProgram[] = [
  {
    name: 'the kubelet',
    chains: /^KUBE-(?:FIREWALL|KUBELET-CANARY|MARK-DROP)$/,
    advice:
      'it drops what comes from outside to addresses of 127.0.0.0/8, and packets that carry the mark 0x8000',
  },
  {
    // Since 29.0, with --firewall-backend=nftables (Docker's manual, "Docker with nftables").
    name: 'Docker',
    sends: 'a container has published that port: docker ps',
    chains: NO_CHAIN,
    tables: /^docker-bridges$/,
    advice:
      'a chain of your own, of priority "filter - 1", can give it the mark that --bridge-accept-fwmark of dockerd names: nothing else overrides it',
  },
  {
    name: 'Docker',
    chains: /^DOCKER(?:-[A-Z0-9-]+)?$/,
    // In the chains of the kernel it drops nothing but what --icc=false forbids: other rules are somebody else's, about its bridges.
    text: /^(?:-A FORWARD -i (?:docker0|br-[0-9a-f]{12}) -o (?:docker0|br-[0-9a-f]{12}) -j DROP ?$|(?!-A (?:INPUT|FORWARD|OUTPUT) .*-j (?:DROP|REJECT)).* -[io] (?:docker0|br-[0-9a-f]{12})(?: |$))/,
    advice: 'accept it in chain DOCKER-USER, which Docker asks first and leaves alone',
  },
  {
    name: 'ufw',
    chains: /^ufw6?-/,
    advice: '"ufw route allow" lets forwarded traffic through, "ufw allow" what is for the node itself',
  },
  {
    name: 'firewalld',
    sends: 'a port is forwarded: firewall-cmd --list-all-zones',
    tables: /^firewalld$/,
    chains:
      /^(?:(?:INPUT|FORWARD|OUTPUT|PREROUTING|POSTROUTING)_(?:direct|(?:IN_|OUT_)?ZONES(?:_SOURCE)?)|(?:IN|FWD[IO]|FWD|PRE|POST)_[a-z]w*|filter_w+|nat_w+|mangle_w+)$/,
    advice:
      'put the addresses of pods and nodes into a zone that accepts: firewall-cmd --zone=trusted --add-source=CIDR',
  },
  {
    name: 'Calico',
    servesIn: 'eBPF',
    tables: /^calico$/,
    chains: /^cali-/,
    text: /--comment "?cali:/,
    advice:
      'a policy of Calico or a NetworkPolicy decides: kubectl get networkpolicies -A, calicoctl get policies -A',
  },
  {
    name: 'Cilium',
    servesIn: 'eBPF',
    chains: /^(?:OLD_)?CILIUM_/,
    advice: 'ask Cilium: cilium monitor --type drop',
  },
  {
    name: 'kube-router (as in k3s)',
    chains: /^KUBE-(?:ROUTER-|POD-FW-|NWPLCY-|SVC-ROUTER)/,
    tables: /^kube-router-/,
    text: /kube-router/,
    advice: POLICIES,
  },
  { name: 'Azure NPM', chains: /^AZURE-NPM/, advice: POLICIES },
  { name: 'the AWS VPC CNI', chains: /^AWS-(?:SNAT|CONNMARK)-CHAIN-/, advice: POLICIES },
  {
    name: 'Istio',
    sends: 'the proxy of the pod listens there, and connects on by itself',
    tables: /^istio-/,
    chains: /^ISTIO_/,
    advice: 'annotations traffic.sidecar.istio.io/… leave ports or addresses out',
  },
  {
    name: 'flannel',
    tables: /^flannel-ipv[46]$/,
    chains: /^FLANNEL-/,
    text: /flanneld/,
    advice: 'see --cluster-cidr and the network of flannel',
  },
  {
    name: 'Antrea',
    sends: 'Open vSwitch serves it from there, which no rule shows',
    servesIn: 'Open vSwitch',
    chains: /^ANTREA-/,
    advice: 'a policy decides: kubectl get networkpolicies,acnp,annp -A',
  },
  {
    name: 'OVN-Kubernetes',
    sends: 'Open vSwitch serves it from there, which no rule shows',
    servesIn: 'Open vSwitch',
    chains: /^OVN-KUBE-/,
    tables: /^ovn-kubernetes$/,
    advice: POLICIES,
  },
  { name: 'Weave Net', chains: /^WEAVE/, advice: POLICIES },
  {
    name: 'a hostPort (CNI portmap)',
    sends: 'a pod has that hostPort',
    chains: /^(?:CNI-|KUBE-HOSTPORTS$|KUBE-HP-)/,
    advice: 'a pod has this hostPort',
  },
  { name: 'the NodeLocal DNSCache', chains: /^$/, text: /NodeLocal DNS Cache/, advice: 'see its DaemonSet' },
  {
    name: 'fail2ban',
    chains: /^f2b-/,
    tables: /^f2b-table$/,
    advice: 'fail2ban-client status, and unbanip ADDRESS',
  },
  {
    name: 'libvirt',
    chains: /^LIBVIRT_/,
    tables: /^libvirt_network$/,
    advice: 'virsh net-edit: the network does not forward this',
  },
  {
    name: 'Podman',
    sends: 'a container has published that port: podman ps',
    chains: /^(?:NETAVARK|CNI-)/i,
    tables: /^netavark$/,
    advice: 'see podman network inspect',
  },
  {
    name: 'LXD or Incus',
    chains: /^$/,
    tables: /^(?:lxd|incus)$/,
    text: /generated for (?:LXD|Incus) network/,
    advice: 'see ipv4.firewall of the network: lxc network show NAME',
  },
  {
    name: 'CrowdSec',
    chains: /^CROWDSEC_/,
    tables: /^crowdsec6?$/,
    advice: 'cscli decisions list, and delete --ip ADDRESS',
  },
  {
    name: 'kube-network-policies (as in kind)',
    chains: /^$/,
    tables: /^kin(?:d|dnet)-network-policies$|^kube-network-policies$/,
    advice: POLICIES,
  },
  {
    name: 'NetworkManager',
    chains: /^nm-/,
    tables: /^nm-/,
    advice: 'a connection of NetworkManager is shared: nmcli connection show',
  },
  { name: 'Tailscale', chains: /^ts-/, advice: 'see tailscale status, and --netfilter-mode' },
  {
    name: 'Linkerd',
    sends: 'the proxy of the pod listens there, and connects on by itself',
    chains: /^PROXY_INIT_/,
    advice: 'annotations config.linkerd.io/skip-… leave ports out',
  },
  {
    name: 'OpenShift SDN',
    chains: /^OPENSHIFT-/,
    advice: 'oc get networkpolicies,egressnetworkpolicies -A',
  },
  {
    name: 'ip-masq-agent',
    chains: /^IP-MASQ(?:-AGENT)?$/,
    advice: 'see nonMasqueradeCIDRs of ip-masq-agent',
  },
  { name: 'kindnet', chains: /^KIND-MASQ-AGENT$/, tables: /^kindnet-/, advice: POLICIES },
  { name: 'Kube-OVN', chains: /^OVN-(?:PREROUTING|POSTROUTING|MASQUERADE|NAT-)/, advice: POLICIES },
  { name: 'Submariner', chains: /^SUBMARINER-/, advice: 'subctl diagnose all' },
  {
    name: 'Proxmox VE',
    chains: /^PVEFW-/,
    advice: 'the firewall of the host refuses it: pve-firewall localnet, and /etc/pve/nodes/NODE/host.fw',
  },
  {
    name: 'CSF',
    chains: /^(?:LOGDROP(?:IN|OUT)|LOCAL(?:INPUT|OUTPUT)|DENY(?:IN|OUT)|ALLOW(?:IN|OUT)|INVDROP)$/,
    advice:
      'csf -g ADDRESS says why; TCP_IN, TCP_OUT and so on in /etc/csf/csf.conf, and csf -a ADDRESS, let it pass',
  },
  {
    name: 'Shorewall',
    chains:
      /^(?:net[-2](?:fw|loc|dmz)|(?:loc|dmz)[-2](?:net|fw)|fw[-2](?:net|loc|dmz)|[a-z0-9]+_frwd|sfilter|tcpflags|logflags|smurfs)$/,
    advice: 'shorewall show policies; rules and policies are in /etc/shorewall',
  },
  {
    name: 'the firewall of OpenWrt (fw4)',
    chains: NO_CHAIN,
    tables: /^fw4$/,
    advice: 'put the interfaces of pods into a zone that forwards: uci show firewall',
  },
  {
    name: 'the firewall of NixOS',
    chains: /^nixos-fw/,
    tables: /^nixos-fw$/,
    advice:
      'networking.firewall: trustedInterfaces, allowedTCPPorts; checkReversePath for answers by another interface',
  },
  {
    name: 'UniFi OS',
    chains: /^UBIOS_/,
    advice: 'a rule of its firewall, or a policy between zones, refuses it',
  },
  {
    name: 'wg-quick',
    chains: NO_CHAIN,
    text: /wg-quick\(8\) rule for /,
    advice: 'only what comes through the tunnel may go to its address: see AllowedIPs, and Table = off',
  },
];
