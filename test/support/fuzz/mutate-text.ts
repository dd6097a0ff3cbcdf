/** Numbers from 0 up to a limit, the same ones for a seed. */
export type Random = (limit: number) => number;

/** Mulberry32: small, and good enough to choose with. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

const MAX_CHANGES = 6;
const MAX_LENGTH = 48 * 1024;

/** What has hurt readers before. */
const NASTY = [
  '',
  ' ',
  '\n',
  '\t',
  '\r',
  '\0',
  '\u0085',
  '\u2028',
  '\ufeff',
  '\ud800',
  '😀',
  '"',
  "'",
  '`',
  '\\',
  '#',
  ':',
  '- ',
  '{',
  '}',
  '[',
  ']',
  '---\n',
  '...\n',
  '&a ',
  '*a ',
  '!!binary ',
  '? ',
  '<<: ',
  '|\n',
  '>-\n',
  '%YAML 1.1\n',
  '{{ x }}',
  '$(X)',
  '__proto__',
  'constructor',
  'null',
  'true',
  '0',
  '-1',
  '1e400',
  '0x1F',
  '65536',
  '4294967296',
  '9007199254740993',
  '99999999999999999999999999',
  '::',
  '::/0',
  '0.0.0.0/0',
  '255.255.255.255',
  '10.0.0.1/33',
  'fe80::1%eth0',
  '!',
  '-j',
  '-g KUBE-SERVICES',
  '-m ',
  'COMMIT\n',
  '*nat\n',
  'jump ',
  'goto ',
  '@',
  'elements = {',
];

/** A text that a few changes have made of some texts of one kind. */
export function mutateText(texts: readonly string[], random: Random): string {
  const pick = (choices: readonly string[]) => choices[random(choices.length)] ?? '';
  let text = shorten(pick(texts), random);
  for (let changes = 1 + random(MAX_CHANGES); changes > 0; changes--)
    text = (random(2) === 0 ? changeLines : changeCharacters)(text, {
      random,
      other: pick(texts),
      nasty: pick(NASTY),
    });
  return text.slice(0, MAX_LENGTH);
}

/** Most lack a stretch of their lines, as what people post does: they are read in less time, too. */
function shorten(text: string, random: Random): string {
  if (random(4) === 0) return text;
  const lines = text.split('\n');
  const length = random(lines.length);
  return lines.toSpliced(random(lines.length - length + 1), length).join('\n');
}

interface Change {
  readonly random: Random;
  readonly other: string;
  readonly nasty: string;
}

function changeCharacters(text: string, { random, other, nasty }: Change): string {
  const at = random(text.length + 1);
  const end = Math.min(text.length, at + 1 + random(random(2) === 0 ? 4 : 200));
  const part = text.slice(at, end);
  const [before, behind] = [text.slice(0, at), text.slice(end)];
  switch (random(8)) {
    case 0:
      return before + behind;
    case 1:
      return before + nasty + part + behind;
    case 2:
      return before + nasty + behind;
    case 3:
      return before + part.repeat(2 + random(random(8) === 0 ? 500 : 4)) + behind;
    case 4:
      return before + String.fromCharCode(random(random(2) === 0 ? 128 : 65_536)) + text.slice(at + 1);
    case 5: {
      const from = random(other.length + 1);
      return before + other.slice(from, from + random(400)) + behind;
    }
    case 6:
      return replaceWord(text, at, nasty);
    default:
      return replaceWord(text, at, wordAt(other, random(other.length + 1)));
  }
}

function replaceWord(text: string, at: number, word: string): string {
  const old = wordAt(text, at);
  const start = text.indexOf(old, Math.max(0, at - old.length));
  return start < 0 ? text : text.slice(0, start) + word + text.slice(start + old.length);
}

/** From a character to the end of its word. */
function wordAt(text: string, at: number): string {
  return /^[\w./-]*/.exec(text.slice(at, at + 200))?.[0] ?? '';
}

function changeLines(text: string, { random, other, nasty }: Change): string {
  const lines = text.split('\n');
  const [at, to] = [random(lines.length), random(lines.length)];
  const line = lines[at] ?? '';
  const others = other.split('\n');
  switch (random(7)) {
    case 0:
      return lines.toSpliced(at, 1 + random(3)).join('\n');
    case 1:
      return lines.toSpliced(to, 0, line).join('\n');
    case 2:
      return lines.with(at, lines[to] ?? '').join('\n');
    case 3:
      return lines.toSpliced(at, 0, others[random(others.length)] ?? '').join('\n');
    case 4:
      return lines.with(at, `${' '.repeat(random(5))}${line.trimStart()}`).join('\n');
    case 5:
      return lines.with(at, line.replace(/[^:\s]+$/, nasty)).join('\n');
    default:
      return lines.toSpliced(at, 0, ...Array.from({ length: random(60) }, () => line)).join('\n');
  }
}
