import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { invariant } from '../diagnostic/invariant.ts';
import { aboutRun, count } from '../diagnostic/report.ts';
import { type Host, isLocal, isLoopback, plainHost } from '../lang/packet/host.ts';
import type { Packet } from '../lang/packet/packet.ts';
import type { Firewall } from '../lang/packet/rules.ts';
import type { Cluster, IPFamily } from '../model/cluster.ts';
import { familyOf, joinHostPort } from '../model/ip.ts';
import { formatServicePortName, type NodeState, type NodeStates } from '../model/node-state.ts';
import { bridgeNetworks } from '../modes/bridge-networks.ts';
import { MODES } from '../modes/index.ts';
import type { RuleSetting } from '../modes/mode.ts';
import {
  dumpFirewall,
  dumpHost,
  type NodeDump,
  type SavedDump,
  servicesIn,
  withOtherOrder,
} from '../modes/node-dump.ts';
import type { ResolveCode } from '../resolve/codes.ts';
import type { Question } from '../trace/diagram.ts';
import { type FollowedWay, follow } from '../trace/follow.ts';
import { aimAt } from './aim.ts';
import { addressOf, type FoundClient } from './clients.ts';
import type { ExplainCode } from './codes.ts';
import { placeOf } from './explain-step.ts';
import { explainWays } from './explain-ways.ts';
import type { Connection, Explanation } from './explanation.ts';
import { formatPlace } from './format-place.ts';
import { formatShare } from './format-share.ts';
import { askKernel, type NodeKernel, withObstacle } from './kernel-notes.ts';
import { knownAddresses, nodeFacts } from './known-addresses.ts';
import { findListedService, listedFindings } from './listed-dump.ts';
import { lackOf } from './missing-endpoints.ts';
import { nodePortCause } from './node-port-notes.ts';
import { collectNotes, type DumpFindings, type NodeChoice } from './notes.ts';
import type { WantedTarget } from './parse-target.ts';
import { firstPacket, planConnection, type WantedClient } from './plan-connection.ts';
import { withDumpedPods } from './pod-networks.ts';
import { policyNotes } from './policy-note.ts';
import { savedFindings } from './saved-dump.ts';
import { knowsClients, rememberedClient } from './session-affinity.ts';
import { shadowedIn } from './shadowed-services.ts';
import { describeTarget, type Target, targetFinder } from './targets.ts';
import { translatorNotes } from './translators.ts';
import { isFarFromClusterIP, verdictOn } from './verdict.ts';

/** Where the rules come from: they are those of manifests, or a node's. */
export type RuleSource = { readonly kind: 'own'; readonly setting: RuleSetting } | NodeDump;

export interface ExplainRequest {
  readonly client: FoundClient & Pick<WantedClient, 'inInterface' | 'outInterface'>;
  readonly target: WantedTarget;
  readonly rules: RuleSource;
  /** The versions of kube-proxy that the rules of a node tell: `1.31 to 1.33.5`; undefined: none. */
  readonly versions: string | undefined;
  /** The manifests; undefined: there are none. */
  readonly cluster: Cluster | undefined;
  /** What the node serves, for each family that may be meant; empty: without manifests. */
  readonly states: NodeStates;
  readonly nodeName: string | undefined;
  readonly nodeBy: NodeChoice;
  /** The node's own addresses, of both families, as far as they are known. */
  readonly nodeIPs: readonly string[];
  /** What its own text tells of its interfaces and routes. */
  readonly links: Pick<Host, 'interfaces' | 'routes'>;
  /** What the kernel of the node is set to, and remembers; undefined: not known. */
  readonly kernel: NodeKernel | undefined;
}

export type ExplainedConnection =
  | { readonly kind: 'explained'; readonly explanation: Explanation }
  | { readonly kind: 'failed'; readonly diagnostic: Diagnostic };

