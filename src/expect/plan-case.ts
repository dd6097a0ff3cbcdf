import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { unknownNode } from '../explain/clients.ts';
import type { WantedClient } from '../explain/plan-connection.ts';
import {
  chooseTarget,
  describeTarget,
  type Role,
  type Target,
  type TargetAddress,
  targetsOf,
} from '../explain/targets.ts';
import { isLocal } from '../lang/packet/host.ts';
import { lowerCaseProtocol } from '../lang/packet/l4-protocol.ts';
import type { IPFamily } from '../model/cluster.ts';
import { cidrContains, familyOf, IP_FAMILIES, joinHostPort } from '../model/ip.ts';
import type { ServicePort } from '../model/node-state.ts';
import { type Client, clientsOf, type Fail } from './clients.ts';
import type { Fault, NodeWords, TargetWords, TrafficCase } from './expectation.ts';
import { selectNodes } from './select.ts';
import type { Site, Spot, World } from './world.ts';

/** A connection of a case. */
export interface PlannedConnection {
  readonly spot: Spot;
  readonly client: WantedClient;
  /** `outside`, `pod shop/web-0`. */
  readonly from: string;
  /** undefined: the Service has no address for such a client. */
  readonly address: TargetAddress | undefined;
  /** `the clusterIP of shop/front:https`. */
  readonly to: string;
  /** undefined: an address that no Service has. */
  readonly target: Pick<Target, 'servicePort' | 'role'> | undefined;
}

