import type { ServiceRule } from '../rule.ts';
import { serviceAddressCanonical } from './address-canonical.ts';
import { clusterIPFamily } from './cluster-ip-family.ts';
import { clusterIPInRange } from './cluster-ip-in-range.ts';
import { clusterIPValid } from './cluster-ip-valid.ts';
import { clusterIPsDualStack } from './cluster-ips-dual-stack.ts';
import { clusterIPsMatch } from './cluster-ips-match.ts';
import { crossServiceRules } from './cross/index.ts';
import { externalIPValid } from './external-ip-valid.ts';
import { externalNameValid } from './external-name-valid.ts';
import { externalNameWithoutAddresses } from './external-name-without-addresses.ts';
import { externalTrafficPolicyKnown } from './external-traffic-policy-known.ts';
import { externalTrafficPolicyType } from './external-traffic-policy-type.ts';
import { headlessAlone } from './headless-alone.ts';
import { headlessType } from './headless-type.ts';
import { healthCheckNodePortInRange } from './health-check-node-port-in-range.ts';
import { healthCheckNodePortType } from './health-check-node-port-type.ts';
import { healthCheckNodePortUnique } from './health-check-node-port-unique.ts';
import { ingressHostnameValid } from './ingress-hostname-valid.ts';
import { ingressIPModeKnown } from './ingress-ip-mode-known.ts';
import { ingressIPValid } from './ingress-ip-valid.ts';
import { internalTrafficPolicyKnown } from './internal-traffic-policy-known.ts';
import { ipFamiliesValid } from './ip-families-valid.ts';
import { ipFamilyConfigured } from './ip-family-configured.ts';
import { ipFamilyPolicyKnown } from './ip-family-policy-known.ts';
import { loadBalancerClassValid } from './load-balancer-class-valid.ts';
import { loadBalancerFieldsType } from './load-balancer-fields-type.ts';
import { nodePortInRange } from './node-port-in-range.ts';
import { nodePortSharedByPort } from './node-port-shared-by-port.ts';
import { nodePortType } from './node-port-type.ts';
import { nodePortUnique } from './node-port-unique.ts';
import { selectorValid } from './selector-valid.ts';
import { serviceAppProtocolValid } from './service-app-protocol-valid.ts';
import { servicePortInRange } from './service-port-in-range.ts';
import { servicePortNameUnique } from './service-port-name-unique.ts';
import { servicePortNameValid } from './service-port-name-valid.ts';
import { servicePortNamed } from './service-port-named.ts';
import { servicePortProtocolKnown } from './service-port-protocol-known.ts';
import { servicePortUnique } from './service-port-unique.ts';
import { servicePortsRequired } from './service-ports-required.ts';
import { serviceTypeKnown } from './service-type-known.ts';
import { sessionAffinityKnown } from './session-affinity-known.ts';
import { sessionAffinityTimeout } from './session-affinity-timeout.ts';
import { singleStackSingle } from './single-stack-single.ts';
import { sourceRangesType } from './source-ranges-type.ts';
import { sourceRangesValid } from './source-ranges-valid.ts';
import { targetPortValid } from './target-port-valid.ts';
import { topologyAnnotationsMatch } from './topology-annotations-match.ts';
import { trafficDistributionKnown } from './traffic-distribution-known.ts';

/** Rules about one Service. */
export const serviceRules: readonly ServiceRule[] = Object.freeze([
  serviceTypeKnown,
  servicePortsRequired,
  servicePortNamed,
  servicePortNameValid,
  servicePortNameUnique,
  servicePortInRange,
  servicePortProtocolKnown,
  targetPortValid,
  serviceAppProtocolValid,
  servicePortUnique,
  nodePortType,
  nodePortInRange,
  nodePortUnique,
  nodePortSharedByPort,
  selectorValid,
  sessionAffinityKnown,
  sessionAffinityTimeout,
  externalNameValid,
  externalNameWithoutAddresses,
  clusterIPValid,
  clusterIPsMatch,
  headlessAlone,
  headlessType,
  clusterIPsDualStack,
  clusterIPFamily,
  ipFamiliesValid,
  ipFamilyPolicyKnown,
  singleStackSingle,
  ipFamilyConfigured,
  clusterIPInRange,
  externalIPValid,
  sourceRangesType,
  sourceRangesValid,
  loadBalancerFieldsType,
  loadBalancerClassValid,
  externalTrafficPolicyType,
  externalTrafficPolicyKnown,
  internalTrafficPolicyKnown,
  healthCheckNodePortType,
  healthCheckNodePortInRange,
  healthCheckNodePortUnique,
  trafficDistributionKnown,
  topologyAnnotationsMatch,
  ingressIPValid,
  ingressIPModeKnown,
  ingressHostnameValid,
  serviceAddressCanonical,
  ...crossServiceRules,
]);
