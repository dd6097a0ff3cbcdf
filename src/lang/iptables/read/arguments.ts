/** Options that lead to the match or target that they begin: `-s`, `--source`; everything else belongs to the last. */
const BEGINNINGS: ReadonlyMap<string, string> = new Map([
  ['-s', '-s'],
  ['--source', '-s'],
  ['--src', '-s'],
  ['-d', '-d'],
  ['--destination', '-d'],
  ['--dst', '-d'],
  ['-i', '-i'],
  ['--in-interface', '-i'],
  ['-o', '-o'],
  ['--out-interface', '-o'],
  ['-p', '-p'],
  ['--protocol', '-p'],
  ['-m', '-m'],
  ['--match', '-m'],
  ['-j', '-j'],
  ['--jump', '-j'],
  ['-g', '-g'],
  ['--goto', '-g'],
  ['-f', '-f'],
  ['--fragment', '-f'],
]);

/** Options whose value can look like an option: it is whatever somebody wrote. */
const FREE_TEXT = new Set(['--comment', '--log-prefix', '--nflog-prefix', '--string', '--bytecode']);

/** A match or a target with what belongs to it. */
export interface ArgumentGroup {
  /** `-s`, `-m`, …; the long spellings are short here. */
  readonly option: string;
  /** `! -s 10.0.0.0/8`. */
  readonly negated: boolean;
  /** The address, interface, protocol, module or target; "" when there is none. */
  readonly value: string;
  /** What follows, up to the next group. */
  readonly rest: readonly string[];
  /** All of it. */
  readonly words: readonly string[];
}

/** Takes the arguments of a rule apart; what comes before the first option that begins something is a group of its own. */
export function groupArguments(words: readonly string[]): readonly ArgumentGroup[] {
  const groups: ArgumentGroup[] = [];
  let start = 0;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (FREE_TEXT.has(word)) index += 1;
    else if (BEGINNINGS.has(word) && index > start) {
      const begins = words[index - 1] === '!' ? index - 1 : index;
      if (begins > start) groups.push(groupOf(words.slice(start, begins)));
      start = begins;
    }
  }
  if (start < words.length) groups.push(groupOf(words.slice(start)));
  return groups;
}

function groupOf(words: readonly string[]): ArgumentGroup {
  const negated = words[0] === '!';
  const [first = '', value = '', ...rest] = negated ? words.slice(1) : words;
  return { option: BEGINNINGS.get(first) ?? first, negated, value, rest, words };
}
