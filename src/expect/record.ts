import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { aboutField } from '../diagnostic/report.ts';
import { objectKey, type Service, type ServicePortSpec } from '../model/cluster.ts';
import type { ExpectCode } from './codes.ts';
import type { Expectation, TrafficCase } from './expectation.ts';
import { judge } from './judge.ts';
import { type ConnectionOutcome, followConnection } from './outcome.ts';
import { planCase } from './plan-case.ts';
import { readClient, readNodeWords, readTarget } from './read-words.ts';
import type { World } from './world.ts';

/** Cases that describe what traffic does now. */
export interface Recording {
  /** A file of expectations, which a world like this one passes. */
  readonly text: string;
  /** Why some of it could not be described. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Kinds of clients. */
const CLIENTS = ['outside', 'node'] as const;

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
      for (const from of CLIENTS) {
        const recorded = recordCase({ service, to: targetOf(service, port), from }, world);
        for (const each of recorded.diagnostics) diagnostics.push(each);
        for (const each of recorded.cases) cases.push(each);
      }
    }
  }
  const head =
    '# What traffic does now, as svcgen test --record saw it: keep what is meant, and mend the rest.\n';
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

interface Wanted {
  readonly service: Service;
  readonly to: string;
  readonly from: (typeof CLIENTS)[number];
}

interface RecordedCases {
  readonly cases: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

function recordCase(wanted: Wanted, world: World): RecordedCases {
  const everywhere = describeAt(wanted, 'each node', world);
  if ('diagnostics' in everywhere) return { cases: [], diagnostics: everywhere.diagnostics };
  if (everywhere.expectation !== undefined)
    return { cases: [printCase(wanted, undefined, everywhere.expectation)], diagnostics: [] };
  const cases = world.nodes.map((node) => {
    const found = node === undefined ? everywhere : describeAt(wanted, node, world);
    const expectation = 'expectation' in found ? found.expectation : undefined;
    return expectation === undefined ? unclear(wanted, node) : printCase(wanted, node, expectation);
  });
  return { cases, diagnostics: [] };
}

/** A comment in place of a case. */
function unclear({ from, to }: Wanted, node: string | undefined): string {
  return `  # ${from} to ${to}${node === undefined ? '' : ` at ${node}`}: addresses differ in what becomes of it\n`;
}

type Described =
  | { readonly expectation: Expectation | undefined }
  | { readonly diagnostics: readonly Diagnostic[] };

/** The expectation that all connections meet; undefined: they have too little in common. */
function describeAt({ service, to, from }: Wanted, at: string, world: World): Described {
  const [client, target, node] = [
    readClient(from, ['from']),
    readTarget(to, ['to']),
    readNodeWords(at, ['at']),
  ];
  if ('problem' in client || 'problem' in target || 'problem' in node) return { expectation: undefined };
  const testCase: TrafficCase = {
    name: `${from} to ${to}`,
    span: service.locate([]),
    from: [client.value],
    to: [target.value],
    at: [node.value],
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

function printCase({ from, to }: Wanted, node: string | undefined, expectation: Expectation): string {
  const at = node === undefined ? '' : ` at ${node}`;
  const lines = [
    `  - name: ${JSON.stringify(`${from} to ${to}${at}`)}`,
    `    from: ${from}`,
    ...(node === undefined ? [] : [`    at: ${JSON.stringify(node)}`]),
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
