import { lineEnd } from './stretch.ts';

/** Where signs are looked for: what a terminal, a browser or a logger does to a text, it does from the beginning on. */
const SAMPLE = 65_536;

const ESCAPE = '\u001b';

/** What a terminal is told beside the text, behind ESCAPE (ECMA-48: CSI and OSC; ECMA-35: sets of characters, as `tput sgr0` sends). */
const SEQUENCE = /^(?:[()][0-9A-Z]|\[[0-9;?]{0,30}[A-Za-z]|\]\P{Cc}{0,1000}(?:\p{Cc}|$))/u;

const ENTITIES: Readonly<Record<string, string>> = { quot: '"', gt: '>', lt: '<', amp: '&', '#39': "'" };

/**
 * What stands in front of every line: marks of quotations and of diffs, numbers of `cat -n` and `grep -n`, times of
 * `kubectl logs --timestamps` and of syslog.
 */
const PREFIXES = [
  /^> ?/,
  /^\+ ?/,
  /^ {0,8}\d{1,7}(?:[\t:] ?| {2})/,
  /^\d{4}-\d\d-\d\dT[\d:.]{8,20}Z /,
  /^[A-Z][a-z]{2} [ \d]\d [\d:]{8} \S{1,100} \S{1,100}: /,
];

/** A line that begins rules, whichever tool printed them, behind something else. */
const BEGINNING =
  /^(.{1,80}?)(?:\*(?:raw|mangle|nat|filter|security)\r?$|Chain \S{1,40} \(|table (?:ip6?|inet) \S{1,80} \{)/m;

/**
 * The text of a node as its tools printed it, where it has been copied from a terminal with colours, from a page with entities, typographic
 * quotes or spaces that do not break, or with something in front of every line. Lines keep their numbers.
 */
export function unpastedText(text: string): string {
  const sample = text.slice(0, SAMPLE);
  let plain = text;
  // In the middle of a rule it is part of that, and is shown as what it is.
  if (`\n${sample}`.includes(`\n${ESCAPE}`)) plain = withoutSequences(plain);
  if (/--comment &quot;|-&gt;/.test(sample))
    plain = plain.replace(/&(quot|gt|lt|amp|#39);/g, (entity, name: string) => ENTITIES[name] ?? entity);
  if (sample.includes('\u00a0')) plain = plain.replaceAll('\u00a0', ' ');
  if (/[\u201c\u201d]/.test(sample)) plain = plain.split('\n').map(withPlainQuotes).join('\n');
  const before = BEGINNING.exec(plain.slice(0, SAMPLE))?.[1] ?? '';
  const prefix = PREFIXES.find((each) => each.exec(before)?.[0] === before);
  if (prefix === undefined) return plain;
  return plain
    .split('\n')
    .map((line) => line.replace(prefix, ''))
    .join('\n');
}

/** A page that changes quotes changes all of them: beside plain ones, the others are part of a comment. */
function withPlainQuotes(line: string): string {
  return line.includes('"') ? line : line.replace(/[\u201c\u201d]/g, '"');
}

/** The first part of what stands before ESCAPE is text as it is; each other part begins with a sequence. */
function withoutSequences(text: string): string {
  return text
    .split(ESCAPE)
    .map((part, index) => (index === 0 ? part : part.replace(SEQUENCE, '')))
    .join('');
}

/** How people write that they have left something out. */
const ELISION = /^(?:#+ ?)?[[(<]?(?:\.{3,}|…|snip(?:ped)?|omitted|truncated|cut)[\])>]?$/i;

/** Whether a line stands for others that are left out: `[...]`, `<snip>`. */
export function isElision(line: string): boolean {
  return ELISION.test(line);
}

/** The first line that does so as a comment, which readers of rules pass over; undefined: none does. */
export function elidedComment(text: string): number | undefined {
  for (let at = text.indexOf('\n#'); at >= 0; at = text.indexOf('\n#', at + 1))
    if (isElision(text.slice(at + 1, lineEnd(text, at + 1)).trim()))
      return text.slice(0, at + 1).split('\n').length;
  return undefined;
}
