import type { Range } from './place.ts';
import type { Problem } from './problem.ts';

/** Strings, and the characters that give JSON its structure. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],]/gs;

/** The keys of an object that is open, or that a list is. */
type Open = Map<string, Range> | 'list';

/** Keys that stand twice in one object of text that JSON.parse has accepted: it keeps the last and says nothing. */
export function findDuplicateKeys(text: string): Problem[] {
  const problems: Problem[] = [];
  const open: Open[] = [];
  let expectsKey = false;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const innermost = open.at(-1);
    if (token === '{') open.push(new Map());
    else if (token === '[') open.push('list');
    else if (token === '}' || token === ']') open.pop();
    else if (token !== ',' && expectsKey && innermost instanceof Map) {
      problems.push(...noteKey(innermost, token, { start: index, end: index + token.length }));
    }
    expectsKey = token === '{' || (token === ',' && innermost instanceof Map);
  }
  return problems;
}

function noteKey(keys: Map<string, Range>, token: string, range: Range): Problem[] {
  const name = String(JSON.parse(token));
  const first = keys.get(name);
  if (first === undefined) keys.set(name, range);
  return first === undefined ? [] : [duplicateKey(name, range, first)];
}

/** The key `name` at `range` stands in its map already, at `first`. */
export function duplicateKey(name: string, range: Range, first: Range): Problem {
  return {
    code: 'duplicate-key',
    severity: 'warning',
    message: `the key ${JSON.stringify(name)} stands twice in this map: only the last one counts`,
    hint: 'remove one of the two',
    range,
    related: { message: 'the first one', range: first },
  };
}
