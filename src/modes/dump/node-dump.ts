import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { invariant } from '../../diagnostic/invariant.ts';
import type { SavedTable } from '../../lang/iptables/ruleset.ts';
import { iptablesFirewall } from '../../lang/iptables/walk/firewall.ts';
import { NOTHING_SAVED, type SavedIPVS } from '../../lang/ipvs/ruleset.ts';
import { savedHost } from '../../lang/ipvs/saved-host.ts';
import { FAMILIES } from '../../lang/nftables/family.ts';
import { printNftRule } from '../../lang/nftables/print/print-rule.ts';
import type { ListedRuleset, OtherTable } from '../../lang/nftables/ruleset.ts';
import { nftablesFirewall } from '../../lang/nftables/walk/firewall.ts';
import { walkedTable } from '../../lang/nftables/walk/load-table.ts';
import type { Host } from '../../lang/packet/host.ts';
import type { Firewall } from '../../lang/packet/rules.ts';
import type { IPFamily } from '../../model/cluster.ts';
import { CHAINS } from '../../render/netfilter/chains.ts';
import { DUMMY_SETS } from '../../render/netfilter/sets.ts';
import { isAffinitySet } from '../../render/nftables/known-names.ts';
import { USERSPACE_CHAINS } from '../../render/userspace/vocabulary.ts';
import { printIptablesRule } from '../iptables-rules.ts';
import { nodeLocalDNS } from './tell/node-local-dns.ts';

/** The dump of a node: what its own tools printed about its rules, read. */
export type NodeDump = SavedDump | ListedDump;

/** By `iptables-save`, beside which there may be what `ipset save` and `ipvsadm --save --numeric` printed. */
export interface SavedDump {
  readonly kind: 'saved';
  /** Of several saves, a table can be there more than once: the kernel asks all of them. */
  readonly tables: readonly SavedTable[];
  readonly ipvs: SavedIPVS;
  /** What `nft list ruleset` printed beside them. */
  readonly listed?: ListedRuleset;
  /** What reading took for granted: whole sentences. */
  readonly remarks?: readonly string[];
  /** The first line that stands for rules that are left out; undefined: there is none. */
  readonly leftOut?: number | undefined;
  /** Some tables are put together from what `iptables -S`, `iptables -L` or a search printed. */
  readonly isGathered?: boolean;
}

/** By `nft list ruleset`. */
export interface ListedDump {
  readonly kind: 'listed';
  readonly ruleset: ListedRuleset;
  /** What reading took for granted: whole sentences. */
  readonly remarks?: readonly string[];
  /** The first line that stands for rules that are left out; undefined: there is none. */
  readonly leftOut?: number | undefined;
}

export interface ReadDump<Dump extends NodeDump = NodeDump> {
  readonly dump: Dump;
  /** What is wrong with the text. */
  readonly diagnostics: readonly Diagnostic[];
  /** There is more of something than is read of it. */
  readonly isTooLarge?: boolean;
}

/** The part of a dump that has the Services: in nftables mode, a node has rules of iptables too, at least the kubelet's. */
export function servicesIn(dump: NodeDump): NodeDump {
  if (dump.kind === 'listed' || dump.listed === undefined || dump.listed.tables.length === 0) return dump;
  return { kind: 'listed', ruleset: dump.listed, leftOut: dump.leftOut };
}

/**
 * The rules of a node, as packets of a family meet them. At one place, the kernel runs first what was made last, which no text
 * tells of rules that were saved and rules that were listed: firewalls are there from the start of a node, and
 * kube-proxy's own table is not.
 */
export function dumpFirewall(dump: NodeDump, family: IPFamily, host: Host): Firewall {
  if (dump.kind === 'listed') return listedFirewall(dump.ruleset, family, host);
  const saved = iptablesFirewall(dump.tables, host, printIptablesRule);
  if (dump.listed === undefined) return saved;
  const listed = listedFirewall(withoutSaved(dump.listed, dump.tables, family), family, host);
  const inOrder = servicesIn(dump).kind === 'listed' ? [listed, saved] : [saved, listed];
  return { baseChains: (hook) => inOrder.flatMap((each) => each.baseChains(hook)) };
}

