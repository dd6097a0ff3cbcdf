import type { ServiceRule } from '../../rule.ts';
import { serviceAddressRules } from '../addresses/address-rules.ts';
import { crossServiceRules } from '../cross/index.ts';
import {
  clusterIPFamily,
  clusterIPInRange,
  clusterIPsDualStack,
  clusterIPsMatch,
  clusterIPValid,
  headlessAlone,
  headlessType,
} from './cluster-ip.ts';
import { externalIPValid, externalNameValid, externalNameWithoutAddresses } from './external-address.ts';
import { ipFamiliesValid, ipFamilyConfigured, ipFamilyPolicyKnown, singleStackSingle } from './ip-family.ts';
import {
  ingressHostnameValid,
  ingressIPModeKnown,
  ingressIPValid,
  loadBalancerClassValid,
  loadBalancerFieldsType,
  loadBalancerPortFree,
} from './load-balancer.ts';
import {
  healthCheckNodePortInRange,
  healthCheckNodePortType,
  healthCheckNodePortUnique,
  nodePortInRange,
  nodePortSharedByPort,
  nodePortType,
  nodePortUnique,
} from './node-port.ts';
import { selectorValid, serviceTypeKnown, sessionAffinityKnown, sessionAffinityTimeout } from './service.ts';
import {
  serviceAppProtocolValid,
  servicePortInRange,
  servicePortNamed,
  servicePortNameUnique,
  servicePortNameValid,
  servicePortProtocolKnown,
  servicePortsRequired,
  servicePortUnique,
  targetPortValid,
} from './service-port.ts';
import { sourceRangesType, sourceRangesValid } from './source-ranges.ts';
import {
  externalTrafficPolicyKnown,
  externalTrafficPolicyType,
  internalTrafficPolicyKnown,
  topologyAnnotationsMatch,
  trafficDistributionKnown,
} from './traffic-policy.ts';

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
  ...serviceAddressRules,
  ...crossServiceRules,
]) satisfies readonly ServiceRule[];
