/**
 * Lines that a terminal or a CI system would obey: with control or bidi characters (newlines end lines), with a workflow
 * command of the GitHub runner (`::name …::`, white space in front of it trimmed), or with `##[name]` and what Azure
 * Pipelines and TeamCity make of it anywhere.
 */
export function obeyedLines(text: string): readonly string[] {
  return text
    .split('\n')
    .filter(
      (line) => /[\p{Cc}\p{Cf}\u2028\u2029]/u.test(line) || /^\s*::.*::/.test(line) || /##\w*\[/.test(line),
    );
}
