/**
 * What a reader would not see, or what would act on a terminal: control characters (ANSI sequences begin with
 * one), line separators, lone surrogates, spaces other than the plain one, and all that Unicode ignores when it
 * displays text: bidi overrides, zero-width characters, tags, fillers. Emoji style selectors stay.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Zs}]/gu;
const KEPT = new Set([' ', '\ufe0e', '\ufe0f']);
const SHORT = new Map([
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\r', '\\r'],
]);

/**
 * Makes text from input safe to show: one line, without anything that a terminal or a log would obey, and with
 * whatever is invisible spelled out (`\u202e`, `\u{e0041}`). Printable text is unchanged, backslashes included.
 */
export function escapeText(text: string): string {
  return text.replace(INVISIBLE, escapeCharacter);
}

function escapeCharacter(character: string): string {
  if (KEPT.has(character)) return character;
  const short = SHORT.get(character);
  if (short !== undefined) return short;
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}

/** The same in JSON text, whose meaning stays: only strings can hold such characters, and `\\u202e` is `U+202E`. */
export function escapeJson(json: string): string {
  return json.replace(INVISIBLE, (character) => {
    if (KEPT.has(character) || character === '\n') return character;
    return character.split('').map(escapeUnit).join('');
  });
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
