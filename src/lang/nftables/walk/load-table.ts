import { invariant } from '../../../diagnostic/invariant.ts';
import type {
  NftChain,
  NftDestinationElement,
  NftElement,
  NftReference,
  NftRule,
  NftSet,
  NftVerdictElement,
} from '../ruleset.ts';
import { type ElementIndex, indexElements } from './look-up.ts';

/** A table as builders make it, and what was read from a node. */
export interface RuleTable {
  readonly name: string;
  readonly sets: Iterable<Pick<NftSet, 'name' | 'timeoutSeconds' | 'elements'>>;
  readonly maps: Iterable<RuleMap>;
  readonly chains: Iterable<RuleChain>;
}

export type RuleMap = { readonly name: string } & (
  | { readonly values: 'verdict'; readonly elements: Iterable<NftVerdictElement> }
  | { readonly values: 'destination'; readonly elements: Iterable<NftDestinationElement> }
);

export interface RuleChain extends Omit<NftChain, 'rules'> {
  readonly rules: Iterable<RuleInChain>;
}

export interface RuleInChain extends NftRule {
  readonly line?: number;
  readonly text?: string;
}

/** A table whose sets, maps and chains can be looked up. */
export interface LoadedTable {
  readonly name: string;
  readonly chains: ReadonlyMap<string, RuleChain>;
  readonly setOf: (set: NftReference<NftElement>) => ElementIndex<NftElement>;
  readonly verdictsOf: (map: NftReference<NftVerdictElement>) => ElementIndex<NftVerdictElement>;
  readonly destinationsOf: (map: NftReference<NftDestinationElement>) => ElementIndex<NftDestinationElement>;
  /** Seconds that elements of a set stay, if rules add them. */
  readonly timeoutOf: (set: NftReference<NftElement>) => number | undefined;
}

/** Reads a table once. Rules of chains are made when somebody asks. */
export function loadTable({ name, sets, maps, chains }: RuleTable): LoadedTable {
  const named = {
    sets: new Map<string, ElementIndex<NftElement>>(),
    verdicts: new Map<string, ElementIndex<NftVerdictElement>>(),
    destinations: new Map<string, ElementIndex<NftDestinationElement>>(),
  };
  const timeouts = new Map<string, number>();
  for (const set of sets) {
    named.sets.set(set.name, indexElements(set.elements));
    if (set.timeoutSeconds !== undefined) timeouts.set(set.name, set.timeoutSeconds);
  }
  for (const map of maps) {
    if (map.values === 'verdict') named.verdicts.set(map.name, indexElements(map.elements));
    else named.destinations.set(map.name, indexElements(map.elements));
  }
  return {
    name,
    chains: new Map(Array.from(chains, (chain) => [chain.name, chain])),
    setOf: (set) => find(named.sets, set),
    verdictsOf: (map) => find(named.verdicts, map),
    destinationsOf: (map) => find(named.destinations, map),
    timeoutOf: (set) => (set.kind === 'named' ? timeouts.get(set.name) : undefined),
  };
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
