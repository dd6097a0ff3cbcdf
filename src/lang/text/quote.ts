import { bug } from '../../diagnostic/invariant.ts';

/**
 * The one place where strings become part of text that root runs. Validation has refused whatever these
 * functions refuse, so a refusal here is a bug of ours, not the user's: it stops the program.
 */

/** Printable ASCII without the quote and the backslash, which end or escape a quoted string. */
const COMMENT_CHARACTERS = charactersOf(' !', '#[', ']~');

const MAX_COMMENT_LENGTH = 255;

/** Addresses, CIDRs, host:port pairs, names of chains and interfaces. Nothing that starts like an option. */
const WORD_START = charactersOf('AZ', 'az', '09', '::', '[[');
const WORD_REST = charactersOf('AZ', 'az', '09', '..', '__', '::', '//', '[[', ']]', '++', '--');

/** 1 for each ASCII character that is in one of the ranges, which are told by their first and last characters. */
function charactersOf(...ranges: readonly string[]): Uint8Array {
  const characters = new Uint8Array(128);
  for (const range of ranges) characters.fill(1, range.charCodeAt(0), range.charCodeAt(1) + 1);
  return characters;
}

/** By a loop: there are hundreds of thousands of texts, and a regular expression takes five times as long for each. */
function holdsOnly(characters: Uint8Array, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (characters[text.charCodeAt(index)] !== 1) return false;
  }
  return true;
}

function isWord(text: string): boolean {
  return WORD_START[text.charCodeAt(0)] === 1 && holdsOnly(WORD_REST, text);
}

/** Whether a comment can stand in the text of rules. */
export function isPlainComment(text: string): boolean {
  return text !== '' && text.length <= MAX_COMMENT_LENGTH && holdsOnly(COMMENT_CHARACTERS, text);
}

/**
 * A comment in double quotes, as iptables-restore reads it. xt_comment holds 256 bytes with the final NUL.
 * @throws Error when the text is longer, or holds quotes, backslashes, line breaks or other unusual characters
 */
export function quoteComment(text: string): string {
  if (!isPlainComment(text)) throw bug(`unsafe comment ${JSON.stringify(text)}`);
  return `"${text}"`;
}

/**
 * A word that needs no quotes in iptables-restore text.
 * @throws Error when it would
 */
export function restoreWord(text: string): string {
  if (!isWord(text)) throw bug(`unsafe word ${JSON.stringify(text)}`);
  return text;
}

/** Numbers in groups: all that a program for the kernel is made of. */
const BYTECODE = /^[0-9]+(?:,[0-9]+(?: [0-9]+){3})+$/;

/**
 * A program of `-m bpf --bytecode` in double quotes, as iptables-restore reads it.
 * @throws Error when the text is none
 */
export function quoteBytecode(text: string): string {
  if (!BYTECODE.test(text)) throw bug(`unsafe bytecode ${JSON.stringify(text)}`);
  return `"${text}"`;
}

/**
 * A part of a saved rule that is not understood, as iptables or nft printed it: whatever it is, it stays on its line.
 * @throws Error when they hold control characters
 */
export function plainText(text: string): string {
  if (CONTROL.test(text)) throw bug(`control characters in ${JSON.stringify(text)}`);
  return text;
}

/** What nft reads as one name, in any version: letters, digits and few others. The kernel holds 255 bytes. */
const NFT_IDENTIFIER = /^[A-Za-z][A-Za-z0-9/._-]{0,254}$/;

