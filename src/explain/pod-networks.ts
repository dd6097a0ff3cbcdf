import { deviceTo, type Host, routeTo } from '../lang/packet/host.ts';
import type { IPFamily } from '../model/cluster.ts';
import { cidrContains, familyOf, parseCIDR } from '../model/ip.ts';
import type { NodeDump } from '../modes/node-dump.ts';
import type { NodeFacts } from './plan-connection.ts';

/**
 * What the dump of a node tells of pods, without manifests: kube-proxy asks for `--cluster-cidr` where it masquerades what
 * comes to clusterIPs from elsewhere, network plugins masquerade what leaves their networks, and routes to pods of the node lead to
 * interfaces that plugins name.
 */
interface PodNetworks {
  /** Of the whole cluster; none: not told. */
  readonly cluster: readonly string[];
  /** Of the pods of the node. */
  readonly own: readonly string[];
}

/** What rules say of pods, and whose: each takes one range, or the address of a pod. */
const SIGNS: readonly { readonly rule: RegExp; readonly of: keyof PodNetworks }[] = [
  { rule: /^-A KUBE-S\S+ ! -s (\S+) .*-j KUBE-MARK-MASQ$/, of: 'cluster' },
  { rule: /^-A KUBE-EXT-\S+ -s (\S+) .*--comment "pod traffic for /, of: 'cluster' },
  { rule: /\bip6? saddr != (\S+) (?:jump mark-for-masquerade|meta mark set )/, of: 'cluster' },
  { rule: /^-A (?:FLANNEL-)?POSTRT\w* -s (\S+) (?:! -d \S+ )?.*flanneld masq/, of: 'cluster' },
  { rule: /^-A KIND-MASQ-AGENT -d (\S+) .*-j RETURN$/, of: 'cluster' },
  { rule: /^-A POSTROUTING -s (\S+) .*-j CNI-[0-9a-f]+$/, of: 'own' },
];

/** Rules of one kind are alike, and the first ones tell. */
const CHAINS_LOOKED_AT = 200;
const RULES_LOOKED_AT = 20;

const CHAINS = /^(?:KUBE-S|KUBE-EXT-|FLANNEL-|KIND-|POSTROUTING$)/;

/** Interfaces that network plugins give to pods of the node, or the bridges of these. */
const POD_DEVICE = /^(?:cni\d|cbr\d|cali|veth|lxc|azv|kube-bridge$|eni[0-9a-f]{8})/;

function podNetworks(dump: NodeDump, family: IPFamily, { routes = [] }: Host): PodNetworks {
  const found = { cluster: new Set<string>(), own: new Set<string>() };
  for (const text of ruleTexts(dump, family)) {
    for (const { rule, of } of SIGNS) {
      const range = parseCIDR(rule.exec(text)?.[1] ?? '');
      if (range !== undefined && range.family === family) found[of].add(range.cidr);
    }
  }
  const ofDevices = routes.filter(
    ({ cidr, device = '', gateway }) =>
      familyOf(cidr) === family && gateway === undefined && POD_DEVICE.test(device),
  );
  return { cluster: [...found.cluster], own: [...found.own, ...ofDevices.map(({ cidr }) => cidr)] };
}

function* ruleTexts(dump: NodeDump, family: IPFamily): Generator<string> {
  const tables =
    dump.kind === 'saved' ? [...dump.tables, ...(dump.listed?.tables ?? [])] : dump.ruleset.tables;
  let chains = 0;
  for (const each of tables) {
    if ('family' in each && each.family !== family) continue;
    for (const [name, chain] of each.chains) {
      if (!('family' in each) && !CHAINS.test(name)) continue;
      chains += 1;
      if (chains > CHAINS_LOOKED_AT) return;
      let rules = 0;
      for (const { text } of chain.lines) {
        rules += 1;
        if (rules > RULES_LOOKED_AT) break;
        yield text;
      }
    }
  }
}

/** Addresses that no machine of the internet has (RFC 1918, RFC 6598, RFC 4193): pods have them, and others as well. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'];

/** What a dump tells of clients, where manifests do not know them. */
export function withDumpedPods(facts: NodeFacts, dump: NodeDump): NodeFacts {
  const { family, host, clientOf } = facts;
  const { cluster, own } = podNetworks(dump, family, host);
  const isIn = (cidrs: readonly string[], ip: string) => cidrs.some((cidr) => cidrContains(cidr, ip));
  const told = (ip: string) => {
    if (isIn(own, ip)) return undefined;
    if (isIn(cluster, ip)) return 'a pod of the cluster';
    const isNearby = deviceTo(host, ip) !== undefined && routeTo(host, ip)?.gateway === undefined;
    return cluster.length > 0 || isNearby || !isIn(PRIVATE, ip) ? undefined : 'a pod or another machine';
  };
  return { ...facts, podCIDRs: [...facts.podCIDRs, ...own], clientOf: (ip) => clientOf(ip) ?? told(ip) };
}
