import { statementsOf } from './statements.ts';

/** Turns a script for `nft -f` that defines tables, as people keep it in /etc/nftables.conf, into what nft lists once it is loaded. */

/** A script, read. */
export interface NftScript {
  readonly text: string;
  /** Where a line of the text stands in the script. */
  readonly lineOf: (line: number) => number;
  /** What it includes, which is not known: lines and names of files. */
  readonly includes: readonly { readonly line: number; readonly file: string }[];
}

/** What only people write: blocks that have something behind what opens them, or the policy of a chain on a line of its own. */
const IS_DENSE =
  /^(?:[ \t]{0,99}(?:add |create )?(?:table|chain|set|map)(?: [^\s{}"]{1,99}){1,2} ?\{[ \t]{0,99}[^\s#]|[ \t]{0,99}policy (?:accept|drop);?[ \t]{0,99}$|[ \t]{0,99}add table )/m;

/** What nft lists may be of any length: to look for that there would take time. */
const MOST_DENSE = 2 ** 20;

/** What only scripts begin with, or say. */
const IS_SCRIPT = /^(?:#!\S{1,99}\bnft\b|flush ruleset\b|[ \t]{0,99}(?:re)?define[ \t]+\w{1,64}[ \t]*=)/m;

/** Longer values stay names. */
const MOST_VALUE = 4096;

/** More uses of names stay as they are: scripts have a few hundred. */
const MOST_USES = 10_000;

/** @returns undefined: it is no script */
export function readScript(text: string): NftScript | undefined {
  if (!IS_SCRIPT.test(text) && (text.length > MOST_DENSE || !IS_DENSE.test(text))) return undefined;
  const values = new Map<string, string>();
  const includes: { line: number; file: string }[] = [];
  const lines = text.split('\n');
  const budget = { uses: MOST_USES };
  const read: string[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = withoutComment(lines[index] ?? '');
    const [, name, start = ''] = /^\s*(?:re)?define\s+(\w+)\s*=(.*)$/.exec(line) ?? [];
    const [, file] = /^\s*include\s+"([^"]*)"/.exec(line) ?? [];
    if (file !== undefined) includes.push({ line: index + 1, file });
    if (name === undefined) {
      read.push(
        file === undefined && line.trim() !== 'flush ruleset' ? listed(expanded(line, values, budget)) : '',
      );
      continue;
    }
    const { value, last } = valueAt(lines, index, start);
    for (let at = index; at <= last; at += 1) read.push('');
    index = last;
    const whole = expanded(value, values, budget);
    if (whole.length <= MOST_VALUE) values.set(name, whole);
  }
  const plain = read.join('\n');
  const statements = statementsOf(plain);
  if (statements === undefined) return { text: plain, lineOf: (line) => line, includes };
  // A set over several lines is in one now.
  return { text: statements.text.split('\n').map(listed).join('\n'), lineOf: statements.lineOf, includes };
}

/** A value may go on: in braces, or behind a backslash. */
function valueAt(lines: readonly string[], first: number, start: string) {
  let value = start.trim();
  let last = first;
  const isOpen = () => value.endsWith('\\') || value.split('{').length > value.split('}').length;
  while (isOpen() && value.length <= MOST_VALUE && last + 1 < lines.length) {
    last += 1;
    value = `${value.replace(/\\$/, '')} ${withoutComment(lines[last] ?? '').trim()}`;
  }
  return { value: value.trim(), last };
}

/** The first line of a script is a comment, too. */
function withoutComment(line: string): string {
  const parts = line.split('"');
  const index = parts.findIndex((part, at) => at % 2 === 0 && part.includes('#'));
  if (index < 0) return line;
  const part = parts[index] ?? '';
  return [...parts.slice(0, index), part.slice(0, part.indexOf('#'))].join('"').trimEnd();
}

/** `$NAME` with what it stands for; a set in a set is part of it. */
function expanded(line: string, values: ReadonlyMap<string, string>, budget: { uses: number }): string {
  if (!line.includes('$')) return line;
  return outsideTexts(line, (part) =>
    part.replace(/([{,]\s{0,9})?\$(\w{1,64})/g, (used: string, before: string | undefined, name: string) => {
      const value = values.get(name);
      budget.uses -= 1;
      if (value === undefined || budget.uses < 0) return used;
      return `${before ?? ''}${before === undefined ? value : value.replace(/^\{(.*)\}$/, '$1').trim()}`;
    }),
  );
}

/** What people write for people, comments and prefixes of logs, stays as it is. */
function outsideTexts(line: string, change: (part: string) => string): string {
  const parts = line.split(/\b((?:comment|prefix)[ \t]{1,9}"[^"]*")/);
  return parts.map((part, index) => (index % 2 === 0 ? change(part) : part)).join('');
}

const NAME = /^[A-Za-z][\w.@-]*\*?$/;

/** As nft lists it: without a comma behind the last one of a set, and with names of interfaces in quotes. */
function listed(line: string): string {
  return outsideTexts(line, (part) => quoted(part.replace(/,\s{0,99}\}/g, ' }')));
}

function quoted(line: string): string {
  return line.replace(
    /\b([io]ifname|[io]if) (!= )?(\{[^{}]{1,999}\}|[A-Za-z][\w.@*-]{0,99})/g,
    (all: string, key: string, not = '', names = '') => {
      if (names === 'vmap') return all;
      return `${key} ${not}${names.replace(/[^\s{},]+/g, (name: string) => (NAME.test(name) ? `"${name}"` : name))}`;
    },
  );
}
