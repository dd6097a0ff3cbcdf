import type {
  ClusterRule,
  EndpointSliceRule,
  EndpointsRule,
  MetadataRule,
  NodeRule,
  PodRule,
  RuleDocumentation,
  ServiceCIDRRule,
  ServiceRule,
  WorkloadRule,
} from '../rule.ts';
import {
  endpointsAddressCanonical,
  serviceAddressCanonical,
  sliceAddressCanonical,
} from './address-canonical.ts';
import { annotationKeyValid } from './annotation-key-valid.ts';
import { annotationsSize } from './annotations-size.ts';
import { clusterIPFamily } from './cluster-ip-family.ts';
import { clusterIPInRange } from './cluster-ip-in-range.ts';
import { clusterIPValid } from './cluster-ip-valid.ts';
import { clusterIPsDualStack } from './cluster-ips-dual-stack.ts';
import { clusterIPsMatch } from './cluster-ips-match.ts';
import { containerEnvFromValid } from './container-env-from-valid.ts';
import { containerEnvValid } from './container-env-valid.ts';
import { containerImageValid } from './container-image-valid.ts';
import { containerLifecycleValid } from './container-lifecycle-valid.ts';
import { containerMountsValid } from './container-mounts-valid.ts';
import { containerNameUnique } from './container-name-unique.ts';
import { containerNameValid } from './container-name-valid.ts';
import { containerPolicyKnown } from './container-policy-known.ts';
import { containerPortInRange } from './container-port-in-range.ts';
import { containerPortNameValid } from './container-port-name-valid.ts';
import { containerPortProtocolKnown } from './container-port-protocol-known.ts';
import { containerProbeValid } from './container-probe-valid.ts';
import { containerResourcesValid } from './container-resources-valid.ts';
import { crossRules, crossServiceRules } from './cross/index.ts';
import { endpointsAddressValid } from './endpoints-address-valid.ts';
import { endpointsAddressesRequired } from './endpoints-addresses-required.ts';
import { endpointsAppProtocolValid } from './endpoints-app-protocol-valid.ts';
import { endpointsHostnameValid } from './endpoints-hostname-valid.ts';
import { endpointsNodeNameValid } from './endpoints-node-name-valid.ts';
import { endpointsPortInRange } from './endpoints-port-in-range.ts';
import { endpointsPortNameValid } from './endpoints-port-name-valid.ts';
import { endpointsPortNamed } from './endpoints-port-named.ts';
import { endpointsPortProtocolKnown } from './endpoints-port-protocol-known.ts';
import { externalIPValid } from './external-ip-valid.ts';
import { externalNameValid } from './external-name-valid.ts';
import { externalNameWithoutAddresses } from './external-name-without-addresses.ts';
import { externalTrafficPolicyKnown } from './external-traffic-policy-known.ts';
import { externalTrafficPolicyType } from './external-traffic-policy-type.ts';
import { finalizerValid } from './finalizer-valid.ts';
import { finalizersCompatible } from './finalizers-compatible.ts';
import { generateNameValid } from './generate-name-valid.ts';
import { generatedName } from './generated-name.ts';
import { generationNotNegative } from './generation-not-negative.ts';
import { headlessAlone } from './headless-alone.ts';
import { headlessType } from './headless-type.ts';
import { healthCheckNodePortInRange } from './health-check-node-port-in-range.ts';
import { healthCheckNodePortType } from './health-check-node-port-type.ts';
import { healthCheckNodePortUnique } from './health-check-node-port-unique.ts';
import { hostPortMatches } from './host-port-matches.ts';
import { hostPortUnique } from './host-port-unique.ts';
import { ingressIPValid } from './ingress-ip-valid.ts';
import { initContainerFields } from './init-container-fields.ts';
import { internalTrafficPolicyKnown } from './internal-traffic-policy-known.ts';
import { ipFamiliesValid } from './ip-families-valid.ts';
import { ipFamilyConfigured } from './ip-family-configured.ts';
import { ipFamilyPolicyKnown } from './ip-family-policy-known.ts';
import { labelKeyValid } from './label-key-valid.ts';
import { labelValueValid } from './label-value-valid.ts';
import { loadBalancerClassValid } from './load-balancer-class-valid.ts';
import { loadBalancerFieldsType } from './load-balancer-fields-type.ts';
import { managedFieldsValid } from './managed-fields-valid.ts';
import { namespaceValid } from './namespace-valid.ts';
import { nodeAddressValid } from './node-address-valid.ts';
import { nodePodCIDRsValid } from './node-pod-cidrs-valid.ts';
import { nodePortInRange } from './node-port-in-range.ts';
import { nodePortSharedByPort } from './node-port-shared-by-port.ts';
import { nodePortType } from './node-port-type.ts';
import { nodePortUnique } from './node-port-unique.ts';
import { nodeTaintsValid } from './node-taints-valid.ts';
import { objectNameValid } from './object-name-valid.ts';
import { objectNamed } from './object-named.ts';
import { onPodMetadata, onTemplate } from './on-template.ts';
import { oneController } from './one-controller.ts';
import { ownerReferenceValid } from './owner-reference-valid.ts';
import { podAffinityValid } from './pod-affinity-valid.ts';
import { podAnnotationsValid } from './pod-annotations-valid.ts';
import { podContainersRequired } from './pod-containers-required.ts';
import { podDeadlineInRange } from './pod-deadline-in-range.ts';
import { podDNSConfigValid } from './pod-dns-config-valid.ts';
import { podGatesValid } from './pod-gates-valid.ts';
import { podHostAliasesValid } from './pod-host-aliases-valid.ts';
import { podHostnameValid } from './pod-hostname-valid.ts';
import { podIPValid } from './pod-ip-valid.ts';
import { podNamesValid } from './pod-names-valid.ts';
import { podNodeSelectorValid } from './pod-node-selector-valid.ts';
import { podOSValid } from './pod-os-valid.ts';
import { podPolicyKnown } from './pod-policy-known.ts';
import { podResourceClaimsValid } from './pod-resource-claims-valid.ts';
import { podResourcesValid } from './pod-resources-valid.ts';
import { podTolerationsValid } from './pod-tolerations-valid.ts';
import { podTopologySpreadValid } from './pod-topology-spread-valid.ts';
import { podVolumesValid } from './pod-volumes-valid.ts';
import { securityContextValid } from './security-context-valid.ts';
import { selectorValid } from './selector-valid.ts';
import { serviceAppProtocolValid } from './service-app-protocol-valid.ts';
import { serviceCIDRsValid } from './service-cidrs-valid.ts';
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
import { shapeRules } from './shape-rules.ts';
import { singleStackSingle } from './single-stack-single.ts';
import { sliceAddressTypeKnown } from './slice-address-type-known.ts';
import { sliceAddressValid } from './slice-address-valid.ts';
import { sliceAddressesLimit } from './slice-addresses-limit.ts';
import { sliceAppProtocolValid } from './slice-app-protocol-valid.ts';
import { sliceEndpointsLimit } from './slice-endpoints-limit.ts';
import { sliceFQDN } from './slice-fqdn.ts';
import { sliceHintsValid } from './slice-hints-valid.ts';
import { sliceHostnameValid } from './slice-hostname-valid.ts';
import { sliceNodeNameValid } from './slice-node-name-valid.ts';
import { slicePortInRange } from './slice-port-in-range.ts';
import { slicePortNameUnique } from './slice-port-name-unique.ts';
import { slicePortNameValid } from './slice-port-name-valid.ts';
import { slicePortProtocolKnown } from './slice-port-protocol-known.ts';
import { slicePortWithoutNumber } from './slice-port-without-number.ts';
import { slicePortsLimit } from './slice-ports-limit.ts';
import { sliceTopologyValid } from './slice-topology-valid.ts';
import { sourceRangesType } from './source-ranges-type.ts';
import { sourceRangesValid } from './source-ranges-valid.ts';
import { targetPortValid } from './target-port-valid.ts';
import { topologyAnnotationsMatch } from './topology-annotations-match.ts';
import { trafficDistributionKnown } from './traffic-distribution-known.ts';
import { workloadReplicasNotNegative } from './workload-replicas-not-negative.ts';
import { workloadSelectorMatches } from './workload-selector-matches.ts';

