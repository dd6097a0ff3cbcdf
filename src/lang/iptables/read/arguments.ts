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

/**
 * The words of a line as iptables-restore takes it apart: spaces separate them, double quotes hold them together, and
 * a backslash keeps what follows as it is.
 * @returns undefined when a quote is not closed
 */
export function splitWords(line: string): readonly string[] | undefined {
  if (!line.includes('"') && !line.includes('\\')) return line.split(' ').filter((word) => word !== '');
  const words: string[] = [];
  let word: string | undefined;
  let isQuoted = false;
  for (let index = 0; index < line.length; index += 1) {
    const character = line.charAt(index);
    if (character === '"') {
      isQuoted = !isQuoted;
      word ??= '';
    } else if (character === ' ' && !isQuoted) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      if (character === '\\') index += 1;
      word = (word ?? '') + line.charAt(index);
    }
  }
  if (word !== undefined) words.push(word);
  return isQuoted ? undefined : words;
}

const PLAIN = /^[A-Za-z0-9_./:,@%+=!~[\]{}^#*?<>|()&;$-]+$/;

/** Words as iptables prints them: quoted where iptables-restore would read them as something else. */
export function quoteWords(words: readonly string[]): string {
  return words.map((word) => (PLAIN.test(word) ? word : `"${word.replaceAll(/["\\]/g, '\\$&')}"`)).join(' ');
}
