import type { IPFamily } from '../../../model/cluster.ts';
import type { ListedContents, NftElement, NftReference } from '../ruleset.ts';
import { takeAs, takeBraced, type Words } from './words.ts';

/** What a rule can refer to. */
export interface RuleScope {
  readonly family: IPFamily;
  /** What the table has under a name, if that is understood. */
  readonly valuesOf: (name: string) => ListedContents['values'] | undefined;
}

/** Reads `@NAME` or `{ … }`. */
export function takeReference<Element extends NftElement>(
  words: Words,
  takeElement: (words: Words) => Element | undefined,
  isNamed: (name: string) => boolean,
): NftReference<Element> | undefined {
  const name = takeAs(words, (word) => (word.startsWith('@') ? word.slice(1) : undefined));
  if (name !== undefined) return isNamed(name) ? { kind: 'named', name } : undefined;
  const elements = takeBraced(words, takeElement);
  return elements === undefined ? undefined : { kind: 'anonymous', elements };
}