/** Follows one connection through a node's rules and says in words what happens. */
export function explainConnection(request: ExplainRequest): ExplainedConnection {
  const dump = request.rules.kind === 'own' ? undefined : request.rules;
  const aim = aimAt(request.target, { ...request, dump });
  if ('code' in aim) return { kind: 'failed', diagnostic: aim };
  const address = addressOf(request.client, aim.family);
  if ('code' in address) return { kind: 'failed', diagnostic: address };
  const client = { ...request.client, ...address };
  const state = request.states.get(aim.family);
  const bridges = dump === undefined ? {} : { bridges: bridgeNetworks(dump, aim.family) };
  const host = { ...hostOf(request, state), ...bridges, ...request.links };
  const known = knownAddresses(request.cluster ?? { nodes: [], pods: [] });
  const { rules } = request;
  const said = nodeFacts(request.cluster, known, {
    family: aim.family,
    host,
    node: request.nodeName,
    nodeIP: request.nodeIPs.find((ip) => familyOf(ip) === aim.family && !isLoopback(ip)),
    state,
  });
  const facts = rules.kind === 'own' ? said : withDumpedPods(said, rules);
  const planned = planConnection(client, aim.destination, facts);
  if (planned === undefined) return { kind: 'failed', diagnostic: nodeAddressMissing() };
  const target =
    state === undefined ? undefined : targetFinder(state)(planned, isLocal(host, planned.destination));
  const connection = { ...planned, target: target === undefined ? undefined : describeTarget(target) };
  const packet = firstPacket(planned, client, facts);
  const followed = follow(firewallOf(request, { family: aim.family, state, host }), host, packet);
  if (followed.kind === 'too-many') return { kind: 'failed', diagnostic: tooManyWays(followed.questions) };
  const outcomes = followed.ways;
  const isDelivered = outcomes.every(({ end }) => end.kind === 'delivered');
  const named = isDelivered ? undefined : serviceOf(dump, connection);
  const service = target === undefined ? named : formatServicePortName(target.servicePort.name);
  const explained = explainWays(outcomes, known.ownerOf, service);
  const { cluster } = request;
  const lack = cluster && target && lackOf(target.servicePort, cluster);
  const findings = {
    client,
    whereabouts: request,
    connection,
    state,
    host,
    target,
    chosen: aim.chosen,
    lack,
    isLive: request.rules.kind !== 'own',
    versions: request.versions,
    ...ruleFindings(request.rules, connection),
  };
  const isServed = explained.ways.some(({ result }) => result === 'endpoint');
  const policies =
    isServed && request.rules.kind === 'own' ? policiesAbout(request, { connection, target }) : [];
  const { kernel } = request;
  const asked = askKernel({ ...findings, ways: explained.ways, path: explained.path, kernel });
  const notes = [
    ...asked.notes,
    ...translatorNotes(explained.ways, shadowedBy(dump, connection)),
    ...collectNotes({ ...findings, ways: explained.ways, path: explained.path }),
    ...policies,
    ...orderNotes(dump, { family: aim.family, host, packet, ways: outcomes }),
    ...asked.assumptions,
  ];
  const steps = [...explained.path, ...explained.ways.flatMap(({ path }) => path)];
  const [cause] = [
    ...(findings.causes?.(explained.ways, steps) ?? []),
    ...(target?.role === 'nodePort' ? [nodePortCause(connection)] : []),
  ];
  const remembered = rememberedClient(
    {
      kernel,
      dump,
      affinitySeconds: explained.affinitySeconds,
    },
    connection,
    explained.ways,
  );
  const verdict = verdictOn({ ...explained, remembered }, connection, {
    ...findings,
    cause,
    isFar: isFarFromClusterIP(connection, target, steps),
  });
  return {
    kind: 'explained',
    explanation: {
      connection,
      verdict: withObstacle(verdict, asked.obstacle),
      ...explained,
      ...(remembered === undefined ? {} : { remembered }),
      ...(knowsClients({ kernel, dump }) ? { knowsClients: true } : {}),
      notes,
    },
  };
}

interface Ordered {
  readonly family: IPFamily;
  readonly host: Host;
  readonly packet: Packet;
  readonly ways: readonly FollowedWay[];
}

/** Where iptables-legacy and iptables-nft both decide, it may matter which the kernel asks first. */
function orderNotes(dump: NodeDump | undefined, { family, host, packet, ways }: Ordered): readonly string[] {
  const other = dump && withOtherOrder(dump);
  const followed = other && follow(dumpFirewall(other, family, host), host, packet);
  if (followed?.kind !== 'ways') return [];
  const found = new Set(ways.map(endOf));
  const [another] = followed.ways.filter((way) => !found.has(endOf(way)));
  if (another === undefined) return [];
  const { destination, port } = another.packet;
  const verb = another.end.kind === 'delivered' ? 'goes' : 'is refused on its way';
  return [
    `iptables-legacy and iptables-nft disagree about this, and the kernel asks the tables first that were made last, which no text tells: in the other order it ${verb} to ${joinHostPort(destination, port)}; remove the tables that are out of use`,
  ];
}

