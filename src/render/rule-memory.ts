import type { ListPart } from '../lang/text/in-parts.ts';
import type { IPFamily } from '../model/cluster.ts';
import type { NodeState, ServicePort } from '../model/node-state.ts';

/**
 * What is kept of one node's rules for the next ones. Nodes of a cluster have nearly all of their rules in common: a service port
 * that is the same on two nodes adds the same to each list of rules, elements or names, in every mode. So whatever a renderer makes
 * of one service port, and prints of it, it makes once for all nodes. Builders say with what it was made beside the service port;
 * printers keep the text of what was kept (`in-parts.ts`).
 *
 * It holds one part for each service port and list, with its text: about as much as the texts of one node, and as much again for
 * each zone whose nodes have other endpoints. What is of one node alone goes with that node's state.
 */
export interface RuleMemory {
  /** For facts of one kind. */
  readonly knower: <Fact extends object>() => PortKnower<Fact>;
  /** For items of one kind. */
  readonly keeper: <Item>() => PartKeeper<Item>;
}

/**
 * What depends on nothing but the service port, such as its names: found out once for all that are alike. Nodes in turn that
 * have the same facts get the very same list of them.
 */
export type PortKnower<Fact extends object> = (
  servicePorts: readonly ServicePort[],
  findOut: (alike: ServicePort) => Fact,
) => readonly Fact[];

/** Makes lists of what service ports add to them. Lists are told apart by their names. */
export type PartKeeper<Item> = (list: PartList) => PartBuilder<Item>;

/** Makes what the next service port (or a fact of it) adds to the list, or finds it. */
export type PartBuilder<Item> = <Port extends object>(
  port: Port,
  build: (port: Port) => Iterable<Item>,
) => ListPart<Item>;

export interface PartList {
  readonly name: string;
  /** All that its parts are made of beside service ports, which nodes may have otherwise. */
  readonly madeFor: string;
}

/** Service ports that differ in nothing but which of their endpoints are on the node: one of them stands for all. */
export type AlikeServicePort = (servicePort: ServicePort) => ServicePort;

/** Remembers nothing: for one node. */
const NO_MEMORY: RuleMemory = {
  knower: () => (servicePorts, findOut) => servicePorts.map(findOut),
  keeper: () => () => (port, build) => ({ items: [...build(port)] }),
};

/** For one node after the other, or (without `alike`) for one alone. */
export function createRuleMemory(alike?: AlikeServicePort | undefined): RuleMemory {
  if (alike === undefined) return NO_MEMORY;
  return { knower: () => knowPorts(alike), keeper: keepParts };
}

/** The next node has nearly always the same at one place of a list: to look there takes less than a map. */
interface Known<Fact> {
  readonly servicePort: ServicePort;
  readonly fact: Fact;
}

function knowPorts<Fact extends object>(alike: AlikeServicePort): PortKnower<Fact> {
  const places: Known<Fact>[] = [];
  const facts = new WeakMap<ServicePort, Fact>();
  let last: readonly Fact[] = [];
  return (servicePorts, findOut) => {
    const found = servicePorts.map((servicePort, place) => {
      const there = places[place];
      if (there?.servicePort === servicePort) return there.fact;
      const one = alike(servicePort);
      const fact = facts.get(one) ?? findOut(one);
      facts.set(one, fact);
      places[place] = { servicePort, fact };
      return fact;
    });
    const isSame = found.length === last.length && found.every((fact, place) => fact === last[place]);
    if (!isSame) last = found;
    return last;
  };
}

interface KeptPart<Item> extends ListPart<Item> {
  readonly port: object;
  readonly madeFor: string;
}

interface KeptList<Item> {
  readonly places: KeptPart<Item>[];
  readonly byPort: WeakMap<object, KeptPart<Item>>;
}

function keepParts<Item>(): PartKeeper<Item> {
  const lists = new Map<string, KeptList<Item>>();
  return ({ name, madeFor }) => {
    const { places, byPort } = lists.get(name) ?? { places: [], byPort: new WeakMap() };
    lists.set(name, { places, byPort });
    let place = 0;
    return (port, build) => {
      // The list is read again.
      if (port === places[0]?.port) place = 0;
      const there = places[place];
      const before = there?.port === port ? there : byPort.get(port);
      const isGood = before?.madeFor === madeFor;
      const part = isGood ? before : { port, madeFor, items: [...build(port)], kept: {} };
      if (!isGood) byPort.set(port, part);
      places[place++] = part;
      return part;
    };
  };
}

/** One for each family: what is at a place of a list in one is nothing to the other. */
export function memoryOfFamilies<Memory>(create: () => Memory): Readonly<Record<IPFamily, Memory>> {
  return { IPv4: create(), IPv6: create() };
}

/** What parts depend on that tell who a packet comes from. */
export function clientsTold({ masqueraded, localDetector }: NodeState): string {
  return JSON.stringify([masqueraded, localDetector]);
}