/** Addresses, CIDRs, `[address]:port`, numbers, names of protocols and interfaces, with `*` for any rest: a word, or one before `*`. */
const NFT_WORD = /^[A-Za-z0-9:[][A-Za-z0-9._:/[\]+-]*\*?$/;

/** What nft takes at most, in bytes. */
export const NFT_COMMENT_LENGTH = 128;

/**
 * The name of a chain, set, map or table of nft, as it is.
 * @throws Error when nft would read it as something else
 */
export function nftIdentifier(text: string): string {
  if (!NFT_IDENTIFIER.test(text)) throw bug(`unsafe name ${JSON.stringify(text)}`);
  return text;
}

/**
 * A word of a rule of nft that needs no quotes.
 * @throws Error when it would
 */
export function nftWord(text: string): string {
  if (!isWord(text) && !NFT_WORD.test(text)) throw bug(`unsafe word ${JSON.stringify(text)}`);
  return text;
}

/**
 * A comment in double quotes, as nft reads it; nft knows no escapes. Longer ones are cut, as kube-proxy 1.37 cuts them.
 * @throws Error when the text holds quotes, backslashes, line breaks or other unusual characters
 */
export function quoteNftComment(text: string): string {
  if (!isPlainComment(text)) throw bug(`unsafe comment ${JSON.stringify(text)}`);
  return `"${text.slice(0, NFT_COMMENT_LENGTH)}"`;
}

/** Names that POSIX shells take for variables. */
const SHELL_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** What an assignment holds without quotes: no shell splits, expands or globs there, and nothing here is special. */
const PLAIN_VALUE = /^[A-Za-z0-9_.:/[\]-]*$/;

/** Control characters: no value of ours has them, and terminals, editors and line-based readers go astray. */
const CONTROL = /\p{Cc}/u;

/** Whether a text can be the name of a shell variable. */
export function isShellName(text: string): boolean {
  return SHELL_NAME.test(text);
}

/**
 * The name of a shell variable, as it is.
 * @throws Error when it is none
 */
export function shellName(text: string): string {
  if (!isShellName(text)) throw bug(`unsafe name of a variable ${JSON.stringify(text)}`);
  return text;
}

/**
 * One word for POSIX shells, always in single quotes, whatever it holds.
 * @throws Error when it holds control characters
 */
export function quoteShell(text: string): string {
  if (CONTROL.test(text)) throw bug(`control characters in ${JSON.stringify(text)}`);
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * One word for fish, in single quotes.
 * @throws Error when it holds control characters
 */
export function quoteFish(text: string): string {
  if (CONTROL.test(text)) throw bug(`control characters in ${JSON.stringify(text)}`);
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

/**
 * `NAME=value` on a line of its own, quoted only where a shell needs it.
 * @throws Error when the name is none, or the value holds control characters
 */
export function shellAssignment(name: string, value: string): string {
  return `${shellName(name)}=${PLAIN_VALUE.test(value) ? value : quoteShell(value)}`;
}

/**
 * A line of `docker run --env-file`, which knows no quotes: the name ends at the first `=`, the value with the line.
 * @throws Error when either would be read as something else
 */
export function envFileLine(name: string, value: string): string {
  if (!/^[A-Za-z0-9_]+$/.test(name)) throw bug(`unsafe name of a variable ${JSON.stringify(name)}`);
  if (CONTROL.test(value)) throw bug(`control characters in ${JSON.stringify(value)}`);
  return `${name}=${value}`;
}

/** Labels of letters, digits, dashes and underscores: nothing that master files or hosts files read otherwise. */
const DOMAIN_NAME =
  /^[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)*$/;

/**
 * A domain name in a master file or hosts file, as it is, without a final dot.
 * @throws Error when it is none
 */
export function domainName(text: string): string {
  if (!DOMAIN_NAME.test(text)) throw bug(`unsafe domain name ${JSON.stringify(text)}`);
  return text;
}

/**
 * A character string of a master file.
 * @throws Error when it is longer than 255 characters, or holds more than printable ASCII, quotes or backslashes
 */
export function quoteZoneText(text: string): string {
  if (!isPlainComment(text)) throw bug(`unsafe text ${JSON.stringify(text)}`);
  return `"${text}"`;
}

/** What nginx reads as one parameter without quotes, and never as a variable. */
const NGINX_WORD = /^[A-Za-z0-9_./:[][A-Za-z0-9_./:[\]=*-]*$/;

/** What nginx reads back from double quotes, with escapes. A `$` cannot be escaped: it would begin a variable. */
const NGINX_TEXT = /^[\t\n -#%-~]*$/;

/** nginx reads a file in pieces of 4096 bytes, and no parameter can be longer than one. */
const NGINX_LENGTH = 4000;

/**
 * The name of a directive of nginx, as it is.
 * @throws Error when it is none
 */
export function nginxDirective(text: string): string {
  if (!/^[a-z_]+$/.test(text)) throw bug(`unsafe directive ${JSON.stringify(text)}`);
  return text;
}

/**
 * One parameter of a directive of nginx, in double quotes where it needs them.
 * @throws Error when it is long, or holds dollar signs, or what is not ASCII, or control characters but tabs and line breaks
 */
export function nginxParameter(text: string): string {
  if (NGINX_WORD.test(text) && text.length <= NGINX_LENGTH) return text;
  const escaped = text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  if (!NGINX_TEXT.test(text) || escaped.length > NGINX_LENGTH) {
    throw bug(`unsafe parameter ${JSON.stringify(text)}`);
  }
  return `"${escaped}"`;
}

/**
 * A comment on a line of its own.
 * @throws Error when the text holds line breaks, quotes or other unusual characters
 */
export function nginxComment(text: string): string {
  if (!isPlainComment(text)) throw bug(`unsafe comment ${JSON.stringify(text)}`);
  return `# ${text}`;
}
