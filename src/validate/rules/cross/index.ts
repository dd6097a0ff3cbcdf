import type { ServiceRule } from '../../rule.ts';
import { clusterIPNotTaken } from './cluster-ip-not-taken.ts';
import type { ClusterRule } from './cluster-rule.ts';
import { endpointNotClusterIP } from './endpoint-not-cluster-ip.ts';
import { endpointPortsMatch } from './endpoint-ports-match.ts';
import { endpointsHaveService } from './endpoints-have-service.ts';
import { endpointsWithinCapacity } from './endpoints-within-capacity.ts';
import { endpointsWithoutSelector } from './endpoints-without-selector.ts';
import { externalIPNotTaken } from './external-ip-not-taken.ts';
import { externalNameNotIP } from './external-name-not-ip.ts';
import { headlessNoNodePort } from './headless-no-node-port.ts';
import { healthCheckNodePortNotTaken } from './health-check-node-port-not-taken.ts';
import { loadBalancerHasAddress } from './load-balancer-has-address.ts';
import { loadBalancerIPNotTaken } from './load-balancer-ip-not-taken.ts';
import { localPolicyHasEndpoints } from './local-policy-has-endpoints.ts';
import { nodePortNotTaken } from './node-port-not-taken.ts';
import { objectUnique } from './object-unique.ts';
import { selectorMatchesPods } from './selector-matches-pods.ts';
import { targetPortDefined } from './target-port-defined.ts';
import { targetPortDefinedEverywhere } from './target-port-defined-everywhere.ts';
import { targetPortProtocol } from './target-port-protocol.ts';

/** Rules about several objects. Each takes time linear in the objects that it looks at. */
export const crossRules = Object.freeze([
  objectUnique,
  clusterIPNotTaken,
  nodePortNotTaken,
  healthCheckNodePortNotTaken,
  externalIPNotTaken,
  loadBalancerIPNotTaken,
  endpointNotClusterIP,
  endpointsHaveService,
  endpointsWithoutSelector,
  endpointPortsMatch,
  endpointsWithinCapacity,
  selectorMatchesPods,
  targetPortDefined,
  targetPortDefinedEverywhere,
  targetPortProtocol,
  localPolicyHasEndpoints,
]) satisfies readonly ClusterRule[];

/** Rules of the same category that one Service is enough for: what it says is without effect where it runs. */
export const crossServiceRules = Object.freeze([
  loadBalancerHasAddress,
  externalNameNotIP,
  headlessNoNodePort,
]) satisfies readonly ServiceRule[];
