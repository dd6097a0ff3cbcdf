import type { Branch, TracedRule } from '../../lang/packet/rules.ts';

/** A kind of rule of ours or kube-proxy's, and what it is for. All that it asks for must be there. */
export interface Meaning {
  /** Of the chain that it is in. */
  readonly chain: RegExp;
  readonly comment?: RegExp;
  /** Of the chain that it leads to. */
  readonly leadsTo?: RegExp;
  /** Of what it does. */
  readonly effect?: RegExp;
  /** Of all of it. */
  readonly text?: RegExp;
  /** `$1` is what the first group of one of these matched. */
  readonly words: string;
}

/** The words, when the rule is of this kind. */
export function wordsFor(
  meaning: Meaning,
  rule: TracedRule,
  { next, effect = '' }: Branch,
): string | undefined {
  const asked: readonly (readonly [RegExp | undefined, () => string])[] = [
    [meaning.chain, () => rule.chain],
    [meaning.comment, () => rule.comment ?? ''],
    [meaning.leadsTo, () => ('chain' in next ? next.chain : '')],
    [meaning.effect, () => effect],
    [meaning.text, rule.text],
  ];
  let group: string | undefined;
  for (const [pattern, textOf] of asked) {
    if (pattern === undefined) continue;
    const match = pattern.exec(textOf());
    if (match === null) return undefined;
    group ??= match[1];
  }
  return meaning.words.replace('$1', () => group ?? '');
}
