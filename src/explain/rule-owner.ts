import type { TracedRule } from '../lang/packet/rules.ts';
import { TABLE_NAME } from '../render/nftables/vocabulary.ts';
import { knownChain } from '../render/own-chains.ts';

/** A program that puts rules on nodes, and how to tell them. */
export interface RuleProgram {
  readonly name: string;
  readonly chains: RegExp;
  /** Its own tables of nftables, without their family. */
  readonly tables?: RegExp;
  /** Where it works in chains of the kernel: a comment, an interface. */
  readonly text?: RegExp;
  /** What to do about a connection that its rules refuse. */
  readonly advice: string;
}

const POLICIES = 'a NetworkPolicy selects the pod: kubectl get networkpolicies -A';

/** Names as the programs give them, seen in their sources and in dumps of nodes. Of several that fit, the first counts. */
/** Of a program that is told by its tables alone. */
const NO_CHAIN = /^$/;

const OWNERS: readonly RuleProgram[] = [
  {
    name: 'the kubelet',
    chains: /^KUBE-(?:FIREWALL|KUBELET-CANARY|MARK-DROP)$/,
    advice:
      'it drops what comes from outside to addresses of 127.0.0.0/8, and packets that carry the mark 0x8000',
  },
  {
    // Since 29.0, with --firewall-backend=nftables (Docker's manual, "Docker with nftables").
    name: 'Docker',
    chains: NO_CHAIN,
    tables: /^docker-bridges$/,
    advice:
      'a chain of your own, of priority "filter - 1", can give it the mark that --bridge-accept-fwmark of dockerd names: nothing else overrides it',
  },
  {
    name: 'Docker',
    chains: /^DOCKER(?:-[A-Z0-9-]+)?$/,
    text: /(?:^| )-[io] (?:docker0|br-[0-9a-f]{12})(?: |$)/,
    advice: 'accept it in chain DOCKER-USER, which Docker asks first and leaves alone',
  },
  {
    name: 'ufw',
    chains: /^ufw6?-/,
    advice: '"ufw route allow" lets forwarded traffic through, "ufw allow" what is for the node itself',
  },
  {
    name: 'firewalld',
    tables: /^firewalld$/,
    chains:
      /^(?:(?:INPUT|FORWARD|OUTPUT|PREROUTING|POSTROUTING)_(?:direct|(?:IN_|OUT_)?ZONES(?:_SOURCE)?)|(?:IN|FWD[IO]|FWD|PRE|POST)_[a-z]w*|filter_w+|nat_w+|mangle_w+)$/,
    advice:
      'put the addresses of pods and nodes into a zone that accepts: firewall-cmd --zone=trusted --add-source=CIDR',
  },
  {
    name: 'Calico',
    tables: /^calico$/,
    chains: /^cali-/,
    text: /--comment "?cali:/,
    advice:
      'a policy of Calico or a NetworkPolicy decides: kubectl get networkpolicies -A, calicoctl get policies -A',
  },
  { name: 'Cilium', chains: /^(?:OLD_)?CILIUM_/, advice: 'ask Cilium: cilium monitor --type drop' },
  {
    name: 'kube-router (as in k3s)',
    chains: /^KUBE-(?:ROUTER-|POD-FW-|NWPLCY-|SVC-ROUTER)/,
    text: /kube-router/,
    advice: POLICIES,
  },
  { name: 'Azure NPM', chains: /^AZURE-NPM/, advice: POLICIES },
  { name: 'the AWS VPC CNI', chains: /^AWS-(?:SNAT|CONNMARK)-CHAIN-/, advice: POLICIES },
  {
    name: 'Istio',
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
    chains: /^ANTREA-/,
    advice: 'a policy decides: kubectl get networkpolicies,acnp,annp -A',
  },
  { name: 'OVN-Kubernetes', chains: /^OVN-KUBE-/, tables: /^ovn-kubernetes$/, advice: POLICIES },
  { name: 'Weave Net', chains: /^WEAVE/, advice: POLICIES },
  {
    name: 'a hostPort (CNI portmap)',
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
];

const KUBE_PROXY: RuleProgram = {
  name: 'kube-proxy',
  chains: /^KUBE-/,
  advice: 'see its endpoints and loadBalancerSourceRanges: kubectl get service,endpointslices -o yaml',
};

/** Whose a rule is, by the name of its chain, or in a chain of the kernel by what it says; undefined: nobody knows. */
export function ownerOfRule({
  table,
  chain,
  comment,
  text,
}: Pick<TracedRule, 'table' | 'chain' | 'comment' | 'text'>): RuleProgram | undefined {
  const name = withoutFamily(table);
  if (name === TABLE_NAME) return KUBE_PROXY;
  const owner =
    OWNERS.find(({ tables }) => tables?.test(name) === true) ??
    OWNERS.find(({ chains }) => chains.test(chain));
  if (owner !== undefined) return owner;
  if (knownChain(chain) !== undefined) return KUBE_PROXY;
  const said = `${text()} ${comment ?? ''}`;
  return OWNERS.find((each) => each.text?.test(said));
}

/** `inet firewalld` as `firewalld`. */
function withoutFamily(table: string): string {
  return table.slice(table.lastIndexOf(' ') + 1);
}

/** A reason of kube-proxy's with the Service that it is about: one rule of nftables is for all of them. */
export function reasonAbout(
  reason: string,
  owner: RuleProgram | undefined,
  service: string | undefined,
): string {
  if (owner !== KUBE_PROXY || service === undefined) return reason;
  return reason
    .replace(/^there are no endpoints/, `${service} has no endpoints`)
    .replace(/loadBalancerSourceRanges$/, `loadBalancerSourceRanges of ${service}`);
}

/** What to do about a connection that a rule refuses, as far as its reason or its owner tells. */
export function adviceOn(reason: string, owner: RuleProgram | undefined): string | undefined {
  if (owner !== KUBE_PROXY) return owner?.advice;
  const [, namespace, name] = /\b([a-z0-9-]+)\/([a-z0-9-]+)/.exec(reason) ?? [];
  if (name === undefined) return owner.advice;
  if (reason.includes('loadBalancerSourceRanges'))
    return `see if spec.loadBalancerSourceRanges has the client, and if a pod of it is ready here: kubectl -n ${namespace} get service ${name} -o yaml`;
  if (reason.includes('on this node'))
    return `take a node that has a ready pod of it, or set its traffic policy to Cluster: kubectl -n ${namespace} get endpointslices -l kubernetes.io/service-name=${name} -o wide`;
  if (reason.includes('no endpoints'))
    return `find out why no pod of it is ready: kubectl -n ${namespace} get endpointslices -l kubernetes.io/service-name=${name}, and kubectl -n ${namespace} describe service ${name}`;
  return owner.advice;
}

/** Programs that set the policy of a chain of the kernel to DROP, told by chains of theirs in the same table. */
const POLICY_OWNERS: readonly { readonly name: string; readonly has: string; readonly advice: string }[] = [
  {
    name: 'ufw',
    has: 'ufw-before-input',
    advice:
      '"ufw route allow" lets forwarded traffic through, "ufw allow" what is for the node itself (DEFAULT_FORWARD_POLICY and DEFAULT_INPUT_POLICY in /etc/default/ufw)',
  },
  {
    name: 'Docker',
    has: 'DOCKER-USER',
    advice:
      'Docker sets it when it switches forwarding on: accept the traffic of pods in chain DOCKER-USER, or iptables -P FORWARD ACCEPT',
  },
  {
    name: 'Docker',
    has: 'DOCKER',
    advice: 'Docker sets it when it switches forwarding on: iptables -P FORWARD ACCEPT',
  },
];

/** Who may have set the policy of a base chain. @param hasChain whether its table has a chain */
export function ownerOfPolicy(
  hook: string,
  hasChain: (name: string) => boolean,
): { readonly name: string; readonly advice: string } | undefined {
  const found = POLICY_OWNERS.filter(
    ({ name, has }) => hasChain(has) && (name !== 'Docker' || hook === 'FORWARD'),
  );
  const [first, second] = found;
  if (first?.name === 'ufw' && second !== undefined) return { name: 'ufw or Docker', advice: first.advice };
  return first;
}
