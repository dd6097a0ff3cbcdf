import { listNames } from '../../diagnostic/report.ts';
import { type Delivery, formatServicePortName } from '../../model/node-state.ts';
import type { Target } from '../connection/targets.ts';
import type { Connection, ExplainedWay } from '../explanation.ts';
import type { Findings } from './findings.ts';

/** Some rule has given it another destination. */
export function isSentOn({ destination, port }: ExplainedWay, connection: Connection): boolean {
  return destination !== connection.destination || port !== connection.port;
}

/** Why a Service refuses a connection. What it has sent on, it has not refused: somebody else has. */
export function refusalNotes(
  { servicePort, role }: Target,
  { connection, ways, isLive, whereabouts, lack }: Findings,
): readonly string[] {
  const isRefused = (result: ExplainedWay['result']) => ways.some((way) => way.result === result);
  const label = formatServicePortName(servicePort.name);
  const delivery = role === 'clusterIP' ? servicePort.internal : servicePort.external?.fromOutside;
  const policy = role === 'clusterIP' ? 'internalTrafficPolicy' : 'externalTrafficPolicy';
  if (!isRefused('rejected') && !isRefused('dropped')) return [];
  const { admitted } = servicePort;
  if (role === 'load balancer address' && admitted !== undefined && delivery?.kind === 'endpoints') {
    return [
      `${connection.source} is in none of the loadBalancerSourceRanges of ${label}: ${listNames(admitted.ranges)}`,
    ];
  }
  // Whether a node that has no name has endpoints, nobody knows.
  const isNowhere = delivery?.kind === 'drop' && isLive && whereabouts?.nodeName === undefined;
  return isNowhere || ways.some((way) => isSentOn(way, connection))
    ? []
    : deliveryNotes(delivery, { label, policy, lack });
}

function deliveryNotes(
  delivery: Delivery | undefined,
  { label, policy, lack }: { readonly label: string; readonly policy: string } & Pick<Findings, 'lack'>,
): readonly string[] {
  switch (delivery?.kind) {
    case 'reject':
      if (lack !== undefined) return [];
      return [`no endpoint of ${label} is ready, on any node: svcgen endpoints shows those that there are`];
    case 'drop':
      return [`${policy} of ${label} is Local, and none of its ready endpoints is on this node`];
    default:
      return [];
  }
}