export interface PlannedCase {
  /** None: there are errors. */
  readonly connections: readonly PlannedConnection[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Each is followed through the rules of a node: a case that has more is a slip, or meant to take for ever. */
const MAX_CONNECTIONS = 100_000;

const TOO_MANY: Fault = {
  message: `these are more than ${MAX_CONNECTIONS} connections, from each client to each target`,
  hint: 'make several cases of it, or name fewer clients',
};

/** Finds the connections that a case is about. Whatever it names must be there. */
export function planCase(testCase: TrafficCase, world: World): PlannedCase {
  const diagnostics: Diagnostic[] = [];
  const fail: Fail = (field, problem) => {
    if (!diagnostics.some(({ message }) => message === problem.message))
      diagnostics.push(testCase.report('expectation-subject-known', field, problem));
    return [];
  };
  const on = testCase.at.flatMap((words) => nodesOf(words, world, fail));
  const isEachNode = testCase.at.some(({ kind }) => kind === 'each');
  const clients = testCase.from.flatMap((words) => clientsOf(words, { world, fail, on, isEachNode }));
  const connections: PlannedConnection[] = [];
  for (const words of testCase.to) {
    if (diagnostics.length > 0) break;
    for (const each of connectionsTo(words, clients, { world, fail })) connections.push(each);
    if (connections.length > MAX_CONNECTIONS) fail(['to'], TOO_MANY);
  }
  if (diagnostics.length === 0 && connections.length === 0)
    fail(['to'], { message: 'the client has no address of a family that the target has' });
  return { connections: diagnostics.length > 0 ? [] : connections, diagnostics };
}

function nodesOf(words: NodeWords, world: World, fail: Fail): readonly (string | undefined)[] {
  const { nodes, cluster } = world;
  switch (words.kind) {
    case 'each':
      return nodes;
    case 'node':
      return nodes.includes(words.name) ? [words.name] : fail(words.field, unknownNode(words.name, nodes));
    case 'selected': {
      const names = selectNodes(cluster, words.selector);
      return names.length > 0 ? names : fail(words.field, { message: 'no node is like that' });
    }
  }
}

interface TargetContext {
  readonly world: World;
  readonly fail: Fail;
}

function connectionsTo(
  words: TargetWords,
  clients: readonly Client[],
  { world, fail }: TargetContext,
): readonly PlannedConnection[] {
  const [mode] = world.modes;
  const [node] = clients[0]?.nodes ?? [];
  if (words.kind === 'name' && mode !== undefined) {
    const problem = serviceProblem(
      words,
      IP_FAMILIES.map((family) => world.at({ mode, node, family })),
      world,
    );
    if (problem !== undefined) return fail(words.field, problem);
  }
  return world.modes.flatMap((each) =>
    clients.flatMap((client) =>
      client.nodes.flatMap((on) =>
        familiesOf(client).flatMap(({ family, ip }): readonly PlannedConnection[] => {
          const spot: Spot = { mode: each, node: on, family };
          const wanted = { ip, origin: client.origin, inInterface: undefined, outInterface: undefined };
          const site = world.at(spot);
          if (needsNodeAddress(words, client, site)) return fail(words.field, addressMissing(on));
          if (isForeign(words, site)) return fail(words.field, familyMissing(family));
          const found = targetsIn(words, site, isOutside(client, ip, site));
          return found.map((target) => ({ ...target, spot, client: wanted, from: client.label }));
        }),
      ),
    ),
  );
}

/** Nothing serves the family of an address: no connection to it could do anything else, whatever the Services are. */
function isForeign(words: TargetWords, { state }: Site): boolean {
  return words.kind === 'address' && words.family === state.family && state.servicePorts.length === 0;
}

function familyMissing(family: IPFamily): Fault {
  return { message: `no Service has ${family} addresses`, hint: 'a case about that family tests nothing' };
}

function familiesOf({ ips }: Client) {
  if (ips === undefined) return IP_FAMILIES.map((family) => ({ family, ip: undefined }));
  return ips.map((ip) => ({ family: familyOf(ip), ip }));
}

function isOutside({ isOutside: known }: Client, ip: string | undefined, { state, host }: Site): boolean {
  if (known !== 'by-address') return known;
  if (ip === undefined || isLocal(host, ip)) return false;
  return state.localDetector.kind !== 'cidr' || !cidrContains(state.localDetector.cidr, ip);
}

type FoundTarget = Pick<PlannedConnection, 'address' | 'to' | 'target'>;

const OF_OUTSIDE: readonly Role[] = ['external IP', 'load balancer address', 'nodePort'];

function targetsIn(words: TargetWords, site: Site, isFromOutside: boolean): readonly FoundTarget[] {
  if (words.kind === 'address') {
    const { ip: destination, port, protocol, family } = words;
    const address = { destination, port, protocol };
    if (family !== site.state.family) return [];
    const target = site.targetAt(address, isLocal(site.host, destination));
    return [
      {
        address,
        to: target === undefined ? joinHostPort(destination, port) : describeTarget(target),
        target,
      },
    ];
  }
  const roles = words.roles ?? (isFromOutside ? OF_OUTSIDE : ['clusterIP']);
  return portsOf(words, site).flatMap((servicePort) => {
    const targets = targetsOf(servicePort).filter(({ role }) => roles.includes(role));
    if (targets.length > 0) return targets.flatMap((target) => atAddress(target, site));
    const { namespace, name, port } = servicePort.name;
    const to = `${namespace}/${name}:${port === '' ? servicePort.port : port}`;
    return [{ address: undefined, to, target: { servicePort, role: 'clusterIP' } }];
  });
}

function portsOf(words: Extract<TargetWords, { kind: 'name' }>, { portsOf: ofService }: Site) {
  return ofService(`${words.namespace}/${words.name}`).filter(
    ({ name, port, protocol }) =>
      (words.protocol === undefined || protocol.toLowerCase() === words.protocol) &&
      (words.port === undefined || name.port === words.port || `${port}` === words.port),
  );
}

/** A nodePort is asked for at the node where the connection is. */
function atAddress(target: Target, { facts }: Site): readonly FoundTarget[] {
  const destination = target.ip ?? facts.nodeIP;
  if (destination === undefined) return [];
  const { servicePort, role, port } = target;
  const address = { destination, port, protocol: lowerCaseProtocol(servicePort.protocol) };
  return [{ address, to: describeTarget(target), target: { servicePort, role } }];
}

/** NodePorts are meant, and nobody knows any address of the node. */
function needsNodeAddress(words: TargetWords, client: Client, site: Site): boolean {
  if (words.kind === 'address' || site.addresses.length > 0) return false;
  const isMeant = words.roles?.includes('nodePort') ?? client.isOutside !== false;
  return isMeant && portsOf(words, site).some(({ nodePort }) => nodePort !== 0);
}

function addressMissing(node: string | undefined): Fault {
  return {
    message: `the address of ${node === undefined ? 'the node' : `node ${node}`} is not known, so its nodePorts cannot be tried`,
    hint: 'add the Node object to the manifests, or --node with --node-ip',
  };
}

/** What keeps a name from being a target. */
function serviceProblem(
  words: Extract<TargetWords, { kind: 'name' }>,
  sites: readonly Site[],
  { cluster }: World,
): Fault | undefined {
  const ports = new Map<string, ServicePort>();
  for (const site of sites) {
    for (const port of portsOf(words, site))
      ports.set(`${port.name.port} ${port.port} ${port.protocol}`, port);
  }
  if (ports.size === 1 || (ports.size > 0 && words.isEachPort)) return undefined;
  const states = sites.map(({ state }) => state);
  const failure = chooseTarget(words, states, cluster.services);
  if (!('code' in failure)) return undefined;
  const hint = failure.hint?.replace('--to ', '');
  return { message: failure.message, ...(hint === undefined ? {} : { hint }) };
}
