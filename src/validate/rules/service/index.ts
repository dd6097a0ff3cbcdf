import type { ServiceRule } from '../../rule.ts';
import { serviceAddressCanonical } from '../addresses/address-canonical.ts';
import { serviceAddressStrict } from '../addresses/address-strict.ts';
import { crossServiceRules } from '../cross/index.ts';
import { clusterIPFamily } from './addresses/cluster-ip-family.ts';
import { clusterIPInRange } from './addresses/cluster-ip-in-range.ts';
import { clusterIPValid } from './addresses/cluster-ip-valid.ts';
import { clusterIPsDualStack } from './addresses/cluster-ips-dual-stack.ts';
import { clusterIPsMatch } from './addresses/cluster-ips-match.ts';
import { externalIPValid } from './addresses/external-ip-valid.ts';
import { externalNameValid } from './addresses/external-name-valid.ts';
import { externalNameWithoutAddresses } from './addresses/external-name-without-addresses.ts';
import { headlessAlone } from './addresses/headless-alone.ts';
import { headlessType } from './addresses/headless-type.ts';
import { ipFamiliesValid } from './addresses/ip-families-valid.ts';
import { ipFamilyConfigured } from './addresses/ip-family-configured.ts';
import { ipFamilyPolicyKnown } from './addresses/ip-family-policy-known.ts';
import { singleStackSingle } from './addresses/single-stack-single.ts';
import { externalTrafficPolicyKnown } from './external-traffic-policy-known.ts';
import { externalTrafficPolicyType } from './external-traffic-policy-type.ts';
import { ingressHostnameValid } from './ingress-hostname-valid.ts';
import { ingressIPModeKnown } from './ingress-ip-mode-known.ts';
import { ingressIPValid } from './ingress-ip-valid.ts';
import { internalTrafficPolicyKnown } from './internal-traffic-policy-known.ts';
import { loadBalancerClassValid } from './load-balancer-class-valid.ts';
import { loadBalancerFieldsType } from './load-balancer-fields-type.ts';
import { healthCheckNodePortInRange } from './ports/health-check-node-port-in-range.ts';
import { healthCheckNodePortType } from './ports/health-check-node-port-type.ts';
import { healthCheckNodePortUnique } from './ports/health-check-node-port-unique.ts';
import { loadBalancerPortFree } from './ports/load-balancer-port-free.ts';
import { nodePortInRange } from './ports/node-port-in-range.ts';
import { nodePortSharedByPort } from './ports/node-port-shared-by-port.ts';
import { nodePortType } from './ports/node-port-type.ts';
import { nodePortUnique } from './ports/node-port-unique.ts';
import { serviceAppProtocolValid } from './ports/service-app-protocol-valid.ts';
import { servicePortInRange } from './ports/service-port-in-range.ts';
import { servicePortNameUnique } from './ports/service-port-name-unique.ts';
import { servicePortNameValid } from './ports/service-port-name-valid.ts';
import { servicePortNamed } from './ports/service-port-named.ts';
import { servicePortProtocolKnown } from './ports/service-port-protocol-known.ts';
import { servicePortUnique } from './ports/service-port-unique.ts';
import { servicePortsRequired } from './ports/service-ports-required.ts';
import { targetPortValid } from './ports/target-port-valid.ts';
import { selectorValid } from './selector-valid.ts';
import { serviceTypeKnown } from './service-type-known.ts';
import { sessionAffinityKnown } from './session-affinity-known.ts';
import { sessionAffinityTimeout } from './session-affinity-timeout.ts';
import { sourceRangesType } from './source-ranges-type.ts';
import { sourceRangesValid } from './source-ranges-valid.ts';
import { topologyAnnotationsMatch } from './topology-annotations-match.ts';
import { trafficDistributionKnown } from './traffic-distribution-known.ts';

/** Rules about one Service. */
export const serviceRules = Object.freeze([
  serviceTypeKnown,
  servicePortsRequired,
  servicePortNamed,
  servicePortNameValid,
  servicePortNameUnique,
  servicePortInRange,
  servicePortProtocolKnown,
  loadBalancerPortFree,
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
  serviceAddressStrict,
  serviceAddressCanonical,
  ...crossServiceRules,
]) satisfies readonly ServiceRule[];
