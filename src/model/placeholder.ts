import { isJsonObject, type JsonValue } from './json.ts';

/** Words that stand for a value which somebody fills in before a manifest is applied, and what to do about them. */
export interface Placeholder {
  readonly text: string;
  readonly hint: string;
}

const BY_HAND = 'put a value in its place, or give what the script prints that does';

/**
 * How placeholders are written, and who fills them in. Every repetition has an end, and none can begin within what it
 * repeats, so that no text takes long.
 */
const FORMS: readonly { readonly pattern: RegExp; readonly hint: string }[] = [
  {
    pattern: /\{\{[^{}]{1,200}\}\}/,
    hint: 'give what its tool makes of it, e.g. what "helm template CHART" prints',
  },
  {
    pattern: /\$\{[^${}\n]{1,100}\}/,
    hint: 'envsubst and "flux build kustomization" fill in such variables: give what they print',
  },
  {
    // `$(id)`, a word in lower case alone, is a command of a shell to everybody, and no value that waits to be filled in.
    pattern: /\$\((?![a-z]{1,100}\))[A-Za-z_][\w.-]{0,100}\)/,
    hint: '"kubectl kustomize FOLDER" fills in such variables: give what it prints',
  },
  {
    // In lower case it may be a word of a shell, of nginx or of a template: envsubst's variables are in capitals by custom.
    pattern: /\$[A-Z_][A-Z0-9_]{0,100}/,
    hint: 'envsubst fills in such variables: give what it prints',
  },
  {
    pattern: /\(\$[a-z]\w{0,100}\)/,
    hint: 'Chainsaw fills in such bindings when it runs the test',
  },
  // With `#`, variables of Octopus Deploy.
  { pattern: /#?\{[A-Za-z_][\w.-]{0,100}\}/, hint: BY_HAND },
  { pattern: /<[A-Za-z][^<>\n]{0,100}>/, hint: BY_HAND },
  { pattern: /%[A-Za-z_]\w{0,100}%/, hint: BY_HAND },
  { pattern: /@[A-Za-z_]\w{0,100}@/, hint: BY_HAND },
  // Of such characters alone, with which no value of YAML begins: `namespace: %%%`, for sed.
  { pattern: /(?<!\S)(?:%{2,10}|@{2,10})(?!\S)/, hint: BY_HAND },
  { pattern: /__[A-Z][A-Z0-9]{0,100}(?:_[A-Z0-9]{1,100}){0,10}__/, hint: BY_HAND },
  {
    // Words in capitals that ask for a value. Others, such as HTTP_PORT and NODE_PORT, are names and misspelled words as well.
    pattern:
      /\b(?:REPLACE_?ME|CHANGE_?ME|(?:(?:AUTO_?)?REPLACE|CHANGE|YOUR|INSERT|FILLED)(?:_[A-Z0-9]{1,100}){1,10})\b/,
    hint: BY_HAND,
  },
  // A sentence in capitals: "FILLED BY THE OPERATOR". Two words may be two values: `TCP UDP`.
  { pattern: /\b[A-Z]{1,30}(?: [A-Z]{1,30}){2,10}\b/, hint: BY_HAND },
];

/** To YAML, these are comments after a key without a value: `#{NAME}`, `#NAME`, and ytt's `#@ data.values.image`. */
const COMMENT =
  /^:[ \t]{1,20}(#(?:\{[A-Za-z_][\w.-]{0,100}\}|[A-Z][A-Z0-9_]{2,100}(?![\w ])|@ ?[A-Za-z_][\w.]{0,100}))/;

/** A word in capitals, but no spelling of yes or no. */
const WORD = /^(?!(?:YES|NO|ON|OFF)$)[A-Z][A-Z0-9_]{2,100}$/;

/** No value that a placeholder makes wrong is longer. */
const MAX_LENGTH = 2000;

/** The placeholder that a text holds, as a whole or in part; undefined: none. */
export function placeholderIn(text: string): Placeholder | undefined {
  const start = text.slice(0, MAX_LENGTH);
  for (const { pattern, hint } of FORMS) {
    const found = pattern.exec(start)?.[0];
    if (found !== undefined) return { text: found, hint };
  }
  return undefined;
}

/** The same of a value. To YAML, `{NAME}` without quotes is a map with a key and nothing else. */
export function placeholderOf(value: JsonValue | undefined): Placeholder | undefined {
  if (typeof value === 'string') return placeholderIn(value);
  if (!isJsonObject(value)) return undefined;
  const [key, ...others] = Object.keys(value);
  if (key === undefined || others.length > 0 || value[key] !== null) return undefined;
  return placeholderIn(`{${key}}`);
}

/** The same of a value where no text belongs, but a number or a switch: any word in capitals waits for one (`PORT`). */
export function placeholderForNumber(value: JsonValue | undefined): Placeholder | undefined {
  const isWord = typeof value === 'string' && WORD.test(value);
  return isWord ? { text: value, hint: BY_HAND } : placeholderOf(value);
}

const NAME_OF_VALUE = /^[a-z]{2,30}(?:_[a-z]{2,30}){1,5}$/;

/** The same where every name of a value waits for one (`service_name`): elsewhere these are names with a mistake in them. */
export function placeholderInTemplate(value: JsonValue | undefined): Placeholder | undefined {
  const isName = typeof value === 'string' && NAME_OF_VALUE.test(value);
  return isName ? { text: value, hint: BY_HAND } : undefined;
}

/** The placeholder that YAML takes for a comment, in what stands behind a key in its line. */
export function placeholderBehind(key: string): Placeholder | undefined {
  const text = COMMENT.exec(key)?.[1];
  return text === undefined ? undefined : { text, hint: BY_HAND };
}
