import { parseIP } from '../../../model/ip.ts';
import { type Line, lineEnd, lineText, type Stretch } from '../../text/stretch.ts';
import type { RuleAddress, SavedRule, UnreadRules } from '../ruleset.ts';
import { behindChain } from './rule-start.ts';

/** Of a chain without rules. */
export const NONE_UNREAD: UnreadRules<never> = {
  count: 0,
  read: () => {
    throw new RangeError('there is no rule to read');
  },
  addressOf: () => undefined,
  lengthOf: () => 0,
};

/** Finds where rules begin, which is all that is kept of them. @param read makes a rule of its line */
export function unreadRules(
  text: string,
  stretches: readonly Stretch[],
  read: (line: Line) => SavedRule,
): UnreadRules<SavedRule> {
  const [starts, numbers] = [[] as number[], [] as number[]];
  for (const { start, end, line } of stretches) {
    let number = line;
    for (let from = start; from < end; number += 1) {
      starts.push(from);
      numbers.push(number);
      from = lineEnd(text, from) + 1;
    }
  }
  const lineAt = (place: number): Line => {
    const start = starts[place] ?? text.length;
    const end = lineEnd(text, start);
    return { text: lineText(text, start, end), start, number: numbers[place] ?? 0 };
  };
  return {
    count: starts.length,
    read: (place) => read(lineAt(place)),
    addressOf: (place) => addressAt(text, starts[place] ?? text.length),
    lengthOf: (place) => {
      const start = starts[place] ?? text.length;
      return lineEnd(text, start) - start;
    },
  };
}

/** `-s` and `-d` come first where iptables prints a rule. Elsewhere it has to be read. */
function addressAt(text: string, start: number): RuleAddress | undefined {
  let at = behindChain(text, start);
  let ip: string | undefined;
  if (text.startsWith('-s ', at)) {
    const end = wordEnd(text, at + 3);
    ip = onlyIP(text.slice(at + 3, end));
    at = end + 1;
  }
  const destination = text.startsWith('-d ', at)
    ? onlyIP(text.slice(at + 3, wordEnd(text, at + 3)))
    : undefined;
  if (destination !== undefined) return { side: 'destination', ip: destination };
  return ip === undefined ? undefined : { side: 'source', ip };
}

function wordEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && text.charCodeAt(end) > SPACE) end += 1;
  return end;
}

const SPACE = 32;

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`^(${OCTET}(?:\\.${OCTET}){3})(?:/32)?$`);

/** The address of `10.0.0.1/32`, which may be spelled in no other way. */
function onlyIP(word: string): string | undefined {
  const ip = IPV4.exec(word)?.[1];
  if (ip !== undefined || !word.includes(':')) return ip;
  const six = word.endsWith('/128') ? word.slice(0, -'/128'.length) : word;
  return parseIP(six)?.ip === six ? six : undefined;
}
