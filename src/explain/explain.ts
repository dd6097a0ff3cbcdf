import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { formatServicePortName } from '../model/node-state.ts';
import { type FollowedWay, follow } from '../trace/follow.ts';
import { type Entry, enterNode } from './connection/enter-node.ts';
import type { ExplainRequest } from './explain-request.ts';
import type { Explanation } from './explanation.ts';
import { collectNotes } from './notes/collect-notes.ts';
import { type Findings, stepsOf } from './notes/findings.ts';
import { askKernel, withObstacle } from './notes/kernel/ask-kernel.ts';
import { lackOf } from './notes/missing-endpoints.ts';
import { nodePortCause } from './notes/node-port-notes.ts';
import { orderNotes } from './notes/order-notes.ts';
import { policiesAbout } from './notes/policy-note.ts';
import { ruleFindings, serviceOf, shadowedBy } from './notes/rule-findings.ts';
import { dumpOf, firewallOfRules } from './rule-source.ts';
import { isFarFromClusterIP, verdictOn } from './verdict/verdict.ts';
import { type ExplainedWays, explainWays } from './ways/explain-ways.ts';
import { knowsClients, rememberedClient } from './ways/session-affinity.ts';
import { tooManyWays } from './ways/too-many-ways.ts';
import { translatorNotes } from './ways/translators.ts';

/** What comes of a request. */
export type ExplainedConnection =
  | { readonly kind: 'explained'; readonly explanation: Explanation }
  | { readonly kind: 'failed'; readonly diagnostic: Diagnostic };

/** Follows one connection through a node's rules and says in words what happens. */
export function explainConnection(request: ExplainRequest): ExplainedConnection {
  const entry = enterNode(request);
  if ('code' in entry) return { kind: 'failed', diagnostic: entry };
  const followed = follow(firewallOfRules(request.rules, entry), entry.host, entry.packet);
  if (followed.kind === 'too-many') return { kind: 'failed', diagnostic: tooManyWays(followed.questions) };
  return { kind: 'explained', explanation: tellWays(request, entry, followed.ways) };
}

/** The ways of the first packet in words, with what else one has to know. */
function tellWays(request: ExplainRequest, entry: Entry, followed: readonly FollowedWay[]): Explanation {
  const { kernel } = request;
  const dump = dumpOf(request.rules);
  const { connection, target } = entry;
  const explained = explainWays(followed, entry.known.ownerOf, refusedService(request, entry, followed));
  const { affinitySeconds, ways } = explained;
  const findings = findingsOf(request, entry, explained);
  const asked = askKernel({ ...findings, kernel });
  const remembered = rememberedClient({ kernel, dump, affinitySeconds }, connection, ways);
  const verdict = verdictOn({ ...explained, remembered }, connection, {
    ...findings,
    cause: causeOf(findings),
    isFar: isFarFromClusterIP(connection, target, stepsOf(findings)),
  });
  return {
    connection,
    verdict: withObstacle(verdict, asked.obstacle),
    ...explained,
    ...(remembered === undefined ? {} : { remembered }),
    ...(knowsClients({ kernel, dump }) ? { knowsClients: true } : {}),
    notes: [
      ...asked.notes,
      ...translatorNotes(ways, shadowedBy(dump, connection)),
      ...collectNotes(findings),
      ...(isServedByOurs(findings) ? policiesAbout(request.cluster, findings) : []),
      ...orderNotes(dump, { ...entry, ways: followed }),
      ...asked.assumptions,
    ],
  };
}

/** The Service that is spoken of: the one that is connected to, else the one that the rules of a node name for what they refuse. */
function refusedService(
  { rules }: ExplainRequest,
  { connection, target }: Entry,
  followed: readonly FollowedWay[],
): string | undefined {
  if (target !== undefined) return formatServicePortName(target.servicePort.name);
  const isDelivered = followed.every(({ end }) => end.kind === 'delivered');
  return isDelivered ? undefined : serviceOf(dumpOf(rules), connection);
}

function findingsOf(request: ExplainRequest, entry: Entry, { ways, path }: ExplainedWays): Findings {
  const { cluster, rules, versions } = request;
  const { target, connection } = entry;
  return {
    ...entry,
    whereabouts: request,
    lack: cluster && target && lackOf(target.servicePort, cluster),
    isLive: rules.kind !== 'own',
    versions,
    ways,
    path,
    ...ruleFindings(rules, connection),
  };
}

/** Why no rule of a Service matches, where that is known. */
function causeOf(findings: Findings): string | undefined {
  const { target, connection, ways } = findings;
  const [cause] = [
    ...(findings.causes?.(ways, stepsOf(findings)) ?? []),
    ...(target?.role === 'nodePort' ? [nodePortCause(connection)] : []),
  ];
  return cause;
}

function isServedByOurs({ ways, isLive }: Findings): boolean {
  return !isLive && ways.some(({ result }) => result === 'endpoint');
}
