import { invariant } from '../../diagnostic/invariant.ts';
import type { NftChain, NftRule } from '../../lang/nftables/ruleset.ts';
import { BUILT, type ChainRow, type LayoutVersion, NFT_CHAINS } from './vocabulary.ts';

/** A base chain of a layout that has it. */
export function baseChain(
  { name, hooks }: ChainRow,
  layout: LayoutVersion,
  rules: readonly NftRule[],
): NftChain {
  const hook = hooks?.[layout];
  invariant(hook !== undefined, 'a layout has no such base chain');
  return { name, hook, rules };
}

/** Base chains that tables of ours may have left, in whichever layout. */
export const BASE_CHAIN_NAMES: readonly string[] = Object.values<ChainRow>(NFT_CHAINS)
  .filter(({ hooks }) => Object.values(BUILT).some((layout) => hooks?.[layout] !== undefined))
  .map(({ name }) => name);