/**
 * The same rules as a kernel runs them where the tables of iptables-legacy and iptables-nft were made in the other order: of two
 * at one hook and priority, those that were made last come first (nf_hook_entries_grow), and no text tells which.
 * @returns undefined: there are no two tables of one name
 */
export function withOtherOrder(dump: NodeDump): NodeDump | undefined {
  if (dump.kind === 'listed') return undefined;
  const isTwice = dump.tables.some(
    ({ name, variant }, index) =>
      variant !== undefined && dump.tables.findIndex((each) => each.name === name) < index,
  );
  return isTwice ? { ...dump, tables: dump.tables.toReversed() } : undefined;
}

/** Of chains at one place, the kernel runs first what was made last (nf_hook_entries_grow), and nft lists that last. */
function listedFirewall({ tables, others }: ListedRuleset, wanted: IPFamily, host: Host): Firewall {
  const own = tables.filter(({ family }) => family === wanted);
  const ofOthers = others.flatMap((table) => table.of(wanted) ?? []);
  const firewalls = [...own, ...ofOthers]
    .sort((a, b) => b.line - a.line)
    .map((table) => {
      const isMemory = own.includes(table) ? isAffinitySet : () => false;
      return nftablesFirewall(walkedTable(table, isMemory), host, (rule) =>
        printNftRule(rule, FAMILIES[wanted]),
      );
    });
  return { baseChains: (hook) => firewalls.flatMap((each) => each.baseChains(hook).toReversed()) };
}

/** Without the tables of iptables-nft whose rules were saved too: nft lists the same chains, with as many rules. */
function withoutSaved(
  { tables, others }: ListedRuleset,
  saved: readonly SavedTable[],
  family: IPFamily,
): ListedRuleset {
  const isSaved = (other: OtherTable) => {
    const listed = other.family === FAMILIES[family] ? other.of(family) : undefined;
    return saved.some(
      ({ name, chains }) =>
        listed !== undefined &&
        other.name === name &&
        [...listed.chains.values()].every(
          (chain) =>
            chains.has(chain.name) &&
            countItems(chain.rules) === countItems(chains.get(chain.name)?.lines ?? []),
        ),
    );
  };
  return { tables, others: others.filter((other) => !isSaved(other)) };
}

/** How many there are: they are gone through. */
export function countItems(items: Iterable<unknown>): number {
  let number = 0;
  for (const _ of items) number += 1;
  return number;
}

/** What rules can ask of a node that has these addresses, as far as its dump says. */
export function dumpHost(dump: NodeDump, nodeIPs: readonly string[]): Host {
  const caches = dump.kind === 'saved' ? nodeLocalDNS(dump.tables) : [];
  return savedHost(dump.kind === 'saved' ? dump.ipvs : NOTHING_SAVED, {
    nodeIPs: [...nodeIPs, ...caches.map(({ ip }) => ip)],
    addressSets: DUMMY_SETS,
  });
}

/**
 * The dump of a mode whose rules are those of iptables, to compare with. A node may have tables of both variants: kube-proxy's are
 * those with its chains. Where both have such, nobody knows; where none has, it does not matter.
 */
export function savedDump(dump: NodeDump): SavedDump {
  invariant(dump.kind === 'saved', 'rules of iptables are compared with what iptables-save prints');
  const ours = new Set(dump.tables.filter(isOfProxy).map(({ variant }) => variant));
  const [only = dump.tables[0]?.variant] = ours;
  if (ours.size > 1 || only === undefined) return dump;
  return {
    ...dump,
    tables: dump.tables.filter(({ variant }) => variant === undefined || variant === only),
  };
}

/** Those where kube-proxy's other chains begin, in each mode. */
const { portalsOfContainers, portalsOfHost } = USERSPACE_CHAINS;
const ENTRIES = [CHAINS.services, portalsOfContainers, portalsOfHost].map(({ name }) => name);

function isOfProxy({ chains }: SavedTable): boolean {
  return ENTRIES.some((chain) => chains.has(chain));
}

/** The dump of a mode whose rules are those of nftables. */
export function listedDump(dump: NodeDump): ListedDump {
  invariant(dump.kind === 'listed', 'rules of nftables are compared with what nft prints');
  return dump;
}
