import { aboutField } from '../../diagnostic/report.ts';
import { objectKey, type Service, type ServicePortSpec } from '../../model/cluster.ts';
import { IP_FAMILIES } from '../../model/ip.ts';
import type { ExpectCode } from '../codes.ts';
import type { Expectation, Fault, TrafficCase } from '../expectation.ts';
import { whyUntold } from '../explain-planned.ts';
import { judge } from '../judge.ts';
import { type ConnectionOutcome, connectionFollower } from '../outcome.ts';
import { type CasePlanner, casePlanner } from '../plan-case.ts';
import { readClient, readNodeWords, readTarget } from '../read/read-words.ts';
import type { World } from '../world/world.ts';
import { type ClientKind, clientsToTry } from './clients-to-try.ts';
import { identify } from './identify.ts';
import { type Connections, caseOf, leftOut, nameOfCase, type Recorded } from './print-case.ts';

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
      for (const clients of clientsToTry(service, world)) {
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

interface Wanted {
  readonly service: Service;
  readonly to: string;
  readonly clients: ClientKind;
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
