/**
 * Paths that `--ignore` names, as in .gitignore: a pattern without a slash matches a name at any depth, one with
 * a slash matches the path below the folder that was given. `*` and `?` stop at slashes, `**` does not; `[abc]`,
 * `[!abc]` and `{a,b}` work as in a shell. A folder that matches is left out with all that it holds.
 */
export interface IgnorePattern {
  readonly pattern: string;
  readonly expression: RegExp;
  readonly matchesWholePath: boolean;
}

/** undefined: not a pattern (an open bracket, say). */
export function parseIgnorePattern(pattern: string): IgnorePattern | undefined {
  const trimmed = pattern.replace(/^\.?\//, '').replace(/\/+$/, '');
  if (trimmed === '') return undefined;
  const matchesWholePath = trimmed.includes('/') || pattern.startsWith('/');
  const expression = globExpression(trimmed);
  return expression === undefined ? undefined : { pattern, expression, matchesWholePath };
}

/** Whether a file or folder is to be left out. `path` is relative to the folder that the user named. */
export function isIgnored(path: string, patterns: readonly IgnorePattern[]): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return patterns.some(({ expression, matchesWholePath }) => expression.test(matchesWholePath ? path : name));
}

const TOKEN = /\*\*\/|\*\*|\*|\?|\[!?\]?[^\]]*\]|[{},\\]|[^*?[{},\\]+|\[/g;

function globExpression(pattern: string): RegExp | undefined {
  let source = '';
  let depth = 0;
  let isEscaped = false;
  for (const token of pattern.match(TOKEN) ?? []) {
    if (token === '[') return undefined;
    source += isEscaped ? escapeRegExp(token) : translate(token, depth > 0);
    if (!isEscaped && token === '{') depth++;
    if (!isEscaped && token === '}' && depth > 0) depth--;
    isEscaped = !isEscaped && token === '\\';
  }
  return depth === 0 && !isEscaped ? compile(`^${source}$`) : undefined;
}

/** undefined: a range the wrong way round, as in `[z-a]`. */
function compile(source: string): RegExp | undefined {
  try {
    return new RegExp(source, 's');
  } catch {
    return undefined;
  }
}

function translate(token: string, isInBraces: boolean): string {
  switch (token) {
    case '**/':
      return '(?:.*/)?';
    case '**':
      return '.*';
    case '*':
      return '[^/]*';
    case '?':
      return '[^/]';
    case '{':
      return '(?:';
    case '}':
      return isInBraces ? ')' : '\\}';
    case ',':
      return isInBraces ? '|' : ',';
    case '\\':
      return '';
    default:
      return token.startsWith('[') ? characterClass(token) : escapeRegExp(token);
  }
}

function characterClass(token: string): string {
  const isNegated = token.startsWith('[!');
  const members = token.slice(isNegated ? 2 : 1, -1).replace(/[\\^[\]]/g, '\\$&');
  return `(?!/)[${isNegated ? '^' : ''}${members}]`;
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
