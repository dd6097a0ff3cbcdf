/** One thing that a pattern matches once: a character, an escape, a class, a group with all in it. */
interface Atom {
  readonly source: string;
  /** What is in a group: its branches, each a list of atoms. Empty: it is none. */
  readonly branches: readonly (readonly Atom[])[];
}

/** Texts that keep a pattern busy, if anything does: `before`, `pumped` many times, `after`. */
export interface Pump {
  readonly before: string;
  readonly pumped: string;
  readonly after: string;
}

const ENDS = ['', '\u0000', '\n!'];
const CANDIDATES = [
  ...Array.from({ length: 95 }, (_, index) => String.fromCharCode(0x20 + index)),
  '\t',
  '\n',
  '\r',
  '\u0000',
  '\u0085',
  'µ',
  'é',
  '\u2028',
  '\ud800',
  '😀',
];
/** Of each class: a digit, a capital, a letter, a space, a line break, and whatever else comes first. */
const KINDS = [/\d/, /[A-F]/, /[A-Z]/, /[a-f]/, /[a-z]/, / /, /\n/, /[^\w\s]/, /[^\x20-\x7e\n]/];
const MAX_PUMPED = 24;
const MAX_BEFORE = 12;

/** Pumps for a pattern: what each of its parts matches, alone and in sequence, behind each beginning of it. */
export function pumpsFor({ source, flags }: RegExp): readonly Pump[] {
  const branches = parseBranches({ source, at: 0 });
  const inner = branches.flatMap(allAtoms);
  const charactersOf = inner.filter(isPlain).map((atom) => samples(atom, flags));
  const sequences = [...branches, ...inner.flatMap((atom) => atom.branches)].map((atoms) =>
    shortest(atoms, flags),
  );
  const pumped = unique([...sequences, ...charactersOf.flat()]).slice(0, MAX_PUMPED);
  const befores = branches.flatMap((atoms) => [
    '',
    ...atoms.map((_, index) => shortest(atoms.slice(0, index + 1), flags)),
  ]);
  return unique(befores)
    .slice(0, MAX_BEFORE)
    .concat(befores.includes('') ? [] : [''])
    .flatMap((before) =>
      pumped
        .filter((text) => text !== '')
        .flatMap((text) => ENDS.map((after) => ({ before, pumped: text, after }))),
    );
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].filter((text, index) => text !== '' || index === 0);
}

interface Cursor {
  readonly source: string;
  at: number;
}

function parseBranches(cursor: Cursor): readonly (readonly Atom[])[] {
  const branches: Atom[][] = [[]];
  while (cursor.at < cursor.source.length && cursor.source[cursor.at] !== ')') {
    if (cursor.source[cursor.at] === '|') {
      cursor.at += 1;
      branches.push([]);
    } else {
      branches.at(-1)?.push(parseAtom(cursor));
      cursor.at += (/^(?:[*+?]|\{\d*,?\d*\})\??/.exec(cursor.source.slice(cursor.at))?.[0] ?? '').length;
    }
  }
  return branches;
}

const CLASS = /^\[(?:\\.|[^\]\\])*\]/su;
const ESCAPE = /^\\(?:u\{[^}]*\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[pP]\{[^}]*\}|k<[^>]*>|.)/su;
const OPENING = /^\((?:\?(?:[:=!]|<[=!]|<\w+>))?/;

function parseAtom(cursor: Cursor): Atom {
  const rest = cursor.source.slice(cursor.at);
  const opening = OPENING.exec(rest)?.[0];
  if (opening === undefined) {
    const source = (CLASS.exec(rest) ?? ESCAPE.exec(rest) ?? /^./su.exec(rest))?.[0] ?? '';
    cursor.at += source.length;
    return { source, branches: [] };
  }
  cursor.at += opening.length;
  const branches = parseBranches(cursor);
  cursor.at += 1;
  return { source: opening, branches: /[=!]$/.test(opening) ? [] : branches };
}

function allAtoms(atoms: readonly Atom[]): readonly Atom[] {
  return atoms.flatMap((atom) => [atom, ...atom.branches.flatMap(allAtoms)]);
}

function isPlain({ source }: Atom): boolean {
  return !source.startsWith('(') && !/^(?:\^|\$|\\[bB]|\\\d|\\k.*)$/.test(source);
}

/** A few characters that an atom matches, as different as they can be. */
function samples({ source }: Atom, flags: string): readonly string[] {
  const alone = new RegExp(`^(?:${source})$`, flags.replaceAll(/[gym]/g, ''));
  const fitting = CANDIDATES.filter((character) => alone.test(character));
  const found = KINDS.flatMap((kind) => fitting.find((character) => kind.test(character)) ?? []);
  return [...new Set([...found, ...fitting.slice(0, 1)])];
}

/** A text that atoms match one after the other, each once. */
function shortest(atoms: readonly Atom[], flags: string): string {
  return atoms
    .map((atom) => {
      const [branch] = atom.branches;
      if (branch !== undefined) return shortest(branch, flags);
      return isPlain(atom) ? (samples(atom, flags)[0] ?? '') : '';
    })
    .join('');
}
