import { invariant } from '../../diagnostic/invariant.ts';
import type { NftChain, NftRule } from '../../lang/nftables/ruleset.ts';
import { type ChainRow, type HookLayout, NFT_CHAINS } from './vocabulary.ts';

/** A base chain of a layout that has it. */
export function baseChain(
  { name, hooks }: ChainRow,
  layout: HookLayout,
  rules: readonly NftRule[],
): NftChain {
  const hook = hooks?.[layout];
  invariant(hook !== undefined, 'a layout has no such base chain');
  return { name, hook, rules };
}

/** Base chains that a table may have left, in whichever layout, of whichever version. */
export const BASE_CHAIN_NAMES: readonly string[] = Object.values<ChainRow>(NFT_CHAINS)
  .filter(({ hooks }) => hooks !== undefined)
  .map(({ name }) => name);
