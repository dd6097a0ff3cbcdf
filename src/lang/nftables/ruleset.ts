import type { IPFamily } from '../../model/cluster.ts';
import type { L4Protocol } from '../packet/l4-protocol.ts';
import type { Checklist } from '../text/checklist.ts';
import type { Items } from '../text/in-parts.ts';
import type {
  AnyElement,
  NftAddressElement,
  NftDestinationElement,
  NftElement,
  NftVerdictElement,
  UnreadElements,
} from './elements/element.ts';
import type { NftField } from './elements/field.ts';
import type { NftKey } from './elements/key.ts';
import type { NftMatch } from './expressions/match.ts';
import type { NftStatement } from './expressions/statement.ts';
import type { NftHook } from './hook.ts';

/**
 * nftables rules as data, enough for both layouts of nftables mode. Builders make them, printers make text of them,
 * walkers follow packets through them: none of these works on text. Names of tables, sets, maps and chains are
 * identifiers of nft; addresses are canonical and of the table's family.
 */

/** A table of family ip or ip6. */
export interface NftTable {
  readonly family: IPFamily;
  readonly name: string;
  readonly comment?: string;
  readonly sets: readonly NftSet[];
  readonly maps: readonly NftMap[];
  /** Base chains that may be there from before, with other hooks: the kernel does not change the hook of one. */
  readonly formerBaseChains: readonly string[];
  /** Yielded one at a time: a ruleset of a million rules is never in memory whole. Base chains come first. */
  readonly chains: Items<NftChain>;
}

/** A named set. */
export interface NftSet {
  readonly name: string;
  readonly comment?: string;
  readonly fields: readonly NftField[];
  /** Rules add elements, which stay for so long when nothing updates them; undefined: none do. */
  readonly timeoutSeconds?: number;
  readonly elements: Items<NftElement>;
}

/** A named map: from key to what happens, or to an address, with a port or without. */
export type NftMap = {
  readonly name: string;
  readonly comment?: string;
  /** The moduli of drawn numbers say nothing here: the rules that ask have their own. */
  readonly key: NftKey;
  /** Its ports, and those of rules that ask it, are of this protocol alone; undefined: of any. */
  readonly protocol?: L4Protocol;
} & (
  | { readonly values: 'verdict'; readonly elements: Items<NftVerdictElement> }
  | { readonly values: 'destination'; readonly elements: Items<NftDestinationElement> }
  | { readonly values: 'address'; readonly elements: Items<NftAddressElement> }
);

export interface NftChain {
  readonly name: string;
  readonly comment?: string;
  /** Makes it a base chain: the kernel runs it itself, and accepts what gets to its end. */
  readonly hook?: NftHook;
  readonly rules: Iterable<NftRule>;
}

/** Statements take effect in their order when all matches hold. A rule without verdict is followed by the next one. */
export interface NftRule {
  readonly matches: readonly NftMatch[];
  readonly statements: readonly NftStatement[];
  readonly comment?: string;
}

/** A table as `nft list ruleset` prints it: of ours or kube-proxy's, or what one family meets of a table of others. */
export interface ListedTable {
  readonly family: IPFamily;
  /** Of others with its family: `inet firewalld`. */
  readonly name: string;
  /** Where it begins. */
  readonly line: number;
  readonly sets: ReadonlyMap<string, ListedSet>;
  readonly chains: ReadonlyMap<string, ListedChain>;
}

/** A named set or map. */
export interface ListedSet {
  readonly name: string;
  readonly line: number;
  /** Of keys and, in maps, of what is there for them: `type ipv4_addr . inet_service : verdict`, or `typeof …`. */
  readonly type: string;
  /** undefined: its type is not known, or not all it holds is read, so nothing can be looked up. */
  readonly contents: ListedContents | undefined;
  /** Why there are no contents although the type is known. */
  readonly unread?: 'too many elements' | 'an element of another form';
  readonly timeoutSeconds?: number;
}

/** Read anew each time that they are asked for: a large dump is never in memory as objects. */
export type ListedContents = {
  /** The same elements as text: most are compared by that alone. */
  readonly lines: Iterable<UnreadElement>;
  /** The same to be told by their texts. */
  readonly checklist: () => Checklist<UnreadElement>;
} & (
  | ({ readonly values: 'none' } & ListedElements<NftElement>)
  | ({ readonly values: 'verdict' } & ListedElements<NftVerdictElement>)
  | ({ readonly values: 'destination' } & ListedElements<NftDestinationElement>)
  | ({ readonly values: 'address' } & ListedElements<NftAddressElement>)
);

interface ListedElements<Element> {
  readonly elements: Iterable<Element & ListedText>;
  /** Those that stand in lines that hold a text. The others are not read, which takes far less time. */
  readonly elementsWith: (words: string) => Iterable<Element & ListedText>;
  /** The same elements, to be found without reading all of them. */
  readonly unread: () => UnreadElements<Element & ListedText>;
}

/** An element that is read when somebody asks for it. */
export interface UnreadElement extends ListedText {
  readonly read: () => AnyElement;
}

export interface ListedChain {
  readonly name: string;
  readonly line: number;
  readonly hook?: NftHook;
  /** Read anew each time that they are asked for. */
  readonly rules: Iterable<ListedRule>;
  /** The same rules as text: most are compared by that alone. */
  readonly lines: Iterable<UnreadRule>;
}

/** A rule that is read when somebody asks for it. */
export interface UnreadRule extends ListedText {
  readonly read: () => ListedRule;
}

/** Something where nft lists it. */
export interface ListedText {
  readonly line: number;
  /** Without handles. */
  readonly text: string;
}

export interface ListedRule extends NftRule, ListedText {}

/** A table of others. */
export interface OtherTable {
  /** `ip`, `inet`, … */
  readonly family: string;
  readonly name: string;
  readonly line: number;
  /** Of its base chains that have rules, or drop what gets to their end. */
  readonly hooks: ReadonlySet<string>;
  /** Its rules as packets of a family meet them; undefined: they meet none, or none that svcgen follows (bridge, netdev). */
  readonly of: (family: IPFamily) => ListedTable | undefined;
  /** Of iptables-nft: kube-proxy's chains of iptables mode are in it. */
  readonly hasIptablesServices: boolean;
}

/** What `nft list ruleset` has printed. */
export interface ListedRuleset {
  readonly tables: readonly ListedTable[];
  readonly others: readonly OtherTable[];
}
