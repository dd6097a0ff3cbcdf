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
  loadBalancerAnnotationIsAddress,
  loadBalancerClassValid,
  loadBalancerFieldsType,
  loadBalancerIPIsAddress,
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
  servicePortsApply,
  servicePortsRequired,
  servicePortUnique,
  targetPortHasSelector,
  targetPortValid,
} from './service-port.ts';
import {
  externalNameNoExternalIPs,
  externalNameType,
  headlessNoExternalIPs,
  headlessNoLoadBalancerIP,
  headlessNoSessionAffinity,
  topologyAnnotationCurrent,
  trafficDistributionCurrent,
} from './service-warnings.ts';
import { sourceRangesCoverFamilies, sourceRangesType, sourceRangesValid } from './source-ranges.ts';
import {
  externalTrafficPolicyKnown,
  externalTrafficPolicyType,
  internalTrafficPolicyKnown,
  topologyAnnotationsMatch,
  trafficDistributionKnown,
} from './traffic-policy.ts';

/** They look at what plain Services differ in: labels that are selected or not, and addresses within ranges. */
const ofEveryService = [selectorValid, targetPortHasSelector, clusterIPInRange, ipFamilyConfigured] as const;

/** They find nothing in plain Services, see `isPlainService`. */
const ofOtherServices = [
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
  topologyAnnotationCurrent,
  headlessNoLoadBalancerIP,
  headlessNoExternalIPs,
  headlessNoSessionAffinity,
  externalNameNoExternalIPs,
  externalNameType,
  trafficDistributionCurrent,
  loadBalancerIPIsAddress,
  loadBalancerAnnotationIsAddress,
  sourceRangesCoverFamilies,
  servicePortsApply,
  ...serviceAddressRules,
  ...crossServiceRules,
] as const;

/** Rules about one Service. */
export const serviceRules = Object.freeze([
  ...ofEveryService,
  ...ofOtherServices.map((rule) => ({ ...rule, skipsPlain: true }) as const),
]) satisfies readonly ServiceRule[];
