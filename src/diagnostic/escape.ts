/**
 * The one door to whatever reads what svcgen says: terminals, logs of CI systems, Markdown, XML, JSON. (lang/text/quote.ts
 * is the other one: to rules and scripts.) Every function here takes text from input as it is, and makes it harmless.
 */

/** Nearly all text: nothing in it is invisible, and each character takes one cell of a terminal. */
const PLAIN = /^[\x20-\x7e]*$/;

/** Whether a text is ASCII that can be seen. */
export function isPlain(text: string): boolean {
  return PLAIN.test(text);
}

/**
 * What a reader would not see, or what would act on a terminal: control characters (ANSI sequences begin with
 * one), line separators, lone surrogates, spaces other than the plain one, and all that Unicode ignores when it
 * displays text: bidi overrides, zero-width characters, tags, fillers. Emoji style selectors stay. V8 takes a millisecond to
 * make these sets of characters, which is why they are made only when a text is not plain.
 */
function invisible(): RegExp {
  return /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Zs}]/gu;
}

const KEPT = new Set([' ', '\ufe0e', '\ufe0f']);
const SHORT = new Map([
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\r', '\\r'],
]);

/**
 * `##[error]` of the GitHub runner (actions/runner src/Runner.Common/ActionCommand.cs), `##vso[…]` of Azure Pipelines,
 * `##teamcity[…]`: obeyed anywhere in a line.
 */
const LOG_COMMAND = /##(?=\w*\[)/g;

/** `::error::` of the GitHub runner: obeyed where a line begins with it, white space in front of it or not. */
const LINE_COMMAND = /^([^\S\n]*):(?=:)/gm;

/**
 * Makes text from input safe to show: one line, without anything that a terminal or a log would obey, and with
 * whatever is invisible spelled out (`\u202e`, `\u{e0041}`). Other text is unchanged, backslashes included.
 */
export function escapeText(text: string): string {
  const visible = isPlain(text) ? text : text.replace(invisible(), escapeCharacter);
  return splitLogCommands(visible);
}

function escapeCharacter(character: string): string {
  if (KEPT.has(character)) return character;
  const short = SHORT.get(character);
  if (short !== undefined) return short;
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}

/**
 * Lines that are made of escaped text and our own: none of them begins a command of a CI system, nor do parts that are
 * harmless on their own make one together.
 */
export function guardLines(lines: string): string {
  return splitLogCommands(lines.replace(LINE_COMMAND, '$1\\u003a'));
}

/** Text in double quotes of JSON or YAML, where `\u0023` is `#`: no command of a CI system is left in it. */
export function splitLogCommands(text: string): string {
  return text.replace(LOG_COMMAND, '#\\u0023');
}

/** The name of a file, where a line may begin with it: one that would begin a command stands in its folder, `./::x`. */
export function escapePath(path: string): string {
  return escapeText(/^[\s:]/.test(path) ? `./${path}` : path);
}

/** JSON text whose meaning stays: only strings can hold what is escaped, and there `\\u202e` is `U+202E`. */
export function escapeJson(json: string): string {
  const visible = json.replace(invisible(), (character) => {
    if (KEPT.has(character) || character === '\n') return character;
    return character.split('').map(escapeUnit).join('');
  });
  return splitLogCommands(visible);
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The message of a workflow command of GitHub, lines and all: it is escaped as `@actions/core` does. */
export function escapeGithubMessage(lines: readonly string[]): string {
  return escapeGithubData(lines.map(escapeText).join('\n'));
}

/** A property of a workflow command of GitHub. */
export function escapeGithubProperty(text: string): string {
  return escapeText(escapeGithubData(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

function escapeGithubData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/**
 * A code span of Markdown, where text is shown as it is: no markup, no HTML, no names that notify anybody. Its fence has
 * more backticks than the text has in a row (CommonMark 0.31, 6.1).
 */
export function markdownCode(text: string): string {
  const escaped = escapeText(text);
  let longest = 0;
  for (const [run] of escaped.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const fence = '`'.repeat(longest + 1);
  const pad = /^`|`$|^ .* $/.test(escaped) ? ' ' : '';
  return escaped === '' ? '(nothing)' : `${fence}${pad}${escaped}${pad}${fence}`;
}

const ENTITIES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
]);

/**
 * Text of an element or an attribute in double quotes (XML 1.0, 2.2 and 2.4). Readers of test reports print it to their
 * logs, so it is escaped like text for a terminal.
 */
export function escapeXml(text: string): string {
  return escapeText(text).replace(
    /[&<>"]|[\ufffe\uffff]/g,
    (character) => ENTITIES.get(character) ?? '\ufffd',
  );
}

/**
 * Text in double quotes of Mermaid, spelled with its entity codes (`#35;`). Only what is plain in every context stays: `%%{` would be
 * a directive even in quotes, a backtick begins Markdown, and three of them would end the block of a comment on GitHub.
 */
export function escapeMermaid(text: string): string {
  return escapeText(text).replace(
    /[^\p{L}\p{N} .,:/=()*+_'-]/gu,
    (character) => `#${character.codePointAt(0)};`,
  );
}

/**
 * Text in double quotes of DOT (Graphviz): without its escapes (`\N`), without entities of HTML, which it reads too, and without
 * characters that the SVG which it draws must not have.
 */
export function escapeDot(text: string): string {
  return escapeText(text)
    .replaceAll(/[\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"');
}
