import { isPlainComment } from '../../text/quote.ts';
import { type MatchFamily, type MatchKind, type ModuleReader, NOTHING, test } from './match-kind.ts';

/** `-m comment`: always holds. */
interface CommentMatch {
  readonly kind: 'comment';
  readonly text: string;
}

const COMMENT: MatchKind<CommentMatch> = {
  print: ({ text }, { comment }) => ` -m comment --comment ${comment(text)}`,
  asks: () => NOTHING,
  isExact: ({ text }) => isPlainComment(text),
};

/** Whatever the text is, option-like or not. */
const readComment: ModuleReader<CommentMatch> = ([option, text, ...rest]) => {
  if (option !== '--comment' || text === undefined || rest.length > 0) return undefined;
  return { kind: 'comment', text };
};

/** Read, but not understood: its arguments, as iptables prints them. Builders make none. */
interface UnknownMatch {
  readonly kind: 'unknown';
  readonly text: string;
}

const UNKNOWN: MatchKind<UnknownMatch> = {
  print: ({ text }, { rest }) => ` ${rest(text)}`,
  asks: () => test(() => 'unknown'),
};

/** What decides nothing, and what svcgen cannot decide. */
export type NoteMatch = CommentMatch | UnknownMatch;

/** The same, with all that is known of each. */
export const NOTE_MATCHES: MatchFamily<NoteMatch> = {
  kinds: { comment: COMMENT, unknown: UNKNOWN },
  modules: { comment: readComment },
};