function endOf({ packet, share, end }: FollowedWay): string {
  return JSON.stringify([end, packet.destination, packet.port, formatShare(share)]);
}

/** Policies of the namespaces that the connection is between: of the Service, and of the Pod that connects. */
function policiesAbout(
  { cluster }: ExplainRequest,
  { connection, target }: { readonly connection: Connection; readonly target: Target | undefined },
): readonly string[] {
  if (cluster === undefined) return [];
  const client = cluster.pods.find(({ podIPs }) => podIPs.includes(connection.source));
  const ends = [target?.servicePort.name, client].flatMap((end) => end?.namespace ?? []);
  return policyNotes(cluster.networkPolicies, new Set(ends));
}

/** What there is to say of the rules of a node, beside what they do. */
function ruleFindings(rules: RuleSource, connection: Connection): DumpFindings {
  switch (rules.kind) {
    case 'own':
      return { hints: () => [], gaps: [] };
    case 'saved':
      return savedOrListedFindings(rules, connection);
    case 'listed':
      return listedFindings(rules, connection);
  }
}

/** Rules of iptables say it themselves, each for one Service. */
function serviceOf(dump: NodeDump | undefined, connection: Connection): string | undefined {
  const services = dump && servicesIn(dump);
  return services?.kind === 'listed' ? findListedService(services.ruleset, connection) : undefined;
}

/** What kube-proxy's own rules have for a connection. */
function shadowedBy(dump: NodeDump | undefined, connection: Connection): string | undefined {
  const listed = serviceOf(dump, connection);
  if (listed !== undefined) return listed;
  return dump?.kind === 'saved' ? shadowedIn(dump.tables, connection) : undefined;
}

function savedOrListedFindings(rules: SavedDump, connection: Connection): DumpFindings {
  const saved = savedFindings(rules, connection);
  const services = servicesIn(rules);
  if (services.kind === 'saved') return saved;
  const listed = listedFindings(services, connection);
  return { ...listed, gaps: [...saved.gaps, ...listed.gaps] };
}

function nodeAddressMissing(): Diagnostic {
  return aboutRun<ResolveCode>({
    code: 'node-address-known',
    severity: 'error',
    message: 'the node itself connects, and none of its addresses is known',
    hint: 'add --from ADDRESS or --node-ip, or --node together with the Node object that has its addresses',
  });
}

/** No answer would be of use: what is open is named, so that it can be said. */
function tooManyWays(questions: readonly Question[]): Diagnostic {
  const [first] = questions;
  const because =
    first === undefined
      ? 'the packet meets too many rules, or chains lead to each other in too many ways'
      : `it depends on ${count(questions.length, 'thing')} that only the node can tell, the first one in ${formatPlace(placeOf(first.askedBy))}`;
  const isAbout = (about: Question['about']) => questions.some((each) => each.about === about);
  const hints = [
    ...(isAbout('in-interface') || isAbout('out-interface')
      ? ['--host FILE (or --in-interface and --out-interface)']
      : []),
    ...(isAbout('match') ? ['what "ipset save" prints beside the rules, where they ask for sets'] : []),
  ];
  return aboutRun<ExplainCode>({
    code: 'ways-bounded',
    severity: 'error',
    message: `there are too many ways through these rules: ${because}`,
    hint:
      hints.length === 0
        ? 'look at chains with thousands of rules, and at those that jump to the same chain several times'
        : `give ${hints.join(', and ')}`,
  });
}

/** What IPVS and its sets hold is known of manifests, and of a node as far as its text says. */
function hostOf({ rules, nodeIPs }: ExplainRequest, state: NodeState | undefined): Host {
  if (rules.kind !== 'own') return dumpHost(rules, nodeIPs);
  return state === undefined ? plainHost(nodeIPs) : MODES[rules.setting.mode].host(state, nodeIPs);
}

interface Known {
  readonly family: IPFamily;
  readonly state: NodeState | undefined;
  readonly host: Host;
}

function firewallOf({ rules }: ExplainRequest, { family, state, host }: Known): Firewall {
  if (rules.kind !== 'own') return dumpFirewall(rules, family, host);
  invariant(state !== undefined, 'there are neither rules nor manifests');
  return MODES[rules.setting.mode].firewall(state, rules.setting, host);
}
