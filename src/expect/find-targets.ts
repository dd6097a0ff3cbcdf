import type { WantedClient } from '../explain/connection/plan-connection.ts';
import { type Role, type Target, type TargetAddress, targetsOf } from '../explain/connection/targets.ts';
import { isLocal } from '../lang/packet/host.ts';
import { lowerCaseProtocol } from '../lang/packet/l4-protocol.ts';
import type { ServicePort } from '../model/node-state.ts';
import type { Client } from './clients.ts';
import type { TargetWords } from './expectation.ts';
import type { Site } from './world/site.ts';

/** A client at a site. */
export interface Visit {
  readonly client: Client;
  readonly wanted: WantedClient;
  readonly site: Site;
  /** It uses the addresses that are for clients outside. */
  readonly isFromOutside: boolean;
}

/** A connection of a case. */
export interface PlannedConnection {
  readonly site: Site;
  readonly client: WantedClient;
  /** `outside`, `pod shop/web-0`. */
  readonly from: string;
  /** undefined: the Service has no address for such a client. */
  readonly address: TargetAddress | undefined;
  /** undefined: an address that no Service has. */
  readonly target: Pick<Target, 'servicePort' | 'role'> | undefined;
}

type FoundTarget = Pick<PlannedConnection, 'address' | 'target'>;

const OF_OUTSIDE: readonly Role[] = ['external IP', 'load balancer address', 'nodePort'];
const OF_INSIDE: readonly Role[] = ['clusterIP'];

/** The addresses that words of a case mean for a client at a site. @param ports of the Service, where they name one */
export function targetsIn(
  words: TargetWords,
  ports: readonly ServicePort[],
  { site, isFromOutside }: Visit,
): readonly FoundTarget[] {
  if (words.kind === 'address') {
    const { ip: destination, port, protocol, family } = words;
    const address = { destination, port, protocol };
    if (family !== site.spot.family) return [];
    return [{ address, target: site.targetAt(address, isLocal(site.host, destination)) }];
  }
  const roles = words.roles ?? (isFromOutside ? OF_OUTSIDE : OF_INSIDE);
  const found: FoundTarget[] = [];
  for (const servicePort of ports) {
    const targets = targetsOf(servicePort).filter(({ role }) => roles.includes(role));
    for (const target of targets) {
      const address = addressAt(target, site);
      if (address !== undefined) found.push({ address, target });
    }
    if (targets.length === 0) found.push({ address: undefined, target: { servicePort, role: 'clusterIP' } });
  }
  return found;
}

const NO_PORTS: readonly ServicePort[] = [];

/** The ports of the Service that words of a case name. */
export function portsOf(words: TargetWords, { portsOf: ofService, state }: Site): readonly ServicePort[] {
  if (words.kind === 'address' || state.servicePorts.length === 0) return NO_PORTS;
  const ports = ofService(words.service);
  if (words.port === undefined && words.protocol === undefined) return ports;
  return ports.filter(
    ({ name, port, protocol }) =>
      (words.protocol === undefined || protocol.toLowerCase() === words.protocol) &&
      (words.port === undefined || name.port === words.port || `${port}` === words.port),
  );
}

/** A nodePort is asked for at the node where the connection is; undefined: the node has no address of the family. */
function addressAt({ ip, port, servicePort }: Target, { facts }: Site): TargetAddress | undefined {
  const destination = ip ?? facts.nodeIP;
  if (destination === undefined) return undefined;
  return { destination, port, protocol: lowerCaseProtocol(servicePort.protocol) };
}
