import type { TrafficPolicy } from '../../model/cluster.ts';
import type { Delivery, EndpointPool, ExternalDelivery } from '../../model/node-state.ts';
import type { EndpointPools, PoolsUsed } from './endpoint-pools.ts';

/** The policies of a service port in one family. */
export interface Policies {
  readonly internal: TrafficPolicy;
  readonly external: TrafficPolicy;
  /** It has a nodePort, an external or a load-balancer address of the family: else `external` means nothing. */
  readonly isExternallyAccessible: boolean;
}

const REJECT: Delivery = { kind: 'reject' };
const DROP: Delivery = { kind: 'drop' };

/**
 * Which pools a service port needs (serviceport.go of kube-proxy 1.34). One that is reached from outside always needs
 * the cluster pool: a Local policy does not hold for traffic of the node's own pods and processes.
 */
export function poolsUsed({ internal, external, isExternallyAccessible }: Policies): PoolsUsed {
  return {
    cluster: internal === 'Cluster' || isExternallyAccessible,
    local: internal === 'Local' || (external === 'Local' && isExternallyAccessible),
  };
}

/** What clients of the clusterIP get. */
export function internalDelivery({ internal }: Policies, pools: EndpointPools): Delivery {
  return deliveryOf(internal, pools);
}

/** What clients of the other addresses get; undefined when there are none. */
export function externalDelivery(
  { external, isExternallyAccessible }: Policies,
  pools: EndpointPools,
): ExternalDelivery | undefined {
  if (!isExternallyAccessible) return undefined;
  const fromInside = deliveryOf('Cluster', pools);
  return {
    fromOutside: deliveryOf(external, pools),
    fromInside,
    isServed: fromInside.kind === 'endpoints',
    keepsClientIP: external === 'Local',
  };
}

function deliveryOf(policy: TrafficPolicy, { hasUsable, cluster, local }: EndpointPools): Delivery {
  if (!hasUsable) return REJECT;
  return toPool(policy === 'Local' ? local : cluster);
}

function toPool(pool: EndpointPool | undefined): Delivery {
  return pool === undefined ? DROP : { kind: 'endpoints', pool };
}
