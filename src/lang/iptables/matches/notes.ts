import { isPlainComment } from '../../text/quote.ts';
import { type MatchKind, type ModuleReader, NOTHING, test } from './match-kind.ts';

/** `-m comment`: always holds. */
export interface CommentMatch {
  readonly kind: 'comment';
  readonly text: string;
}

export const COMMENT: MatchKind<CommentMatch> = {
  print: ({ text }, { comment }) => ` -m comment --comment ${comment(text)}`,
  asks: () => NOTHING,
  isExact: ({ text }) => isPlainComment(text),
};

/** Whatever the text is, option-like or not. */
export const readComment: ModuleReader<CommentMatch> = ([option, text, ...rest]) => {
  if (option !== '--comment' || text === undefined || rest.length > 0) return undefined;
  return { kind: 'comment', text };
};

/** Read, but not understood: its arguments, as iptables prints them. Builders make none. */
export interface UnknownMatch {
  readonly kind: 'unknown';
  readonly text: string;
}

export const UNKNOWN: MatchKind<UnknownMatch> = {
  print: ({ text }, { rest }) => ` ${rest(text)}`,
  asks: () => test(() => 'unknown'),
};
