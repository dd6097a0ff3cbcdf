import type { MetadataRule, PodRule, WorkloadRule } from '../../rule.ts';
import { podAddressCanonical } from '../addresses/address-canonical.ts';
import { podAddressStrict } from '../addresses/address-strict.ts';
import { metadataRules } from '../metadata/index.ts';
import { containerNameUnique } from './container-name-unique.ts';
import { containerNameValid } from './container-name-valid.ts';
import { containerPortInRange } from './container-port-in-range.ts';
import { containerPortNameValid } from './container-port-name-valid.ts';
import { containerPortProtocolKnown } from './container-port-protocol-known.ts';
import { hostPortMatches } from './host-port-matches.ts';
import { hostPortUnique } from './host-port-unique.ts';
import { podContainersRequired } from './pod-containers-required.ts';
import { podHostnameValid } from './pod-hostname-valid.ts';
import { podIPValid } from './pod-ip-valid.ts';
import { podNamesValid } from './pod-names-valid.ts';
import { containerEnvFromValid } from './spec/container-env-from-valid.ts';
import { containerEnvValid } from './spec/container-env-valid.ts';
import { containerImageValid } from './spec/container-image-valid.ts';
import { containerLifecycleValid } from './spec/container-lifecycle-valid.ts';
import { containerMountsValid } from './spec/container-mounts-valid.ts';
import { containerPolicyKnown } from './spec/container-policy-known.ts';
import { containerProbeValid } from './spec/container-probe-valid.ts';
import { containerResourcesValid } from './spec/container-resources-valid.ts';
import { initContainerFields } from './spec/init-container-fields.ts';
import { podAffinityValid } from './spec/pod-affinity-valid.ts';
import { podAnnotationsValid } from './spec/pod-annotations-valid.ts';
import { podDeadlineInRange } from './spec/pod-deadline-in-range.ts';
import { podDNSConfigValid } from './spec/pod-dns-config-valid.ts';
import { podGatesValid } from './spec/pod-gates-valid.ts';
import { podHostAliasesValid } from './spec/pod-host-aliases-valid.ts';
import { podNodeSelectorValid } from './spec/pod-node-selector-valid.ts';
import { podOSValid } from './spec/pod-os-valid.ts';
import { podPolicyKnown } from './spec/pod-policy-known.ts';
import { podResourceClaimsValid } from './spec/pod-resource-claims-valid.ts';
import { podResourcesValid } from './spec/pod-resources-valid.ts';
import { podTolerationsValid } from './spec/pod-tolerations-valid.ts';
import { podTopologySpreadValid } from './spec/pod-topology-spread-valid.ts';
import { podVolumesValid } from './spec/pod-volumes-valid.ts';
import { securityContextValid } from './spec/security-context-valid.ts';
import { statefulSetServiceName } from './stateful-set-service-name.ts';
import { workloadReplicasNotNegative } from './workload-replicas-not-negative.ts';
import { workloadSelectorMatches } from './workload-selector-matches.ts';

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
  podAddressStrict,
  podAddressCanonical,
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
]);

/** Rules about a workload itself. */
export const ownWorkloadRules = Object.freeze([
  workloadSelectorMatches,
  workloadReplicasNotNegative,
  statefulSetServiceName,
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
