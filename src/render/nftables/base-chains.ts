import { invariant } from '../../diagnostic/invariant.ts';
import type { NftChain, NftRule } from '../../lang/nftables/ruleset.ts';
import type { ChainRow, HookLayout } from './vocabulary.ts';

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
