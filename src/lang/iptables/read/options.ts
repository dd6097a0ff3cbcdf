/** Options of a match module or target: `--dport 80 ! --sport 53 --reap`. */
export interface Option {
  readonly name: string;
  readonly negated: boolean;
  /** Words up to the next option. */
  readonly values: readonly string[];
}

/** undefined: the words do not begin with an option. */
export function readOptions(words: readonly string[]): readonly Option[] | undefined {
  const options: { readonly name: string; readonly negated: boolean; readonly values: string[] }[] = [];
  let negated = false;
  for (const word of words) {
    if (word === '!') {
      negated = true;
    } else if (word.startsWith('--')) {
      options.push({ name: word, negated, values: [] });
      negated = false;
    } else {
      const option = options.at(-1);
      if (option === undefined) return undefined;
      option.values.push(word);
    }
  }
  return negated ? undefined : options;
}

/** The only value of the only option, if that is what there is. */
export function onlyValue(words: readonly string[], name: string): SingleValue | undefined {
  const options = readOptions(words);
  const option = options?.[0];
  const value = option?.values[0];
  if (option?.name !== name || value === undefined) return undefined;
  if (options?.length !== 1 || option.values.length !== 1) return undefined;
  return { value, not: option.negated ? { negated: true } : {} };
}

/** A value, and what to spread into a match for its negation. */
export interface SingleValue {
  readonly value: string;
  readonly not: { readonly negated?: boolean };
}
