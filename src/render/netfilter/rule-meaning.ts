import type { Match } from '../../lang/iptables/matches/match.ts';
import type { Action } from '../../lang/iptables/targets/action.ts';
import { CHAINS, type NamedChain } from './chains.ts';
import type { CommentId } from './comments.ts';
import type { SetName } from './sets.ts';

/** A kind of rule of ours or kube-proxy's, and what it is for, in the words of `svcgen explain`. All that it asks for must be there. */
export interface RuleMeaning {
  /** The chains that it is in; left out: any. */
  readonly chains?: readonly NamedChain[];
  readonly comment?: CommentId;
  /** The chains that it leads to. */
  readonly leadsTo?: readonly NamedChain[];
  /** What it does with packets that it matches. */
  readonly does?: Action['kind'];
  readonly asks?: (match: Match) => boolean;
  /** Looks an address and port up in one of these sets. */
  readonly looksInto?: readonly SetName[];
  /** Which address it looks up there. */
  readonly side?: 'src' | 'dst';
  /** `$1` stands for the port of a Service that the comment is about. */
  readonly words: string;
}

/** It counts packets. */
export function counts({ kind }: Match): boolean {
  return kind === 'counter';
}

/** The client is told by its address or interface, and is another one. */
export function excludesClients(match: Match): boolean {
  return (match.kind === 'source' || match.kind === 'in-interface') && match.negated === true;
}

/** What rules are for that several modes have: whatever comes first in the list of a mode counts before them. */
export const SHARED_MEANINGS: readonly RuleMeaning[] = [
  { chains: [CHAINS.markForMasquerade], words: 'this mark asks for it' },
  { chains: [CHAINS.nodePorts], comment: 'healthCheck', words: 'it asks for the health of $1' },
  {
    chains: [CHAINS.postrouting],
    comment: 'masquerading',
    words: "the source becomes the node's own",
  },
  { chains: [CHAINS.postrouting], does: 'return', words: 'it is not marked, so the source stays' },
  { chains: [CHAINS.postrouting], does: 'set-mark', words: 'takes the mark off' },
  {
    chains: [CHAINS.forward],
    comment: 'forwarding',
    words: 'what is marked for rewriting its source may be forwarded',
  },
  {
    chains: [CHAINS.forward],
    asks: counts,
    does: 'drop',
    words: "conntrack finds it INVALID, which counts for kube-proxy's metrics",
  },
  { comment: 'noEndpoints', words: '$1 has no endpoints' },
  { comment: 'noLocalEndpoints', words: '$1 has no endpoints on this node' },
  {
    chains: [CHAINS.proxyFirewall],
    comment: 'notAdmitted',
    words: 'the client is outside loadBalancerSourceRanges of $1, or no endpoint may serve it',
  },
  {
    chains: [CHAINS.loopbackGuard],
    comment: 'loopback',
    words: 'it comes from elsewhere, and loopback addresses are for the node alone',
  },
];
