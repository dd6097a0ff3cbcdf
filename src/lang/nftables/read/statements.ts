/** A script with each statement on a line of its own, as nft lists it. */
export interface Statements {
  readonly text: string;
  /** The line of the script that a line of the text comes from, both counted from 1. */
  readonly lineOf: (line: number) => number;
}

interface Statement {
  readonly text: string;
  readonly line: number;
}

/** Nobody writes more by hand, and it is looked at character by character. */
const MOST_CHARACTERS = 2 ** 20;

/** What opens a block rather than a set of values; in a chain nothing does: `counter ip daddr { … }` is a rule. */
const BLOCK =
  /^(?:(?:add|create) )?(?:table|chain|set|map|flowtable|counter|quota|limit|secmark|synproxy|ct helper|ct timeout|ct expectation)(?: [^\s{}"]{1,200}){1,2}$/;

/** Says what is to be gone, or makes a table that is opened later: nothing of it is in the end. */
const OF_NO_MATTER =
  /^(?:(?:flush|delete|destroy) (?:table|ruleset)\b|(?:(?:add|create) )?table(?: \S{1,200}){1,2}$)/;

/**
 * Takes a script apart as nft does (src/scanner.l, parser_bison.y, 1.1): statements end with a line or `;`, lines go on behind a
 * backslash and in the braces of sets, and blocks may open and close in one line.
 * @returns undefined: it does not begin with a table, or is too long
 */
export function statementsOf(script: string): Statements | undefined {
  if (script.length > MOST_CHARACTERS) return undefined;
  const all = joinHooks(statementsIn(script));
  const first = all.findIndex(({ text }) => !OF_NO_MATTER.test(text));
  const kept = first < 0 ? [] : all.slice(first);
  if (kept[0]?.text.startsWith('table ') !== true) return undefined;
  return {
    text: `${kept.map(({ text }) => text).join('\n')}\n`,
    lineOf: (line) => kept[line - 1]?.line ?? line,
  };
}

/** Longer is no title of a block. */
const MOST_TITLE = 1000;

function statementsIn(script: string): readonly Statement[] {
  const found: Statement[] = [];
  // Pieces are put together once, when the statement ends: to look at the whole text at each of a million braces takes minutes.
  let pieces: string[] = [];
  let [length, start, line, depth] = [0, 1, 1, 0];
  let isInChain = false;
  const add = (piece: string) => {
    if (length === 0 && piece.trim() === '') return;
    if (length === 0) start = line;
    pieces.push(piece);
    length += piece.length;
  };
  const end = () => {
    const text = pieces.join('').trim();
    if (text !== '') found.push({ text, line: start });
    [pieces, length] = [[], 0];
  };
  for (const part of script.split(/("[^"\n]*"|[{};\n])/)) {
    const title = part === '{' && depth === 0 && length < MOST_TITLE ? oneBlanks(pieces.join('')) : '';
    if (part === '\n') {
      const last = pieces.at(-1) ?? '';
      if (last.endsWith('\\')) pieces.splice(-1, 1, last.slice(0, -1));
      else if (depth > 0) add(' ');
      else end();
      line += 1;
    } else if (part === ';' && depth === 0) end();
    else if (!isInChain && BLOCK.test(title)) {
      const opened = titleOf(title);
      isInChain = opened.startsWith('chain ');
      pieces = [`${opened} {`];
      end();
    } else if (part === '}' && depth === 0) {
      isInChain = false;
      end();
      add(part);
      end();
    } else if (part !== '') {
      depth += part === '{' ? 1 : part === '}' ? -1 : 0;
      add(part);
    }
  }
  end();
  return found;
}

function oneBlanks(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

/** A table without family is one of IPv4. */
function titleOf(text: string): string {
  const title = text.replace(/^(?:add|create) /, '');
  return /^table \S+$/.test(title) ? title.replace('table', 'table ip') : title;
}

const HOOK = /^type \S+ hook /;
const POLICY = /^policy (?:accept|drop)$/;

/** A base chain says in its first line where it hangs, and what becomes of the rest: nft lists it so, wherever a script says it. */
function joinHooks(statements: readonly Statement[]): readonly Statement[] {
  const joined: Statement[] = [];
  let chain: Statement[] = [];
  const endChain = () => {
    const hook = chain.find(({ text }) => HOOK.test(text));
    const policy = hook === undefined ? undefined : chain.findLast(({ text }) => POLICY.test(text));
    if (hook !== undefined)
      joined.push({
        text: `${hook.text};${policy === undefined ? '' : ` ${policy.text};`}`,
        line: hook.line,
      });
    for (const each of chain)
      if (each !== hook && (policy === undefined || !POLICY.test(each.text))) joined.push(each);
    chain = [];
  };
  for (const statement of statements) {
    if (statement.text === '}' || statement.text.endsWith(' {')) {
      endChain();
      joined.push(statement);
    } else chain.push(statement);
  }
  endChain();
  return joined;
}
