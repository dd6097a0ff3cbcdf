import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import type { Explanation } from '../explain/explanation.ts';
import type { Span } from '../model/source.ts';
import type { TrafficCase } from './expectation.ts';
import { explainPlanned } from './explain-planned.ts';
import type { PlannedConnection } from './find-targets.ts';
import { describeExpected, judge } from './judge.ts';
import { connectionFollower } from './outcome.ts';
import { type CasePlanner, casePlanner, describeTo } from './plan-case.ts';
import { unknownWanted } from './wanted.ts';
import type { World } from './world/world.ts';
import type { WorldAfter } from './world/worlds.ts';

/** What came of the cases of all files. `Case`: with the place of each, or a function that finds it. */
export interface TestReport<Case extends CaseResult | RanCase = CaseResult> {
  readonly cases: readonly Case[];
  /** What the cases do not tell: sentences without a full stop. */
  readonly notes: readonly string[];
}

export interface CaseResult extends Omit<RanCase, 'locate'> {
  /** Where it is: the file that it is in, too. */
  readonly span: Span;
}

/** What came of a case. */
export interface RanCase {
  readonly name: string;
  /** Where it is: found when somebody asks, as that takes longer than the case, and few of thousands are asked for. */
  readonly locate: () => Span;
  /** How many connections were followed. */
  readonly connections: number;
  /** Connections that do something else than was expected. None: it has passed. */
  readonly failures: readonly Failure[];
}

/** Where a case is, whichever form its result has. */
export function spanOf(result: CaseResult | RanCase): Span {
  return 'span' in result ? result.span : result.locate();
}

/** A connection that does something else than was expected. */
export interface Failure {
  /** `from outside to the nodePort of shop/front:https on node-a, mode iptables`. */
  readonly connection: string;
  readonly expected: string;
  /** What differs: sentences without a full stop. */
  readonly differences: readonly string[];
  /** The packet's way; undefined: there is no address to send one to. */
  readonly explanation: Explanation | undefined;
}

export interface RanCases {
  /** Of those without errors. */
  readonly results: readonly RanCase[];
  readonly diagnostics: readonly Diagnostic[];
}

interface CaseRun {
  /** Left out: there are errors. */
  readonly result?: RanCase;
  readonly diagnostics: readonly Diagnostic[];
}

/** More failures of one case are no news: only the first ones keep their way. */
const MAX_EXPLAINED = 20;

/** Follows all connections of cases, and compares what becomes of them with what was expected. */
export function runCases(testCases: readonly TrafficCase[], worldAfter: WorldAfter): RanCases {
  const trial: Trial = { plan: casePlanner(), followOnce: connectionFollower() };
  const found: Diagnostic[] = [];
  const worlds = new Set<World['diagnostics']>();
  const results: RanCase[] = [];
  for (const testCase of testCases) {
    const world = worldAfter(testCase);
    const ran: CaseRun = 'failed' in world ? { diagnostics: world.failed } : runCase(testCase, world, trial);
    if (ran.result !== undefined) results.push(ran.result);
    for (const each of ran.diagnostics) found.push(each);
    if (!('failed' in world)) worlds.add(world.diagnostics);
  }
  return { results, diagnostics: [...found, ...[...worlds].flat()] };
}

interface Trial {
  readonly plan: CasePlanner;
  readonly followOnce: ReturnType<typeof connectionFollower>;
}

function runCase(testCase: TrafficCase, world: World, { plan, followOnce }: Trial): CaseRun {
  const { connections, diagnostics: planned } = plan(testCase, world);
  const diagnostics =
    planned.length > 0
      ? planned
      : [...unknownPorts(testCase, connections), ...unknownWanted(testCase, connections, world)];
  if (diagnostics.length > 0) return { diagnostics };
  // Rules of a node with errors are not to be made: they are about something that its mode cannot do.
  if (world.hasErrors()) return { diagnostics: [] };
  const failures: Failure[] = [];
  for (const connection of connections) {
    const outcome = followOnce(connection);
    const differences =
      outcome === undefined
        ? ['what becomes of it cannot be told: give the node an address, or see svcgen explain']
        : judge(testCase.expect, outcome, connection, world);
    if (differences.length === 0) continue;
    failures.push({
      connection: describeConnection(connection, world),
      expected: describeExpected(testCase.expect, connection),
      differences,
      explanation: failures.length < MAX_EXPLAINED ? explainPlanned(connection, world) : undefined,
    });
  }
  const { name, locate } = testCase;
  return { result: { name, locate, connections: connections.length, failures }, diagnostics: [] };
}

/** Ports that a case wants to be served and that nothing has: it could pass for the wrong reason. */
function unknownPorts(
  { expect, report }: TrafficCase,
  connections: readonly PlannedConnection[],
): readonly Diagnostic[] {
  if (expect.kind !== 'only') return [];
  const known = new Set(
    connections.flatMap(({ target }) =>
      target === undefined ? [] : [target.servicePort.name.port, `${target.servicePort.port}`],
    ),
  );
  return expect.ports.flatMap((port, index) => {
    if (port !== '' && known.has(port)) return [];
    const near = didYouMean(port, known);
    return report('expectation-subject-known', ['expect', 'only', index], {
      message: `there is no port ${port} among those of "to"`,
      hint:
        near === undefined || near === '' ? 'it takes names or numbers of ports' : `did you mean ${near}?`,
    });
  });
}

function describeConnection(connection: PlannedConnection, { nodes, modes }: World): string {
  const {
    from,
    address,
    site: { spot },
  } = connection;
  const on = spot.node === undefined || (nodes.length === 1 && modes.length === 1) ? '' : ` on ${spot.node}`;
  const mode = modes.length === 1 ? '' : `, mode ${spot.mode}`;
  const family = address === undefined || spot.family === 'IPv4' ? '' : ', IPv6';
  return `from ${from} to ${describeTo(connection)}${on}${mode}${family}`;
}
