import type { MetadataRule, PodRule, WorkloadRule } from '../../rule.ts';
import { podAddressRules } from '../addresses/address-rules.ts';
import { metadataRules } from '../metadata/index.ts';
import {
  containerNameUnique,
  containerNameValid,
  containerPortInRange,
  containerPortNameValid,
  containerPortProtocolKnown,
  hostPortMatches,
  hostPortUnique,
} from './container.ts';
import {
  claimWholeBytes,
  containerPortNamesDistinct,
  containerPortUnique,
  envDefinedOnce,
  hostIPWithHostPort,
  quantityWholeBytes,
} from './container-warnings.ts';
import { podContainersRequired, podHostnameValid, podIPValid, podNamesValid } from './pod-fields.ts';
import {
  containerEnvFromValid,
  containerEnvValid,
  containerImageValid,
  containerLifecycleValid,
  containerProbeValid,
  probePortDefined,
} from './spec/container-start.ts';
import { podDNSConfigValid, podHostAliasesValid } from './spec/network.ts';
import { podAffinityValid } from './spec/pod-affinity-valid.ts';
import { appArmorProfileInField, podAnnotationCurrent, podAnnotationsValid } from './spec/pod-annotations.ts';
import { podOSValid } from './spec/pod-os-valid.ts';
import {
  affinityValuesValid,
  gracePeriodNotNegative,
  hostAliasesUnique,
  nodeLabelCurrent,
  podTermSelects,
  pullSecretsNamed,
  volumeTypeCurrent,
} from './spec/pod-warnings.ts';
import {
  containerPolicyKnown,
  initContainerFields,
  podDeadlineInRange,
  podPolicyKnown,
} from './spec/policies.ts';
import { containerResourcesValid, podResourceClaimsValid, podResourcesValid } from './spec/resources.ts';
import {
  podGatesValid,
  podNodeSelectorValid,
  podTolerationsValid,
  podTopologySpreadValid,
} from './spec/scheduling.ts';
import { securityContextValid } from './spec/security-context-valid.ts';
import { containerMountsValid, podVolumesValid, volumePathsDistinct } from './spec/volumes.ts';
import {
  jobWithinLimits,
  revisionHistoryNotNegative,
  statefulSetServiceName,
  workloadReplicasNotNegative,
  workloadSelectorMatches,
} from './workload.ts';

/** Rules about a pod, or the template of pods in a workload. */
const podSpecRules = Object.freeze([
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
  probePortDefined,
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
  nodeLabelCurrent,
  affinityValuesValid,
  podTermSelects,
  appArmorProfileInField,
  podAnnotationCurrent,
  volumeTypeCurrent,
  volumePathsDistinct,
  pullSecretsNamed,
  hostAliasesUnique,
  gracePeriodNotNegative,
  envDefinedOnce,
  hostIPWithHostPort,
  containerPortUnique,
  containerPortNamesDistinct,
  claimWholeBytes,
  quantityWholeBytes,
  ...podAddressRules,
]) satisfies readonly PodRule[];

/** Rules about one Pod. */
export const podRules = Object.freeze([...podSpecRules, podIPValid]) satisfies readonly PodRule[];

/** Templates have no names: they are made for each pod. */
const ABOUT_NAMES: ReadonlySet<string> = new Set([
  'object-named',
  'object-name-valid',
  'generate-name-valid',
  'namespace-valid',
  'generated-name',
  'host-name-label',
]);

/** Rules about a workload itself. */
export const ownWorkloadRules = Object.freeze([
  workloadSelectorMatches,
  workloadReplicasNotNegative,
  statefulSetServiceName,
  revisionHistoryNotNegative,
  jobWithinLimits,
]) satisfies readonly WorkloadRule[];

/** Rules about one workload: its own, and those about pods, for the template in it. */
export const workloadRules: readonly WorkloadRule[] = Object.freeze([
  ...ownWorkloadRules,
  ...metadataRules.filter(({ code }) => !ABOUT_NAMES.has(code)).map(onPodMetadata),
  ...podSpecRules.map(onTemplate),
]);

/**
 * A rule about pods, for the template of a workload: its findings are in the template. Of a StatefulSet's, the API server
 * has not always looked at more than its metadata (ValidatePodTemplateSpecForStatefulSet, 1.30 to 1.36).
 */
function onTemplate(rule: PodRule): WorkloadRule {
  const isVerdict = rule.category === 'api' && rule.severity === 'error' && rule !== podAnnotationsValid;
  return {
    ...rule,
    check: ({ kind, pod }, report, context) => {
      const { checksStatefulSetTemplates } = context.options.kubernetes.api;
      if (isVerdict && kind === 'StatefulSet' && !checksStatefulSetTemplates) return;
      rule.check(pod, report, context);
    },
  };
}

/** A rule about metadata, for that of the template of a workload. */
function onPodMetadata(rule: MetadataRule): WorkloadRule {
  return { ...rule, check: ({ podMetadata }, report, context) => rule.check(podMetadata, report, context) };
}
