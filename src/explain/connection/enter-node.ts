import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { aboutRun } from '../../diagnostic/report.ts';
import { type Host, isLocal, isLoopback } from '../../lang/packet/host.ts';
import type { Packet } from '../../lang/packet/packet.ts';
import type { Cluster, IPFamily } from '../../model/cluster.ts';
import { familyOf } from '../../model/ip.ts';
import type { NodeState } from '../../model/node-state.ts';
import { bridgeNetworks } from '../../modes/dump/tell/bridge-networks.ts';
import type { ResolveCode } from '../../resolve/codes.ts';
import type { ExplainRequest } from '../explain-request.ts';
import type { Connection } from '../explanation.ts';
import { dumpOf, hostOfRules } from '../rule-source.ts';
import { type Aim, aimAt } from './aim.ts';
import { addressOf } from './find-client.ts';
import { type KnownAddresses, knownAddresses, nodeFacts } from './known-addresses.ts';
import { firstPacket, type NodeFacts, planConnection, type WantedClient } from './plan-connection.ts';
import { withDumpedPods } from './pod-networks.ts';
import { describeTarget, type Target, targetFinder } from './targets.ts';

/** A connection that has found its ends, and stands before the rules of a node. */
export interface Entry {
  readonly family: IPFamily;
  readonly client: WantedClient;
  readonly connection: Connection;
  /** What its destination is; undefined: nothing that manifests tell. */
  readonly target: Target | undefined;
  /** What a name stood for; undefined: an address was given. */
  readonly chosen: Aim['chosen'];
  /** Its first packet. */
  readonly packet: Packet;
  /** What the node serves; undefined: there are no manifests. */
  readonly state: NodeState | undefined;
  readonly host: Host;
  readonly known: KnownAddresses;
}

/** Finds out who connects, to what, and what the node is that the first packet comes to. */
export function enterNode(request: ExplainRequest): Entry | Diagnostic {
  const aim = aimAt(request.target, { ...request, dump: dumpOf(request.rules) });
  if ('code' in aim) return aim;
  const { family, chosen } = aim;
  const address = addressOf(request.client, family);
  if ('code' in address) return address;
  const client = { ...request.client, ...address };
  const known = knownAddresses(request.cluster ?? NO_OBJECTS);
  const node = nodeOf(request, family, known);
  const planned = planConnection(client, aim.destination, node.facts);
  if (planned === undefined) return nodeAddressMissing();
  const { state, host } = node;
  const target = state && targetFinder(state)(planned, isLocal(host, planned.destination));
  return {
    family,
    client,
    connection: { ...planned, target: target && describeTarget(target) },
    target,
    chosen,
    packet: firstPacket(planned, client, node.facts),
    state,
    host,
    known,
  };
}

const NO_OBJECTS: Pick<Cluster, 'nodes' | 'pods'> = { nodes: [], pods: [] };

interface EnteredNode {
  readonly state: NodeState | undefined;
  readonly host: Host;
  readonly facts: NodeFacts;
}

/** The node, as far as manifests and its own text tell. */
function nodeOf(request: ExplainRequest, family: IPFamily, known: KnownAddresses): EnteredNode {
  const { rules, nodeIPs, states, cluster, nodeName } = request;
  const dump = dumpOf(rules);
  const state = states.get(family);
  const bridges = dump === undefined ? {} : { bridges: bridgeNetworks(dump, family) };
  const host = { ...hostOfRules(rules, nodeIPs, state), ...bridges, ...request.links };
  const facts = nodeFacts(cluster, known, {
    family,
    host,
    node: nodeName,
    nodeIP: nodeIPs.find((ip) => familyOf(ip) === family && !isLoopback(ip)),
    state,
  });
  return { state, host, facts: dump === undefined ? facts : withDumpedPods(facts, dump) };
}

function nodeAddressMissing(): Diagnostic {
  return aboutRun<ResolveCode>({
    code: 'node-address-known',
    severity: 'error',
    message: 'the node itself connects, and none of its addresses is known',
    hint: 'add --from ADDRESS or --node-ip, or --node together with the Node object that has its addresses',
  });
}
