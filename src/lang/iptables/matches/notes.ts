import { unknownMatch } from '../../packet/holds.ts';
import { isPlainComment } from '../../text/quote.ts';
import { onlyValue } from '../read/options.ts';
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

/** `-m nfacct`: counts the packet, and always holds. The kernel has the counter already, or refuses the rule. */
interface CounterMatch {
  readonly kind: 'counter';
  readonly name: string;
}

const COUNTER: MatchKind<CounterMatch> = {
  print: ({ name }, { word }) => ` -m nfacct --nfacct-name ${word(name)}`,
  asks: () => NOTHING,
  isExact: ({ name }) => /^\w+$/.test(name),
};

const readCounter: ModuleReader<CounterMatch> = (words) => {
  const option = onlyValue(words, '--nfacct-name');
  return option === undefined || option.not.negated ? undefined : { kind: 'counter', name: option.value };
};

/** Read, but not understood: its arguments, as iptables prints them. Builders make none. */
interface UnknownMatch {
  readonly kind: 'unknown';
  readonly text: string;
}

const UNKNOWN: MatchKind<UnknownMatch> = {
  print: ({ text }, { rest }) => ` ${rest(text)}`,
  asks: ({ text }) => test((packet) => unknownMatch(text, packet)),
};

/** What decides nothing, and what svcgen cannot decide. */
export type NoteMatch = CommentMatch | CounterMatch | UnknownMatch;

/** The same, with all that is known of each. */
export const NOTE_MATCHES: MatchFamily<NoteMatch> = {
  kinds: { comment: COMMENT, counter: COUNTER, unknown: UNKNOWN },
  modules: { comment: readComment, nfacct: readCounter },
};
