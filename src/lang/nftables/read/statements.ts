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

/** What opens a block rather than a set of values. */
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

function statementsIn(script: string): readonly Statement[] {
  const found: Statement[] = [];
  let [text, start, line, depth] = ['', 1, 1, 0];
  const end = (tail = '') => {
    const trimmed = `${text.trim()}${tail}`.trim();
    if (trimmed !== '') found.push({ text: trimmed, line: text.trim() === '' ? line : start });
    text = '';
  };
  for (const part of script.split(/("[^"\n]*"|[{};\n])/)) {
    if (text.trim() === '') start = line;
    if (part === '\n') {
      if (text.endsWith('\\')) text = text.slice(0, -1);
      else if (depth > 0) text += ' ';
      else end();
      line += 1;
    } else if (part === ';' && depth === 0) end();
    else if (part === '{' && depth === 0 && BLOCK.test(oneBlanks(text))) {
      text = titleOf(oneBlanks(text));
      end(' {');
    } else if (part === '}' && depth === 0) {
      end();
      end('}');
    } else {
      depth += part === '{' ? 1 : part === '}' ? -1 : 0;
      text += part;
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

/** A base chain says in one line where it hangs, and what becomes of the rest: nft lists it so. */
function joinHooks(statements: readonly Statement[]): readonly Statement[] {
  const joined: Statement[] = [];
  for (const { text, line } of statements) {
    const last = joined.at(-1);
    const isHook = last !== undefined && /^type \S+ hook /.test(last.text);
    if (isHook && !last.text.includes(' policy ') && /^policy (?:accept|drop)$/.test(text))
      joined.splice(-1, 1, { text: `${last.text} ${text};`, line: last.line });
    else joined.push({ text: /^type \S+ hook /.test(text) ? `${text};` : text, line });
  }
  return joined;
}
