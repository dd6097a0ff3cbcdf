import { escapeText } from '../diagnostic/escape.ts';
import { aboutField } from '../diagnostic/report.ts';
import { hasLabels } from '../kubernetes/selectors.ts';
import { objectKey, type Pod, type Service, type ServicePortSpec } from '../model/cluster.ts';
import { IP_FAMILIES } from '../model/ip.ts';
import type { ExpectCode } from './codes.ts';
import type { Expectation, Fault, TrafficCase } from './expectation.ts';
import { identify } from './identify.ts';
import { judge } from './judge.ts';
import { type ConnectionOutcome, connectionFollower, whyUntold } from './outcome.ts';
import { type CasePlanner, casePlanner } from './plan-case.ts';
import { readClient, readNodeWords, readTarget } from './read-words.ts';
import { nameOfWanted, type Reaches } from './wanted.ts';
import type { World } from './world.ts';

/** Clients of one kind, wherever they are. */
interface ClientKind {
  /** As names of cases have it. */
  readonly name: string;
  readonly from: readonly string[];
  /** The same, node by node, with what `at` says. */
  readonly each: readonly { readonly from: string; readonly at: string | undefined }[];
}

/** Clients of a kind that the input has none of. */
interface MissingClients {
  readonly name: string;
  /** Why there are none, and what would make some. */
  readonly missing: Fault;
}

/** What could be recorded. */
export interface Recording {
  /** undefined: the world has errors, or none of the connections can be a case. */
  readonly text: string | undefined;
  /** Why the first of them cannot; undefined: nodes serve nothing that could be tried. */
  readonly whyNone?: Fault | undefined;
}

/**
 * A file of expectations that describes what becomes of connections to every port of every Service: one case for each kind of
 * client, or, where nodes differ, one for each node, and a comment with the reason where there can be none. A world like this one
 * passes it. The same world gives the same bytes.
 * @param settings as JSON, which is YAML
 */
export function recordCases(world: World, settings: string): Recording {
  for (const mode of world.modes)
    for (const node of world.nodes) for (const family of IP_FAMILIES) world.at({ mode, node, family });
  // Rules are about something that their mode cannot do: there is nothing to follow.
  if (world.hasErrors()) return { text: undefined };
  const trial: Trial = { world, plan: casePlanner(), followOnce: connectionFollower() };
  const recorded: Recorded[] = [];
  for (const service of world.cluster.services) {
    if (!isServed(service, world)) continue;
    for (const port of service.ports) {
      for (const clients of clientsOf(service, world)) {
        const to = targetOf(service, port);
        if ('missing' in clients) recorded.push(leftOut({ name: clients.name, to }, clients.missing));
        else for (const each of recordCase({ service, to, clients }, trial)) recorded.push(each);
      }
    }
  }
  if (recorded.every(({ isCase }) => !isCase)) return { text: undefined, whyNone: recorded[0]?.fault };
  const head =
    '# What traffic does now, as svcgen test --record saw it: keep what is meant, and mend the rest.\n';
  return { text: `${head}settings: ${settings}\ncases:\n${recorded.map(({ text }) => text).join('')}` };
}

/** Nodes have no rules for headless Services and ExternalNames. */
function isServed(service: Service, world: World): boolean {
  const [mode] = world.modes;
  const [node] = world.nodes;
  if (mode === undefined) return false;
  return IP_FAMILIES.some(
    (family) => world.at({ mode, node, family }).portsOf(objectKey(service)).length > 0,
  );
}

function targetOf(service: Service, { name, port, protocol }: ServicePortSpec): string {
  return `${objectKey(service)}:${name === '' ? port : name}${protocol === 'TCP' ? '' : `/${protocol.toLowerCase()}`}`;
}

/** Somebody outside, the node itself, and a pod of each node that is no endpoint: its own Service would see another source. */
function clientsOf(service: Service, { cluster, nodes }: World): readonly (ClientKind | MissingClients)[] {
  const everywhere = (from: string): ClientKind => ({
    name: from,
    from: [from],
    each: nodes.flatMap((at) => (at === undefined ? [] : [{ from, at }])),
  });
  const able = cluster.pods.filter(
    ({ podIPs, hostNetwork, nodeName }) => podIPs.length > 0 && !hostNetwork && nodes.includes(nodeName),
  );
  const first = new Map<string | undefined, string>();
  for (const pod of able) {
    if (!first.has(pod.nodeName) && !isEndpoint(pod, service))
      first.set(pod.nodeName, `pod ${objectKey(pod)}`);
  }
  const from = [...first.values()];
  const name = 'pods';
  const ofPods =
    from.length > 0
      ? { name, from, each: from.map((each) => ({ from: each, at: undefined })) }
      : { name, missing: able.length > 0 ? ENDPOINTS_ALONE : NO_PODS };
  return [everywhere('outside'), everywhere('node'), ofPods];
}

