import { invariant } from '../../../diagnostic/invariant.ts';
import type {
  NftAddressElement,
  NftDestinationElement,
  NftElement,
  NftReference,
  NftVerdictElement,
  UnreadElements,
} from '../elements/element.ts';
import { type ElementIndex, indexElements, indexUnread } from '../elements/element-index.ts';
import type { TableSets } from '../expressions/expression.ts';
import type { ListedTable, NftChain, NftRule, NftSet } from '../ruleset.ts';

/** A table as builders make it, and what was read from a node. */
export interface WalkedTable {
  readonly name: string;
  readonly sets: Iterable<Pick<NftSet, 'name' | 'timeoutSeconds'> & WalkedElements<NftElement>>;
  readonly maps: Iterable<WalkedMap>;
  readonly chains: Iterable<WalkedChain>;
}

export type WalkedMap = { readonly name: string } & (
  | ({ readonly values: 'verdict' } & WalkedElements<NftVerdictElement>)
  | ({ readonly values: 'destination' } & WalkedElements<NftDestinationElement>)
  | ({ readonly values: 'address' } & WalkedElements<NftAddressElement>)
);

interface WalkedElements<Element> {
  readonly elements: Iterable<Element>;
  /** The same where they stand in a text; left out: they were made. */
  readonly unread?: () => UnreadElements<Element>;
}

export interface WalkedChain extends Omit<NftChain, 'rules'> {
  readonly rules: Iterable<WalkedRule>;
  /** The same before they are read; left out: they were made. */
  readonly lines?: Iterable<{ readonly text: string; readonly read: () => WalkedRule }>;
}

export interface WalkedRule extends NftRule {
  readonly line?: number;
  readonly text?: string;
}

/** A table whose sets, maps and chains can be looked up. */
export interface LoadedTable extends TableSets {
  readonly name: string;
  readonly chains: ReadonlyMap<string, WalkedChain>;
}

/** Reads a table once. Rules of chains are made when somebody asks. */
export function loadTable({ name, sets, maps, chains }: WalkedTable): LoadedTable {
  const named = {
    sets: new Map<string, ElementIndex<NftElement>>(),
    verdicts: new Map<string, ElementIndex<NftVerdictElement>>(),
    destinations: new Map<string, ElementIndex<NftDestinationElement>>(),
    addresses: new Map<string, ElementIndex<NftAddressElement>>(),
  };
  const timeouts = new Map<string, number>();
  for (const set of sets) {
    named.sets.set(set.name, indexOf(set));
    if (set.timeoutSeconds !== undefined) timeouts.set(set.name, set.timeoutSeconds);
  }
  for (const map of maps) {
    if (map.values === 'verdict') named.verdicts.set(map.name, indexOf(map));
    else if (map.values === 'address') named.addresses.set(map.name, indexOf(map));
    else named.destinations.set(map.name, indexOf(map));
  }
  return {
    name,
    chains: new Map(Array.from(chains, (chain) => [chain.name, chain])),
    setOf: (set) => find(named.sets, set),
    verdictsOf: (map) => find(named.verdicts, map),
    destinationsOf: (map) => find(named.destinations, map),
    addressesOf: (name) => find(named.addresses, { kind: 'named', name }),
    timeoutOf: (set) => (set.kind === 'named' ? timeouts.get(set.name) : undefined),
  };
}

function indexOf<Element extends NftElement>({
  elements,
  unread,
}: WalkedElements<Element>): ElementIndex<Element> {
  return unread === undefined ? indexElements(elements) : indexUnread(elements, unread);
}

function find<Element extends NftElement>(
  named: ReadonlyMap<string, ElementIndex<Element>>,
  reference: NftReference<Element>,
): ElementIndex<Element> {
  if (reference.kind === 'anonymous') return indexElements(reference.elements);
  const found = named.get(reference.name);
  invariant(found !== undefined, 'a rule asks for a set or map that the table does not have');
  return found;
}

/**
 * A table of a node as packets meet it.
 * @param isMemory whether rules fill a set with the clients that were at an endpoint not long ago: other sets hold what
 * they hold
 */
export function walkedTable(
  { name, sets, chains }: ListedTable,
  isMemory: (set: string) => boolean,
): WalkedTable {
  const walkedSets: (Pick<NftSet, 'name' | 'timeoutSeconds'> & WalkedElements<NftElement>)[] = [];
  const maps: WalkedMap[] = [];
  for (const { name: own, contents, timeoutSeconds } of sets.values()) {
    if (contents === undefined) continue;
    if (contents.values === 'none') {
      const timeout = timeoutSeconds !== undefined && isMemory(own) ? { timeoutSeconds } : {};
      walkedSets.push({ name: own, ...timeout, ...contents });
    } else maps.push({ name: own, ...contents });
  }
  return { name, sets: walkedSets, maps, chains: chains.values() };
}
