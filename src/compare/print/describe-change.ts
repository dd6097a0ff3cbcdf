import { assertNever } from '../../diagnostic/invariant.ts';
import { listNames } from '../../diagnostic/report.ts';
import type {
  AddressFact,
  Allocation,
  Backends,
  Change,
  Clients,
  NodeChange,
  Outcome,
  PortFact,
  ServiceFacts,
} from '../traffic/traffic-diff.ts';
import type { Style } from './style.ts';

/** A change in one line: `nodePort of http: 30080 -> 30090`. */
export function describeChange(change: Change, style: Style): string {
  switch (change.kind) {
    case 'value':
      return describeValue(change, style);
    case 'list':
      return `${change.aspect}: ${plusAndMinus(change, style)}`;
    case 'backends':
      return `${backendsTitle(change, style)}: ${describeOutcomes(change, style)}`;
    case 'stale flows': {
      const { port, family, servers } = change;
      const ofPort = port === '' ? '' : ` of ${style.value(port)}`;
      const where = whose({ clients: 'all', family });
      return `UDP flows${ofPort}${where} that go stale: those to ${listNames(servers.map(style.value))}`;
    }
    case 'place': {
      const { address, before, after } = change;
      return `backend ${style.value(address)}: ${fromTo(before, after, style)}`;
    }
    default:
      return assertNever(change);
  }
}

/** A line about the node: `NodePorts answer (IPv4): everywhere -> nowhere`. */
export function describeNodeChange({ aspect, family, before, after }: NodeChange, style: Style): string {
  return `${aspect} (${family}): ${fromTo(before, after, style)}`;
}

/** Who meets what: `backends of http from outside (IPv6)`. */
function backendsTitle(
  { port, clients, family }: Pick<Backends, 'clients' | 'family'> & { readonly port: string },
  style: Style,
): string {
  const ofPort = port === '' ? '' : ` of ${style.value(port)}`;
  return `backends${ofPort}${whose({ clients, family })}`;
}

/** `a, b, c`, or why there are none. */
function describeOutcome(outcome: Outcome, { value }: Style): string {
  if (outcome.kind === 'endpoints') return listNames(outcome.hostPorts.map(value));
  return outcome.kind === 'reject' ? NONE_AT_ALL : NONE_HERE;
}

const NONE_AT_ALL = 'none, connections are rejected';
const NONE_HERE = 'none on this node, connections are dropped';

/** What svcgen had to do with a value. */
function describeAllocation(allocation: Allocation | undefined): string {
  switch (allocation) {
    case undefined:
      return '';
    case 'moves':
      return ' (allocated, and moves)';
    case 'is allocated':
      return ' (allocated)';
    case 'was allocated':
      return ' (was allocated)';
    default:
      return assertNever(allocation);
  }
}

const CLIENTS: Readonly<Record<Clients, string>> = {
  all: '',
  inside: ' at its clusterIP',
  outside: ' from outside',
  node: ' at its other addresses, from this node',
};

function whose({ clients, family }: Pick<Backends, 'clients' | 'family'>): string {
  return `${CLIENTS[clients]}${family === undefined ? '' : ` (${family})`}`;
}

function describeValue(change: Extract<Change, { kind: 'value' }>, style: Style): string {
  const { aspect, port, before, after, allocation } = change;
  const title = port === undefined || port === '' ? aspect : titleOfPort(aspect, style.value(port));
  return `${title}: ${fromTo(before, after, style)}${describeAllocation(allocation)}`;
}

/** `port http`, `nodePort of http`. */
function titleOfPort(aspect: string, port: string): string {
  return aspect === 'port' ? `port ${port}` : `${aspect} of ${port}`;
}

function fromTo(before: string | undefined, after: string | undefined, { value, arrow }: Style): string {
  if (before === undefined) return `+ ${value(after ?? '')}`;
  return after === undefined ? `- ${value(before)}` : `${value(before)} ${arrow} ${value(after)}`;
}

function describeOutcomes({ before, after }: Extract<Change, { kind: 'backends' }>, style: Style): string {
  if (before === undefined) return describeOutcome(after, style);
  if (before.kind !== 'endpoints' || after.kind !== 'endpoints') {
    return `${describeOutcome(after, style)} (was: ${describeOutcome(before, style)})`;
  }
  const [old, now] = [new Set(before.hostPorts), new Set(after.hostPorts)];
  const added = after.hostPorts.filter((each) => !old.has(each));
  const removed = before.hostPorts.filter((each) => !now.has(each));
  return `${plusAndMinus({ added, removed }, style)} (${old.size} ${style.arrow} ${now.size})`;
}

function plusAndMinus(
  { added, removed }: { readonly added: readonly string[]; readonly removed: readonly string[] },
  { value }: Style,
): string {
  const plus = added.length === 0 ? [] : [`+ ${listNames(added.map(value))}`];
  const minus = removed.length === 0 ? [] : [`- ${listNames(removed.map(value))}`];
  return [...plus, ...minus].join('; ');
}

/** Lines about a Service that comes or goes: what it is, then its ports with what is behind them. */
export function describeFacts({ type, addresses, ports }: ServiceFacts, style: Style): readonly string[] {
  const places = addresses.map((address) => describeAddress(address, style));
  return [[type, ...places].join(', '), ...ports.flatMap((port) => describePort(port, style))];
}

function describeAddress({ what, address, isAllocated }: AddressFact, { value }: Style): string {
  return `${what} ${value(address)}${allocated(isAllocated)}`;
}

function describePort({ name, port, nodePort, backends }: PortFact, style: Style): readonly string[] {
  const title = name === '' ? 'port' : `port ${style.value(name)}`;
  const onNodes =
    nodePort === undefined
      ? ''
      : `, nodePort ${style.value(String(nodePort.port))}${allocated(nodePort.isAllocated)}`;
  return [
    `${title}: ${style.value(port)}${onNodes}`,
    ...backends.map(
      (each) => `${backendsTitle({ ...each, port: name }, style)}: ${describeOutcome(each.outcome, style)}`,
    ),
  ];
}

function allocated(isAllocated: boolean): string {
  return describeAllocation(isAllocated ? 'is allocated' : undefined);
}