/** Rules about the metadata of every object. */
export const metadataRules: readonly MetadataRule[] = Object.freeze([
  objectNamed,
  objectNameValid,
  generateNameValid,
  namespaceValid,
  generationNotNegative,
  labelKeyValid,
  labelValueValid,
  annotationKeyValid,
  annotationsSize,
  ownerReferenceValid,
  oneController,
  finalizerValid,
  finalizersCompatible,
  managedFieldsValid,
  generatedName,
]);

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
  serviceAddressCanonical,
  ...crossServiceRules,
]);

export const endpointsRules: readonly EndpointsRule[] = Object.freeze([
  endpointsAddressesRequired,
  endpointsAddressValid,
  endpointsHostnameValid,
  endpointsNodeNameValid,
  endpointsPortNamed,
  endpointsPortNameValid,
  endpointsPortInRange,
  endpointsPortProtocolKnown,
  endpointsAppProtocolValid,
  endpointsAddressCanonical,
]);

export const endpointSliceRules: readonly EndpointSliceRule[] = Object.freeze([
  sliceAddressTypeKnown,
  sliceEndpointsLimit,
  sliceAddressesLimit,
  sliceAddressValid,
  sliceHostnameValid,
  sliceNodeNameValid,
  sliceTopologyValid,
  sliceHintsValid,
  slicePortsLimit,
  slicePortNameValid,
  slicePortNameUnique,
  slicePortProtocolKnown,
  sliceAppProtocolValid,
  slicePortInRange,
  slicePortWithoutNumber,
  sliceFQDN,
  sliceAddressCanonical,
]);

