import { ALL } from '../../packet/fraction.ts';
import { plainText } from '../../text/quote.ts';
import { take } from '../elements/words.ts';
import type { NftStatementKind } from './expression.ts';

export interface RejectStatement {
  readonly kind: 'reject';
  /** Another answer than that the port is unreachable, in nft's words; builders make none. */
  readonly with?: string;
}

/** The answer that nft gives when nothing is said. */
const DEFAULT_ANSWER = /^icmp(?:v6|x)? (?:type )?port-unreachable$/;

export const REJECT_STATEMENT: NftStatementKind<RejectStatement, RejectStatement> = {
  print: (statement) =>
    statement.with === undefined ? 'reject' : `reject with ${plainText(statement.with)}`,
  take: (words) => {
    if (!take(words, 'reject')) return undefined;
    if (!take(words, 'with')) return { statement: { kind: 'reject' } };
    const answer = words.all.slice(words.at).join(' ');
    words.at = words.all.length;
    return { statement: { kind: 'reject', ...(DEFAULT_ANSWER.test(answer) ? {} : { with: answer }) } };
  },
  run: (statement, packet) => {
    const effect = statement.with === undefined ? 'reject' : `reject with ${statement.with}`;
    return [{ packet, next: { kind: 'verdict', verdict: statement }, share: ALL, effect }];
  },
};
