import type { TrafficPolicy } from '../../model/cluster.ts';
import type { Endpoint, IPVSDeliveries } from '../../model/node-state.ts';
import type { Policies } from './deliveries.ts';
import type { EndpointPools } from './endpoint-pools.ts';

const NONE: readonly Endpoint[] = [];

/**
 * The real servers of a service port, as `syncEndpoint` of kube-proxy 1.34 (ipvs/proxier.go) picks them: with a Local
 * policy and no local endpoint it takes those of the cluster, so that the node's own pods are served
 * (kubernetes/kubernetes#97081), and clients elsewhere get answers that they do not expect, which is as good as none.
 * @param hairpin endpoints that may reach themselves through the Service
 */
export function ipvsDeliveries(
  policies: Policies,
  pools: EndpointPools,
  hairpin: readonly Endpoint[],
): IPVSDeliveries {
  return {
    internal: realServers(policies.internal, pools),
    external: policies.isExternallyAccessible ? realServers(policies.external, pools) : NONE,
    hairpin,
  };
}

function realServers(policy: TrafficPolicy, { cluster, local }: EndpointPools): readonly Endpoint[] {
  const pool = policy === 'Local' ? (local ?? cluster) : cluster;
  return pool?.endpoints ?? NONE;
}