const NO_PODS: Fault = {
  message: 'the input has no Pod with an address on a node that is tested',
  hint: 'add Pods, or --synthesize-pods, which makes them of workloads',
};

const ENDPOINTS_ALONE: Fault = {
  message: 'every Pod that could be the client is an endpoint of it',
  hint: 'add a Pod that is a client',
};

function isEndpoint(pod: Pod, { namespace, selector }: Service): boolean {
  const labels = Object.keys(selector ?? {}).length === 0 ? undefined : selector;
  return labels !== undefined && pod.namespace === namespace && hasLabels(pod.labels, labels);
}

interface Wanted {
  readonly service: Service;
  readonly to: string;
  readonly clients: ClientKind;
}

/** A case as a file has it, or the comment in place of one. */
interface Recorded {
  readonly text: string;
  readonly isCase: boolean;
  /** Why there is no case. */
  readonly fault?: Fault;
}

/** Where connections are tried. */
interface Trial {
  readonly world: World;
  readonly plan: CasePlanner;
  readonly followOnce: ReturnType<typeof connectionFollower>;
}

function recordCase({ service, to, clients }: Wanted, trial: Trial): readonly Recorded[] {
  const all: Connections = { service, to, name: clients.name, from: clients.from, at: undefined };
  const everywhere = describeAt(all, trial);
  const isOne = clients.each.length < 2 || ('expectation' in everywhere && saysWho(everywhere.expectation));
  if ('expectation' in everywhere && isOne) return [caseOf(all, everywhere.expectation)];
  const cases = clients.each.map(({ from, at }) => {
    const one: Connections = { service, to, name: from, from: [from], at };
    const found = describeAt(one, trial);
    return 'expectation' in found ? caseOf(one, found.expectation) : leftOut(one, found.fault);
  });
  if (cases.some(({ isCase }) => isCase)) return cases;
  return ['fault' in everywhere ? leftOut(all, everywhere.fault) : caseOf(all, everywhere.expectation)];
}

/** Nodes may each reach somebody else: then one case for all would hold whoever serves. */
function saysWho(expectation: Expectation): boolean {
  if (expectation.kind !== 'reaches') return true;
  return expectation.pods !== undefined || expectation.endpoints !== undefined;
}

/** What a recorded case is about. */
interface Connections {
  readonly service: Service;
  readonly to: string;
  readonly name: string;
  readonly from: readonly string[];
  /** A node; undefined: wherever the clients are. */
  readonly at: string | undefined;
}

function nameOfCase({
  name,
  to,
  at,
}: Pick<Connections, 'name' | 'to'> & { readonly at?: string | undefined }): string {
  return `${name} to ${to}${at === undefined ? '' : ` at ${at}`}`;
}

/** A comment in place of a case. */
function leftOut(about: Parameters<typeof nameOfCase>[0], { message, hint }: Fault): Recorded {
  const why = `${message}${hint === undefined ? '' : ` (${hint})`}`;
  const fault = { message: `${nameOfCase(about)}: ${message}`, ...(hint === undefined ? {} : { hint }) };
  return { text: `  # ${escapeText(`${nameOfCase(about)}: ${why}`)}\n`, isCase: false, fault };
}

type Described = { readonly expectation: Expectation } | { readonly fault: Fault };

const DIFFERENT: Fault = { message: 'addresses differ in what becomes of it' };

