import { bug } from '../diagnostic/invariant.ts';

/**
 * The one place where strings become part of text that root runs. Validation has refused whatever these
 * functions refuse, so a refusal here is a bug of ours, not the user's: it stops the program.
 */

/** Printable ASCII without the quote and the backslash, which end or escape a quoted string. */
const COMMENT = /^[ !#-[\]-~]{1,255}$/;

/** Addresses, CIDRs, host:port pairs, names of chains and interfaces. Nothing that starts like an option. */
const WORD = /^[A-Za-z0-9:[][A-Za-z0-9._:/[\]+-]*$/;

/**
 * A comment in double quotes, as iptables-restore reads it. xt_comment holds 256 bytes with the final NUL.
 * @throws Error when the text is longer, or holds quotes, backslashes, line breaks or other unusual characters
 */
export function quoteComment(text: string): string {
  if (!COMMENT.test(text)) throw bug(`unsafe comment ${JSON.stringify(text)}`);
  return `"${text}"`;
}

/**
 * A word that needs no quotes in iptables-restore text.
 * @throws Error when it would
 */
export function restoreWord(text: string): string {
  if (!WORD.test(text)) throw bug(`unsafe word ${JSON.stringify(text)}`);
  return text;
}
