import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { aboutField } from '../diagnostic/report.ts';
import { hasLabels } from '../kubernetes/selectors.ts';
import { objectKey, type Pod, type Service, type ServicePortSpec } from '../model/cluster.ts';
import type { ExpectCode } from './codes.ts';
import type { Expectation, TrafficCase } from './expectation.ts';
import { judge } from './judge.ts';
import { type ConnectionOutcome, followConnection } from './outcome.ts';
import { planCase } from './plan-case.ts';
import { readClient, readNodeWords, readTarget } from './read-words.ts';
import type { World } from './world.ts';

/** Cases that describe what traffic does now. */
export interface Recording {
  /** A file of expectations, which a world like this one passes; undefined: nodes serve nothing that could be tried. */
  readonly text: string | undefined;
  /** Why some of it could not be described. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Clients of one kind, wherever they are. */
interface ClientKind {
  /** As names of cases have it. */
  readonly name: string;
  readonly from: readonly string[];
  /** The same, node by node, with what `at` says. */
  readonly each: readonly { readonly from: string; readonly at: string | undefined }[];
}

/**
 * Describes what becomes of connections to every port of every Service: one case for each kind of client, or, where nodes
 * differ, one for each node. The same world gives the same bytes.
 * @param settings as JSON, which is YAML
 */
export function recordCases(world: World, settings: string): Recording {
  const diagnostics: Diagnostic[] = [];
  const cases: string[] = [];
  for (const service of world.cluster.services) {
    if (!isServed(service, world)) continue;
    for (const port of service.ports) {
      for (const clients of clientsOf(service, world)) {
        const recorded = recordCase({ service, to: targetOf(service, port), clients }, world);
        for (const each of recorded.diagnostics) diagnostics.push(each);
        for (const each of recorded.cases) cases.push(each);
      }
    }
  }
  const head =
    '# What traffic does now, as svcgen test --record saw it: keep what is meant, and mend the rest.\n';
  if (cases.length === 0) return { text: undefined, diagnostics };
  return {
    text: `${head}settings: ${settings}\ncases:${cases.every((each) => each.startsWith('  #')) ? ' []' : ''}\n${cases.join('')}`,
    diagnostics,
  };
}

/** Nodes have no rules for headless Services and ExternalNames. */
function isServed(service: Service, world: World): boolean {
  const [mode] = world.modes;
  const [node] = world.nodes;
  if (mode === undefined) return false;
  return (['IPv4', 'IPv6'] as const).some(
    (family) => world.at({ mode, node, family }).portsOf(objectKey(service)).length > 0,
  );
}

function targetOf(service: Service, { name, port, protocol }: ServicePortSpec): string {
  return `${objectKey(service)}:${name === '' ? port : name}${protocol === 'TCP' ? '' : `/${protocol.toLowerCase()}`}`;
}

/** Somebody outside, the node itself, and a pod of each node that is no endpoint: its own Service would see another source. */
function clientsOf(service: Service, { cluster, nodes }: World): readonly ClientKind[] {
  const everywhere = (from: string): ClientKind => ({
    name: from,
    from: [from],
    each: nodes.flatMap((at) => (at === undefined ? [] : [{ from, at }])),
  });
  const first = new Map<string, string>();
  for (const pod of cluster.pods) {
    const isClient = pod.podIPs.length > 0 && !pod.hostNetwork && !isEndpoint(pod, service);
    if (!isClient || pod.nodeName === undefined || !nodes.includes(pod.nodeName)) continue;
    if (!first.has(pod.nodeName)) first.set(pod.nodeName, `pod ${objectKey(pod)}`);
  }
  const pods = [...first.values()];
  const ofPods = { name: 'pods', from: pods, each: pods.map((from) => ({ from, at: undefined })) };
  return [everywhere('outside'), everywhere('node'), ...(pods.length === 0 ? [] : [ofPods])];
}

function isEndpoint(pod: Pod, { namespace, selector }: Service): boolean {
  const labels = Object.keys(selector ?? {}).length === 0 ? undefined : selector;
  return labels !== undefined && pod.namespace === namespace && hasLabels(pod.labels, labels);
}

interface Wanted {
  readonly service: Service;
  readonly to: string;
  readonly clients: ClientKind;
}

interface RecordedCases {
  readonly cases: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

function recordCase({ service, to, clients }: Wanted, world: World): RecordedCases {
  const all: Connections = { service, to, name: clients.name, from: clients.from, at: undefined };
  const everywhere = describeAt(all, world);
  if ('diagnostics' in everywhere) return { cases: [], diagnostics: everywhere.diagnostics };
  if (everywhere.expectation !== undefined)
    return { cases: [printCase(all, everywhere.expectation)], diagnostics: [] };
  if (clients.each.length === 0) return { cases: [unclear(all)], diagnostics: [] };
  const cases = clients.each.map(({ from, at }) => {
    const one: Connections = { service, to, name: from, from: [from], at };
    const found = describeAt(one, world);
    const expectation = 'expectation' in found ? found.expectation : undefined;
    return expectation === undefined ? unclear(one) : printCase(one, expectation);
  });
  return { cases, diagnostics: [] };
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

function nameOfCase({ name, to, at }: Connections): string {
  return `${name} to ${to}${at === undefined ? '' : ` at ${at}`}`;
}

/** A comment in place of a case. */
function unclear(about: Connections): string {
  return `  # ${nameOfCase(about)}: addresses differ in what becomes of it\n`;
}

type Described =
  | { readonly expectation: Expectation | undefined }
  | { readonly diagnostics: readonly Diagnostic[] };

/** The expectation that all connections meet; undefined: they have too little in common. */
function describeAt(about: Connections, world: World): Described {
  const { service } = about;
  const clients = about.from.map((from, index) => readClient(from, ['from', index]));
  const [target, node] = [readTarget(about.to, ['to']), readNodeWords(about.at ?? 'each node', ['at'])];
  if ('problem' in target || 'problem' in node) return { expectation: undefined };
  const testCase: TrafficCase = {
    name: nameOfCase(about),
    span: service.locate([]),
    from: clients.flatMap((client) => ('problem' in client ? [] : [client.value])),
    to: [target.value],
    at: [node.value],
    patches: [],
    changes: [],
    expect: { kind: 'unreachable', reason: undefined },
    report: (code, _, problem) =>
      aboutField<ExpectCode>('Service', service, [], { code, severity: 'error', hint: '', ...problem }),
  };
  const { connections, diagnostics } = planCase(testCase, world);
  if (diagnostics.length > 0) return { diagnostics };
  const followed = connections.map((connection) => ({
    connection,
    outcome: followConnection(connection, world.at(connection.spot), world.known.ownerOf),
  }));
  const expectation = expectationOf(followed.flatMap(({ outcome }) => outcome ?? []));
  const holds = followed.every(
    ({ connection, outcome }) =>
      outcome !== undefined &&
      expectation !== undefined &&
      judge(expectation, outcome, connection, world).length === 0,
  );
  return { expectation: holds ? expectation : undefined };
}

/** As much as they have in common. */
function expectationOf(outcomes: readonly ConnectionOutcome[]): Expectation | undefined {
  const [first] = outcomes;
  if (first === undefined) return undefined;
  if (first.kind === 'reaches') {
    const counts = new Set(outcomes.map(({ endpoints }) => endpoints.length));
    const sources = new Set(outcomes.map(({ source }) => source));
    const source = sources.size === 1 && first.source !== 'both' ? first.source : undefined;
    const count = counts.size === 1 ? first.endpoints.length : undefined;
    return { kind: 'reaches', pods: undefined, count, evenly: undefined, source };
  }
  const kind = first.kind === 'rejected' || first.kind === 'dropped' ? first.kind : 'unreachable';
  const reasons = new Set(outcomes.map(({ reason }) => reason));
  return { kind, reason: reasons.size === 1 ? first.reason : undefined };
}

function printCase(about: Connections, expectation: Expectation): string {
  const { from, at, to } = about;
  const [first = '', ...others] = from;
  const lines = [
    `  - name: ${JSON.stringify(nameOfCase(about))}`,
    `    from: ${others.length > 0 ? `[${from.map((each) => JSON.stringify(each)).join(', ')}]` : first}`,
    ...(at === undefined ? [] : [`    at: ${JSON.stringify(at)}`]),
    `    to: ${JSON.stringify(to)}`,
    `    expect: ${printExpectation(expectation)}`,
  ];
  return `${lines.join('\n')}\n`;
}

function printExpectation(expectation: Expectation): string {
  switch (expectation.kind) {
    case 'reaches': {
      const { count, source } = expectation;
      const parts = [
        ...(count === undefined ? [] : [`reaches: { count: ${count} }`]),
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
