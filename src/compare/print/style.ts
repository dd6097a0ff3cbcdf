import { escapeText } from '../../diagnostic/escape-text.ts';

/** How a form of output writes what comes from input, so that sentences are written once. */
export interface Style {
  /** A name, an address, a rule: escaped, and set apart where that is usual. */
  readonly value: (text: string) => string;
  /** From what was to what is. */
  readonly arrow: string;
}

/** For a terminal. */
export const plainStyle: Style = { value: escapeText, arrow: '->' };

/** For Markdown, where code is shown as it is: no markup, no HTML, no names that notify anybody. */
export const markdownStyle: Style = { value: codeSpan, arrow: '→' };

/** A fence of more backticks than the text has in a row (CommonMark 0.31, 6.1). */
function codeSpan(text: string): string {
  const escaped = escapeText(text);
  const longest = Math.max(0, ...[...escaped.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = /^`|`$|^ .* $/.test(escaped) ? ' ' : '';
  return escaped === '' ? '(nothing)' : `${fence}${pad}${escaped}${pad}${fence}`;
}
