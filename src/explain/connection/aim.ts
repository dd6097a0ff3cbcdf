import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { bug } from '../../diagnostic/invariant.ts';
import { aboutRun } from '../../diagnostic/report.ts';
import { isLoopback } from '../../lang/packet/host.ts';
import { lowerCaseProtocol } from '../../lang/packet/l4-protocol.ts';
import type { Cluster, IPFamily } from '../../model/cluster.ts';
import { familyOf } from '../../model/ip.ts';
import type { NodeStates } from '../../model/node-state.ts';
import { type NodeDump, servicesIn } from '../../modes/dump/node-dump.ts';
import type { ResolveCode } from '../../resolve/codes.ts';
import type { ExplainCode } from '../codes.ts';
import { chooseDumpedTarget, type DumpNames } from './dumped-names.ts';
import { findListedNames, listedLabels } from './listed-names.ts';
import { unknownNode } from './name-faults.ts';
import type { WantedTarget } from './parse-target.ts';
import { findSavedNames, savedLabels } from './saved-names.ts';
import { chooseTarget, describeTarget, nodePortNamed, type Target, type TargetAddress } from './targets.ts';

/** What a connection goes to. */
export interface Aim {
  readonly family: IPFamily;
  readonly destination: TargetAddress;
  /** What its name stands for; undefined: an address was given. */
  readonly chosen: Target | undefined;
}

/** Where something may be found that has been named. */
export interface AimPlace {
  /** undefined: there are no manifests, but a dump. */
  readonly cluster: Cluster | undefined;
  readonly states: NodeStates;
  /** undefined: the rules are those of manifests. */
  readonly dump: NodeDump | undefined;
  /** Those of the node whose rules are followed, as far as they are known. */
  readonly nodeIPs: readonly string[];
}

/** Finds the address that is meant. */
export function aimAt(target: WantedTarget, { cluster, states, dump, nodeIPs }: AimPlace): Aim | Diagnostic {
  if (target.kind === 'address') {
    const { family, ip: destination, port, protocol } = target;
    return { family, destination: { destination, port, protocol }, chosen: undefined };
  }
  if (cluster === undefined) {
    const destination = chooseDumpedTarget(target, dumpNames(dump));
    if ('code' in destination) return destination;
    return { family: familyOf(destination.destination), destination, chosen: undefined };
  }
  // Services have no dots in their names.
  if (target.name.includes('.')) return unknownNodeOf(target.name, cluster);
  const named = nodePortNamed(target, states.values());
  const found = named ?? chooseTarget(target, states.values(), cluster.services);
  if ('code' in found) return found;
  const { family } = found.state;
  const { servicePort, port } = found.target;
  const destination = found.target.ip ?? nodeIPs.find((ip) => familyOf(ip) === family && !isLoopback(ip));
  if (destination === undefined) return nodeOfPortMissing(found.target);
  const protocol = lowerCaseProtocol(servicePort.protocol);
  return { family, destination: { destination, port, protocol }, chosen: found.target };
}

function unknownNodeOf(wanted: string, { nodes }: Cluster): Diagnostic {
  const names = nodes.map(({ name }) => name);
  return aboutRun<ExplainCode>({ code: 'service-known', severity: 'error', ...unknownNode(wanted, names) });
}

function nodeOfPortMissing(target: Target): Diagnostic {
  return aboutRun<ResolveCode>({
    code: 'node-address-known',
    severity: 'error',
    message: `${target.port} is ${describeTarget(target)}, and no address of a node is known`,
    hint: `add --node with the Node object that has its addresses, or give --to NODE_ADDRESS:${target.port}`,
  });
}

function dumpNames(whole: NodeDump | undefined): DumpNames {
  const dump = whole && servicesIn(whole);
  switch (dump?.kind) {
    case 'saved':
      return {
        by: 'comment',
        find: (label) => findSavedNames(dump.tables, label),
        labels: () => savedLabels(dump.tables),
      };
    case 'listed': {
      const { tables } = dump.ruleset;
      // Of a Service that has both families, the first one is meant.
      const find = (label: string) =>
        tables.map((table) => findListedNames(table, label)).find(({ length }) => length > 0) ?? [];
      return {
        by: 'chain or comment',
        find,
        labels: () => new Set(tables.flatMap((table) => [...listedLabels(table)])),
      };
    }
    case undefined:
      throw bug('there are neither rules nor manifests');
  }
}
