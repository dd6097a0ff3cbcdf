import { type Host, isLocal } from '../lang/packet/host.ts';
import type { NodeState } from '../model/node-state.ts';
import type { Connection, ExplainedWay } from './explanation.ts';
import type { Target } from './find-target.ts';
import type { WantedClient } from './plan-connection.ts';
import { nearMisses, otherAddresses, refusalNotes } from './target-notes.ts';

/** All that is known when a connection has been followed. */
export interface Findings {
  readonly client: WantedClient;
  readonly connection: Connection;
  readonly ways: readonly ExplainedWay[];
  readonly host: Host;
  /** What the node serves; undefined: there are no manifests. */
  readonly state: NodeState | undefined;
  /** What the destination is there; undefined: nothing. */
  readonly target: Target | undefined;
  /** What a name stood for; undefined: an address was given. */
  readonly chosen: Target | undefined;
  /** What to look at in the rules of a node, where they do nothing with the connection. */
  readonly hints: (ways: readonly ExplainedWay[]) => readonly string[];
  /** What of the node's rules is not known. */
  readonly gaps: readonly string[];
}

/** What the user should know beside the way itself: why it is refused, what else may be meant, what was assumed. */
export function collectNotes(findings: Findings): readonly string[] {
  const { client, connection, ways, host, state, target, chosen } = findings;
  const isUnknown = ways.some((way) => way.result !== 'endpoint' && !isSentOn(way, connection));
  const misses =
    isUnknown && target === undefined && state !== undefined
      ? nearMisses(state, connection, isLocal(host, connection.destination))
      : [];
  const isAnybody = client.ip === undefined && client.origin !== 'node';
  return [
    ...(target === undefined ? [] : refusalNotes(target, connection, ways)),
    ...misses,
    ...(isUnknown ? findings.hints(ways) : []),
    ...findings.gaps,
    ...(isAnybody
      ? [
          `${connection.source} stands for any client outside: --from ADDRESS is another one, --from-node the node itself`,
        ]
      : []),
    ...(chosen === undefined ? [] : otherAddresses(chosen)),
  ];
}

/** Some rule has given it another destination. */
function isSentOn({ destination, port }: ExplainedWay, connection: Connection): boolean {
  return destination !== connection.destination || port !== connection.port;
}