/** The expectation that all connections meet, or why there is none. */
function describeAt(about: Connections, { world, plan, followOnce }: Trial): Described {
  const { service } = about;
  const clients = about.from.map((from, index) => readClient(from, ['from', index]));
  const [target, node] = [readTarget(about.to, ['to']), readNodeWords(about.at ?? 'each node', ['at'])];
  if ('problem' in target) return { fault: target.problem };
  if ('problem' in node) return { fault: node.problem };
  const testCase: TrafficCase = {
    name: nameOfCase(about),
    locate: () => service.locate([]),
    from: clients.flatMap((client) => ('problem' in client ? [] : [client.value])),
    to: [target.value],
    at: [node.value],
    patches: [],
    changes: [],
    expect: { kind: 'unreachable', reason: undefined },
    report: (code, _, problem) =>
      aboutField<ExpectCode>('Service', service, [], { code, severity: 'error', hint: '', ...problem }),
  };
  const { connections, diagnostics } = plan(testCase, world);
  const [problem] = diagnostics;
  if (problem !== undefined) return { fault: problem };
  const followed = connections.map((connection) => ({
    connection,
    outcome: followOnce(connection),
  }));
  const untold = followed.find(({ outcome }) => outcome === undefined)?.connection;
  if (untold !== undefined) return { fault: whyUntold(untold) };
  const outcomes = followed.flatMap(({ outcome }) => outcome ?? []);
  const holds = (expectation: Expectation) =>
    followed.every(
      ({ connection, outcome }) =>
        outcome !== undefined && judge(expectation, outcome, connection, world).length === 0,
    );
  const expectation = expectationsOf(outcomes, service, world).find(holds);
  return expectation === undefined ? { fault: DIFFERENT } : { expectation };
}

/** What they have in common: what says most comes first. */
function expectationsOf(
  outcomes: readonly ConnectionOutcome[],
  service: Service,
  world: World,
): readonly Expectation[] {
  const [first] = outcomes;
  if (first === undefined) return [];
  if (first.kind === 'reaches') {
    const counts = new Set(outcomes.map(({ endpoints }) => endpoints.length));
    const sources = new Set(outcomes.map(({ source }) => source));
    const source = sources.size === 1 && first.source !== 'both' ? first.source : undefined;
    const count = counts.size === 1 ? first.endpoints.length : undefined;
    const common = { kind: 'reaches', count, evenly: undefined, source } as const;
    const reached = outcomes.flatMap(({ endpoints }) => endpoints);
    return identify(reached, service, world).map((identity) => ({ ...common, ...identity }));
  }
  const kind = first.kind === 'rejected' || first.kind === 'dropped' ? first.kind : 'unreachable';
  const reasons = new Set(outcomes.map(({ reason }) => reason));
  return [{ kind, reason: reasons.size === 1 ? first.reason : undefined }];
}

function caseOf(about: Connections, expectation: Expectation): Recorded {
  const { from, at, to } = about;
  const [first = '', ...others] = from;
  const lines = [
    `  - name: ${JSON.stringify(nameOfCase(about))}`,
    `    from: ${others.length > 0 ? `[${from.map((each) => JSON.stringify(each)).join(', ')}]` : first}`,
    ...(at === undefined ? [] : [`    at: ${JSON.stringify(at)}`]),
    `    to: ${JSON.stringify(to)}`,
    `    expect: ${printExpectation(expectation)}`,
  ];
  return { text: `${lines.join('\n')}\n`, isCase: true };
}

function printExpectation(expectation: Expectation): string {
  switch (expectation.kind) {
    case 'reaches': {
      const { source } = expectation;
      const reached = printReached(expectation);
      const parts = [
        ...(reached === '' ? [] : [`reaches: { ${reached} }`]),
        ...(source === undefined ? [] : [`source: ${source}`]),
      ];
      return parts.length === 0 ? 'reaches' : `{ ${parts.join(', ')} }`;
    }
    case 'only':
      return `{ only: ${JSON.stringify(expectation.ports)} }`;
    default:
      return expectation.reason === undefined
        ? expectation.kind
        : `{ ${expectation.kind}: ${expectation.reason} }`;
  }
}

/** Words from the input are in quotes: YAML would take some of them for something else. */
function printReached({ pods, endpoints, count }: Reaches): string {
  const labels = Object.entries(pods?.labels ?? {}).map(
    ([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  );
  return [
    ...(pods === undefined ? [] : [labels.length === 0 ? 'pods: {}' : `pods: { ${labels.join(', ')} }`]),
    ...(pods?.node === undefined ? [] : [`node: ${JSON.stringify(pods.node)}`]),
    ...(endpoints === undefined
      ? []
      : [`endpoints: [${endpoints.map((each) => JSON.stringify(nameOfWanted(each))).join(', ')}]`]),
    ...(count === undefined ? [] : [`count: ${count}`]),
  ].join(', ');
}
