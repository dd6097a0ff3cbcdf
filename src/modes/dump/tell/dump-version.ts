import type { SavedLine, SavedTable, TableName } from '../../../lang/iptables/ruleset.ts';
import type { ProxyMode } from '../../../model/proxy-config.ts';
import { IPTABLES_CHAINS } from '../../../render/iptables/vocabulary.ts';
import { CHAINS } from '../../../render/netfilter/chains.ts';
import { type NodeDump, servicesIn } from '../node-dump.ts';
import { tellNftablesVersion } from './nftables-version.ts';
import { tellVersion, type VersionSign, type VersionTold } from './version-told.ts';

/** Minor versions of Kubernetes 1; undefined: this end is open. */
interface VersionRange {
  readonly first?: number;
  readonly last?: number;
}

/** What tells the version of the kube-proxy that made rules of iptables (docs/kube-proxy-versions.md, sections B and I). */
interface IptablesSign extends VersionRange {
  readonly table: TableName;
  /** The name of a chain, or how it begins. */
  readonly chain: string;
  /** In one of its first rules; left out: the chain itself tells. */
  readonly rule?: (text: string) => boolean;
}

const { forward, oldExternal, proxyFirewall } = CHAINS;
const { external, localService, sourceRanges, service, endpoint } = IPTABLES_CHAINS;

const SIGNS: readonly IptablesSign[] = [
  {
    last: 22,
    table: 'filter',
    chain: forward.name,
    rule: says('"kubernetes forwarding conntrack pod source rule"'),
  },
  { first: 23, table: 'filter', chain: forward.name, rule: says('"kubernetes forwarding conntrack rule"') },
  { last: 23, table: 'nat', chain: oldExternal.name },
  { first: 24, table: 'nat', chain: localService.name },
  { first: 24, table: 'nat', chain: external.name },
  { last: 24, table: 'nat', chain: sourceRanges.name, rule: (text) => text.endsWith(' -j KUBE-MARK-DROP') },
  { last: 24, table: 'nat', chain: service.name, rule: (text) => isChoice(text) && !text.includes(' -> ') },
  { first: 24, table: 'nat', chain: service.name, rule: (text) => isChoice(text) && text.includes(' -> ') },
  { first: 25, table: 'filter', chain: proxyFirewall.name },
  { first: 27, table: 'nat', chain: sourceRanges.name, rule: says('"other traffic to ') },
  { first: 31, table: 'filter', chain: forward.name, rule: says(' -m nfacct ') },
  { first: 31, table: 'nat', chain: CHAINS.nodePorts.name, rule: says(' -m nfacct ') },
];

function says(part: string): (text: string) => boolean {
  return (text) => text.includes(part);
}

/** A rule that chooses an endpoint, with a comment. */
function isChoice(text: string): boolean {
  return text.includes(' --comment ') && text.includes(' -j KUBE-SEP-');
}

/** Chains of one kind, and rules of a chain, are alike: the first ones tell. */
const LOOKED_AT = 20;

/** What the dump of a node tells of the kube-proxy that made its rules, whatever its mode; undefined: nothing. */
export function tellDumpVersion(whole: NodeDump): VersionTold | undefined {
  const dump = servicesIn(whole);
  return dump.kind === 'listed'
    ? tellNftablesVersion(dump.ruleset.tables)
    : tellVersion(signsIn(dump.tables));
}

/** Large nodes have a hundred thousand chains: the names of those that may tell are looked for once. */
const TELLING = [...new Set(SIGNS.map(({ chain }) => chain))];

/** Nearly all chains are those of endpoints, which tell nothing. */
function mayTell(name: string): boolean {
  return !name.startsWith(endpoint.name) && TELLING.some((start) => name.startsWith(start));
}

function signsIn(tables: readonly SavedTable[]): readonly VersionSign[] {
  const telling = new Map<SavedTable, readonly string[]>();
  return SIGNS.flatMap((sign) => {
    const table = tables.find((each) => each.name === sign.table);
    if (table === undefined) return [];
    const names = telling.get(table) ?? [...table.chains.keys()].filter(mayTell);
    telling.set(table, names);
    return findSign(sign, table, names) ?? [];
  });
}

function findSign(
  { chain: name, rule, first = 0, last = Number.POSITIVE_INFINITY }: IptablesSign,
  { chains }: SavedTable,
  names: readonly string[],
): VersionSign | undefined {
  const fits: VersionSign['fits'] = ({ minor }) => minor >= first && minor <= last;
  let looked = 0;
  const isMeant = (chain: string) => (name.endsWith('-') ? chain.startsWith(name) : chain === name);
  for (const chain of names) {
    if (!isMeant(chain)) continue;
    // Names of chains are whatever the text has: they are quoted.
    const what = `chain ${JSON.stringify(chain)}`;
    if (rule === undefined) return { what, line: undefined, fits };
    const line = findLine(chains.get(chain)?.lines ?? [], rule);
    if (line !== undefined) return { what: `a rule of ${what}`, line, fits };
    looked += 1;
    if (looked === LOOKED_AT) return undefined;
  }
  return undefined;
}

function findLine(lines: Iterable<SavedLine>, rule: (text: string) => boolean): number | undefined {
  let looked = 0;
  for (const { line, text } of lines) {
    if (rule(text)) return line;
    looked += 1;
    if (looked === LOOKED_AT) return undefined;
  }
  return undefined;
}

/**
 * The mode of the kube-proxy, or svcgen, that made the rules in the dump of a node, by names that no other mode has; undefined: it has
 * none of them. A node that changes its mode loses the rules of the former one.
 */
export function tellMode(text: string): ProxyMode | undefined {
  if (/^\s{0,8}table ip6? kube-proxy \{|"name": ?"kube-proxy"/m.test(text)) return 'nftables';
  if (/ --match-set KUBE-CLUSTER-IP |^create KUBE-CLUSTER-IP |^Name: KUBE-CLUSTER-IP\r?$/m.test(text))
    return 'ipvs';
  if (text.includes('-A KUBE-PORTALS-CONTAINER ')) return 'userspace';
  return text.includes('KUBE-SERVICES') ? 'iptables' : undefined;
}
