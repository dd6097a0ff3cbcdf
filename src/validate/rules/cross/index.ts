import type { ServiceRule } from '../../rule.ts';
import { backendServiceExists, statefulSetHasService } from './backend.ts';
import type { ClusterRule } from './cluster-rule.ts';
import { endpointsKindCurrent, externalIPsCurrent } from './deprecated.ts';
import { endpointNotClusterIP } from './endpoint-not-cluster-ip.ts';
import { endpointPortsMatch } from './endpoint-ports-match.ts';
import { endpointsHaveService, endpointsWithinCapacity, endpointsWithoutSelector } from './endpoints.ts';
import { selectorMatchesPods } from './selector-matches-pods.ts';
import {
  externalAddressOfNode,
  externalNameNotIP,
  headlessNoNodePort,
  loadBalancerHasAddress,
  localPolicyHasEndpoints,
} from './service-settings.ts';
import {
  clusterIPNotTaken,
  externalIPNotTaken,
  healthCheckNodePortNotTaken,
  loadBalancerIPNotTaken,
  nodePortNotTaken,
  objectUnique,
} from './taken-twice.ts';
import {
  targetPortDeclared,
  targetPortDefined,
  targetPortDefinedEverywhere,
  targetPortProtocol,
} from './target-port.ts';

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
  backendServiceExists,
  statefulSetHasService,
]) satisfies readonly ClusterRule[];

/** Rules about several objects that only hint. */
export const hintRules = Object.freeze([
  endpointsKindCurrent,
  externalIPsCurrent,
  externalAddressOfNode,
  targetPortDeclared,
]) satisfies readonly ClusterRule[];

/** Rules of the same category that one Service is enough for: what it says is without effect where it runs. */
export const crossServiceRules = Object.freeze([
  loadBalancerHasAddress,
  externalNameNotIP,
  headlessNoNodePort,
]) satisfies readonly ServiceRule[];
