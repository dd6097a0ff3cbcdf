import type { PodRule, WorkloadRule } from '../rule.ts';
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
import { hostPortMatches } from './host-port-matches.ts';
import { hostPortUnique } from './host-port-unique.ts';
import { initContainerFields } from './init-container-fields.ts';
import { metadataRules } from './metadata-rules.ts';
import { onPodMetadata, onTemplate } from './on-template.ts';
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
import { workloadReplicasNotNegative } from './workload-replicas-not-negative.ts';
import { workloadSelectorMatches } from './workload-selector-matches.ts';

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

/** Rules about one Pod. */
export const podRules: readonly PodRule[] = Object.freeze([...podSpecRules, podIPValid]);

/** Templates have no names: they are made for each pod. */
const ABOUT_NAMES: ReadonlySet<string> = new Set([
  'object-named',
  'object-name-valid',
  'generate-name-valid',
  'namespace-valid',
  'generated-name',
]);

/** Rules about one workload: its own, and those about pods, for the template in it. */
export const workloadRules: readonly WorkloadRule[] = Object.freeze([
  workloadSelectorMatches,
  workloadReplicasNotNegative,
  ...metadataRules.filter(({ code }) => !ABOUT_NAMES.has(code)).map(onPodMetadata),
  ...podSpecRules.map(onTemplate),
]);
