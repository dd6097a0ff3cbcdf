import { listNames } from '../../diagnostic/report.ts';
import type { Host } from '../../lang/packet/host.ts';
import { formatServicePortName, type NodeState } from '../../model/node-state.ts';
import { describeRole, type Target, targetsOf } from '../connection/targets.ts';
import type { Connection } from '../explanation.ts';
import { nodePortElsewhere } from './node-port-notes.ts';

/** What the user may have meant, where no Service has the address and port. */
export function nearMisses(
  { servicePorts }: NodeState,
  connection: Connection,
  host: Host,
): readonly string[] {
  const { destination, port, protocol } = connection;
  const targets = servicePorts.flatMap(targetsOf);
  const here = targets.filter(({ ip }) => ip === destination);
  const [first] = here;
  if (first !== undefined) {
    const ports = here.map(({ servicePort, port: other }) => describePort(servicePort, other));
    return [
      `${destination} is ${describeAddress(first)}, which has no ${port}/${protocol.toUpperCase()}; it has ${listNames(ports)}`,
    ];
  }
  const nodePort = targets.find(({ role, port: other }) => role === 'nodePort' && other === port);
  if (nodePort !== undefined) return nodePortElsewhere(nodePort, connection, host);
  const endpoint = servicePorts.find(({ reachable }) => reachable.some(({ ip }) => ip === destination));
  if (endpoint === undefined) return [];
  const label = formatServicePortName(endpoint.name);
  return [`${destination} is an endpoint of ${label}: what goes to it directly concerns no Service`];
}

function describeAddress({ servicePort: { name }, role }: Target): string {
  return `${describeRole(role)} of ${name.namespace}/${name.name}`;
}

function describePort({ name, protocol }: Target['servicePort'], port: number): string {
  return `${port}/${protocol}${name.port === '' ? '' : ` (${name.port})`}`;
}
