import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { aboutRun } from '../diagnostic/report.ts';
import type { SavedLine, SavedTable, TableName } from '../lang/iptables/ruleset.ts';
import type { SavedRulesCode } from '../lang/text/codes.ts';
import { CHAINS } from '../render/netfilter/chains.ts';
import type { NodeDump } from './node-dump.ts';

/** Minor versions of Kubernetes 1; undefined: this end is open. */
interface VersionRange {
  readonly first?: number;
  readonly last?: number;
}

/** What tells the version of the kube-proxy that made rules of iptables (docs/kube-proxy-versions.md, sections B and I). */
interface VersionSign extends VersionRange {
  readonly table: TableName;
  /** The name of a chain, or how it begins. */
  readonly chain: string;
  /** In one of its first rules; left out: the chain itself tells. */
  readonly rule?: (text: string) => boolean;
}

const { forward, oldExternal, external, localService, sourceRanges, service, proxyFirewall } = CHAINS;

const SIGNS: readonly VersionSign[] = [
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

/** The first whose rules svcgen makes. */
const FIRST_SUPPORTED = 30;

/** Chains of one kind, and rules of a chain, are alike: the first ones tell. */
const LOOKED_AT = 20;

interface FoundSign {
  readonly sign: VersionSign;
  readonly chain: string;
  readonly line: number | undefined;
}

/**
 * A warning when a kube-proxy older than those that svcgen knows made the rules of a node, or several did: then rules differ
 * that do the same. Rules of ipvs mode and of nftables tell nothing here.
 */
export function checkDumpVersion(dump: NodeDump): readonly Diagnostic[] {
  if (dump.kind === 'listed') return [];
  const found = SIGNS.flatMap((sign) => findSign(sign, dump.tables) ?? []);
  const newest = latest(found);
  const oldest = earliest(found);
  if (oldest?.sign.last === undefined) return [];
  if (newest?.sign.first !== undefined && newest.sign.first > oldest.sign.last)
    return [mixed(oldest, newest)];
  return oldest.sign.last < FIRST_SUPPORTED ? [older(oldest, newest)] : [];
}

function findSign(sign: VersionSign, tables: readonly SavedTable[]): FoundSign | undefined {
  const { table, chain: name, rule } = sign;
  const chains = tables.find((each) => each.name === table)?.chains;
  let looked = 0;
  for (const [chain, { lines }] of chains ?? []) {
    if (name.endsWith('-') ? !chain.startsWith(name) : chain !== name) continue;
    if (rule === undefined) return { sign, chain, line: undefined };
    const line = findLine(lines, rule);
    if (line !== undefined) return { sign, chain, line };
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

/** The sign whose first version is the latest. */
function latest(found: readonly FoundSign[]): FoundSign | undefined {
  return found
    .filter(({ sign }) => sign.first !== undefined)
    .reduce<FoundSign | undefined>(
      (best, each) => ((each.sign.first ?? 0) > (best?.sign.first ?? 0) ? each : best),
      undefined,
    );
}

/** The sign whose last version is the earliest. */
function earliest(found: readonly FoundSign[]): FoundSign | undefined {
  return found
    .filter(({ sign }) => sign.last !== undefined)
    .reduce<FoundSign | undefined>(
      (best, each) => (best === undefined || (each.sign.last ?? 0) < (best.sign.last ?? 0) ? each : best),
      undefined,
    );
}

function older(oldest: FoundSign, newest: FoundSign | undefined): Diagnostic {
  return aboutRun<SavedRulesCode>({
    code: 'saved-rules-version',
    severity: 'warning',
    message: `an older kube-proxy made the rules of this node, of Kubernetes ${rangeText({ ...newest?.sign, ...oldest.sign })}: ${signText(oldest)}`,
    hint: `rules differ that do the same: ask "svcgen explain --rules" what they do; svcgen makes those of 1.${FIRST_SUPPORTED} and later`,
  });
}

function mixed(oldest: FoundSign, newest: FoundSign): Diagnostic {
  return aboutRun<SavedRulesCode>({
    code: 'saved-rules-version',
    severity: 'warning',
    message: `kube-proxies of several versions made the rules of this node: Kubernetes ${rangeText({ last: oldest.sign.last })} (${signText(oldest)}), and ${rangeText({ first: newest.sign.first })} (${signText(newest)})`,
    hint: 'rules of an earlier version were left behind, or the text was put together from several nodes: restart kube-proxy, and save the rules again',
  });
}

function rangeText({
  first,
  last,
}: {
  readonly first?: number | undefined;
  readonly last?: number | undefined;
}): string {
  if (first === undefined) return `1.${last} or earlier`;
  if (last === undefined) return `1.${first} or later`;
  return first === last ? `1.${first}` : `1.${first} to 1.${last}`;
}

/** Names of chains are whatever the text has: they are quoted. */
function signText({ chain, line }: FoundSign): string {
  return line === undefined ? `it has the chain ${JSON.stringify(chain)}` : `see line ${line}`;
}
