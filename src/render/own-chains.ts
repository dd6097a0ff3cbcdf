import { IPTABLES_CHAINS } from './iptables/vocabulary.ts';
import { IPVS_CHAINS } from './ipvs/vocabulary.ts';
import {
  CHAINS,
  type ChainMaker,
  type ChainUse,
  type NamedChain,
  type RenderedLayout,
} from './netfilter/chains.ts';
import { USERSPACE_CHAINS } from './userspace/vocabulary.ts';

/** Every chain that svcgen, kube-proxy or a kubelet makes, in any mode, layout or version. */
export const KNOWN_CHAINS: readonly NamedChain[] = [
  CHAINS,
  IPTABLES_CHAINS,
  IPVS_CHAINS,
  USERSPACE_CHAINS,
].flatMap((vocabulary) => Object.values<NamedChain>(vocabulary));

/** The names of the chains that a layout makes in a table whatever it serves, sorted. */
export function fixedChains(table: ChainUse['table'], maker: RenderedLayout): readonly string[] {
  const made = KNOWN_CHAINS.filter(({ uses }) =>
    uses.some((use) => use.table === table && use.by.includes(maker)),
  );
  return fixedNames(made);
}

/** Chains that are known by their names, whatever table they are in. */
export interface ChainNames {
  readonly fixed: readonly string[];
  /** Before a hash of HASH_LENGTH characters. */
  readonly hashedPrefixes: readonly string[];
}

/** Of base32, as in every name that kube-proxy hashes. */
export const HASH_LENGTH = 16;

const OTHERS: readonly ChainMaker[] = ['kube-proxy', 'kubelet'];

/** What the modes and layouts of svcgen make, and no kubelet: kube-proxy's names, and none of those that look alike. */
export const OWN_CHAINS: ChainNames = namesOf(isOwn);

/** All of the above, and what kube-proxy makes besides: its canaries, and what old versions of it made. */
export const KUBE_PROXY_CHAINS: ChainNames = {
  fixed: [...OWN_CHAINS.fixed, ...namesOf(isOtherOfKubeProxy).fixed],
  hashedPrefixes: [...OWN_CHAINS.hashedPrefixes, ...namesOf(isOtherOfKubeProxy).hashedPrefixes],
};

/** Those of them that the kubelet makes, too, with their tables. */
export const KUBELET_CHAINS: readonly (readonly [table: string, chain: string])[] = KNOWN_CHAINS.flatMap(
  ({ name, uses }) =>
    uses.flatMap(({ table, by }) =>
      by.includes('kubelet') && by.length > 1 ? [[table, name] as const] : [],
    ),
);

/** Those that nobody but a kubelet makes: where one is, there is a kubelet. */
export const SIGNS_OF_KUBELET: readonly string[] = KNOWN_CHAINS.filter(({ uses }) =>
  uses.every(({ by }) => by.join() === 'kubelet'),
).map(({ name }) => name);

function makersOf({ uses }: NamedChain): readonly ChainMaker[] {
  return uses.flatMap(({ by }) => by);
}

function isOwn(chain: NamedChain): boolean {
  const makers = makersOf(chain);
  return makers.some((maker) => !OTHERS.includes(maker)) && !makers.includes('kubelet');
}

function isOtherOfKubeProxy(chain: NamedChain): boolean {
  return !isOwn(chain) && makersOf(chain).some((maker) => maker !== 'kubelet');
}

function namesOf(isWanted: (chain: NamedChain) => boolean): ChainNames {
  const wanted = KNOWN_CHAINS.filter(isWanted);
  const prefixes = wanted.filter(({ isHashed }) => isHashed).map(({ name }) => name);
  return { fixed: fixedNames(wanted), hashedPrefixes: prefixes.sort() };
}

function fixedNames(chains: readonly NamedChain[]): readonly string[] {
  return chains
    .filter(({ isHashed }) => isHashed !== true)
    .map(({ name }) => name)
    .sort();
}

/** Whether a chain has one of these names. */
export function isNamed(chain: string, { fixed, hashedPrefixes }: ChainNames): boolean {
  return fixed.includes(chain) || hashedPrefixes.some((prefix) => isHashedName(chain, prefix));
}

const HASH = /^[A-Z2-7]+$/;

function isHashedName(chain: string, prefix: string): boolean {
  return (
    chain.startsWith(prefix) &&
    chain.length === prefix.length + HASH_LENGTH &&
    HASH.test(chain.slice(prefix.length))
  );
}

const BY_NAME: ReadonlyMap<string, NamedChain> = new Map(KNOWN_CHAINS.map((chain) => [chain.name, chain]));

/** What is known of a chain by its name; undefined: it is neither ours nor kube-proxy's nor the kubelet's. */
export function knownChain(name: string): NamedChain | undefined {
  const prefix = name.slice(0, name.lastIndexOf('-') + 1);
  const chain = BY_NAME.get(isHashedName(name, prefix) ? prefix : name);
  return chain?.isHashed && chain.name === name ? undefined : chain;
}

/** What a chain is for in a table. */
export function useIn(table: string, chain: NamedChain | undefined): ChainUse | undefined {
  return chain?.uses.find((use) => use.table === table);
}

/** Whether the rules of a chain may have any order in a layout. */
export function isList(table: string, name: string, layout: RenderedLayout): boolean {
  return useIn(table, knownChain(name))?.isListIn?.includes(layout) === true;
}