/** Rules about a pod, or the template of pods in a workload. */
const podSpecRules: readonly PodRule[] = Object.freeze([
  podContainersRequired,
  containerNameValid,
  containerNameUnique,
  containerImageValid,
  containerPortInRange,
  containerPortNameValid,
  containerPortProtocolKnown,
  hostPortUnique,
  hostPortMatches,
  containerEnvValid,
  containerEnvFromValid,
  containerMountsValid,
  containerProbeValid,
  containerLifecycleValid,
  initContainerFields,
  containerResourcesValid,
  podResourcesValid,
  podResourceClaimsValid,
  containerPolicyKnown,
  securityContextValid,
  podPolicyKnown,
  podDNSConfigValid,
  podNodeSelectorValid,
  podTolerationsValid,
  podAffinityValid,
  podTopologySpreadValid,
  podHostAliasesValid,
  podGatesValid,
  podNamesValid,
  podHostnameValid,
  podDeadlineInRange,
  podOSValid,
  podVolumesValid,
  podAnnotationsValid,
]);

export const nodeRules: readonly NodeRule[] = Object.freeze([
  nodePodCIDRsValid,
  nodeTaintsValid,
  nodeAddressValid,
]);

export const serviceCIDRRules: readonly ServiceCIDRRule[] = Object.freeze([serviceCIDRsValid]);

export const podRules: readonly PodRule[] = Object.freeze([...podSpecRules, podIPValid]);

/** Templates have no names: they are made for each pod. */
const ABOUT_NAMES: ReadonlySet<string> = new Set([
  'object-named',
  'object-name-valid',
  'generate-name-valid',
  'namespace-valid',
  'generated-name',
]);

/** Of the template, what is about pods, and what its workload adds. */
export const workloadRules: readonly WorkloadRule[] = Object.freeze([
  workloadSelectorMatches,
  workloadReplicasNotNegative,
  ...metadataRules.filter(({ code }) => !ABOUT_NAMES.has(code)).map(onPodMetadata),
  ...podSpecRules.map(onTemplate),
]);

/** Rules about several objects. */
export const clusterRules: readonly ClusterRule[] = crossRules;

/** Every rule once, in the order in which they run: for documentation, and for tests that walk them all. */
export const allRules: readonly RuleDocumentation[] = Object.freeze(
  uniqueByCode([
    ...shapeRules,
    ...metadataRules,
    ...serviceRules,
    ...endpointsRules,
    ...endpointSliceRules,
    ...podRules,
    ...nodeRules,
    ...serviceCIDRRules,
    ...workloadRules,
    ...clusterRules,
  ]),
);

function uniqueByCode(rules: readonly RuleDocumentation[]): readonly RuleDocumentation[] {
  return [...new Map(rules.map((rule) => [rule.code, rule])).values()];
}
