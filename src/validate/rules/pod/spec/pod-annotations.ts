import type { FieldPath } from '../../../../model/field-path.ts';
import type * as api from '../../../generated/shapes.js';
import type { PodRule, PodSubject, Report } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

const MIRROR = 'kubernetes.io/config.mirror';
const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';
const INT32 = /^(?:0|-?[1-9]\d{0,9})$/;
const SECCOMP =
  /^(?:runtime\/default|docker\/default|unconfined|localhost\/(?!\/)(?!(?:.*\/)?\.\.(?:\/|$)).*)$/s;
const APPARMOR_PROFILE = /^(?:|runtime\/default|unconfined|localhost\/.*)$/s;

/** ValidatePodSpecificAnnotations (1.34). */
export const podAnnotationsValid = {
  code: 'pod-annotations-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['annotations'],
  summary: 'an annotation of a pod that Kubernetes reads, with an odd value',
  explanation: `Some annotations of pods are read by Kubernetes itself: pod-deletion-cost is a whole number, a mirror pod has
a node, and seccomp and AppArmor profiles (of old; they are fields of securityContext today) are names of profiles, and
of containers that exist.`,
  check(pod, report) {
    const { annotations } = pod.metadata;
    if (!annotations) return;
    const containers = new Set(pod.containers.map(({ container }) => container.name ?? ''));
    for (const [key, text] of Object.entries(annotations)) {
      const value = text ?? '';
      const problem = key === MIRROR ? mirrorProblem(pod) : annotationProblem(key, value, containers);
      if (problem === undefined) continue;
      const field = [...pod.metadataPath, 'annotations', key];
      report({ field, message: `annotation ${quoteValue(key)}: ${problem}` });
    }
    checkProfileAnnotations(pod, report);
  },
} as const satisfies PodRule;

function mirrorProblem({ spec }: PodSubject): string | undefined {
  return spec.nodeName ? undefined : 'a mirror pod needs spec.nodeName';
}

function annotationProblem(key: string, value: string, containers: ReadonlySet<string>): string | undefined {
  const shown = quoteValue(value);
  if (key === DELETION_COST) return isInt32(value) ? undefined : `${shown} is not a 32 bit integer`;
  if (key === SECCOMP_POD || key.startsWith(SECCOMP_CONTAINER)) {
    return SECCOMP.test(value) ? undefined : `${shown} is not a seccomp profile`;
  }
  if (!key.startsWith(APPARMOR)) return undefined;
  const name = key.slice(APPARMOR.length);
  if (!containers.has(name)) return `there is no container ${quoteValue(name)}`;
  return APPARMOR_PROFILE.test(value) ? undefined : `${shown} is not an AppArmor profile`;
}

/** A leading plus or zeros are refused (GetDeletionCostFromPodAnnotations). */
function isInt32(text: string): boolean {
  return INT32.test(text) && Number(text) >= -(2 ** 31) && Number(text) < 2 ** 31;
}

const SECCOMP_POD = 'seccomp.security.alpha.kubernetes.io/pod';
const SECCOMP_CONTAINER = 'container.seccomp.security.alpha.kubernetes.io/';
const APPARMOR = 'container.apparmor.security.beta.kubernetes.io/';

/** What annotations of old call the profiles that fields name by type. */
const SPELLINGS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    RuntimeDefault: ['runtime/default', 'docker/default'],
    Unconfined: ['unconfined'],
  }),
);

/**
 * validateSeccompAnnotationsAndFields and validateAppArmorAnnotationsAndFieldsMatchOnCreate (1.34): a profile that
 * both a field and an annotation of old name is the same one.
 */
function checkProfileAnnotations(pod: PodSubject, report: Report): void {
  const { spec, path, metadata } = pod;
  const compare = (key: string, profile: Profile, field: FieldPath) => {
    const { annotations } = metadata;
    if (!profile || !annotations || !Object.hasOwn(annotations, key)) return;
    const wrong = differingKey(annotations[key] ?? '', profile);
    if (wrong === undefined) return;
    const message = `${wrong} is not what annotation ${quoteValue(key)} says`;
    report({ field: [...field, wrong], message, hint: 'leave the annotation out' });
  };
  const ofPod = spec.securityContext;
  compare(SECCOMP_POD, ofPod?.seccompProfile, [...path, 'securityContext', 'seccompProfile']);
  for (const { container, path: at } of pod.containers) {
    const name = container.name ?? '';
    const context = container.securityContext;
    const field = [...at, 'securityContext'];
    compare(`${SECCOMP_CONTAINER}${name}`, context?.seccompProfile, [...field, 'seccompProfile']);
    if (spec.os?.name === 'windows') continue;
    const appArmor = context?.appArmorProfile ?? ofPod?.appArmorProfile;
    compare(`${APPARMOR}${name}`, appArmor, [...field, 'appArmorProfile']);
  }
}

type Profile = api.SeccompProfile | api.AppArmorProfile | null | undefined;

function differingKey(
  annotation: string,
  { type, localhostProfile }: NonNullable<Profile>,
): string | undefined {
  if (type === 'Localhost') {
    if (!annotation.startsWith('localhost/')) return 'type';
    return annotation.slice('localhost/'.length) === localhostProfile ? undefined : 'localhostProfile';
  }
  return SPELLINGS.get(type ?? '')?.includes(annotation) === false ? 'type' : undefined;
}

/** Annotations that nothing reads any more, and what has taken their place. */
const DEAD_ANNOTATIONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'scheduler.alpha.kubernetes.io/critical-pod': 'use spec.priorityClassName',
    'security.alpha.kubernetes.io/sysctls': 'use spec.securityContext.sysctls',
    'security.alpha.kubernetes.io/unsafe-sysctls': 'use spec.securityContext.sysctls',
  }),
);

/** GetWarningsForPod (pkg/api/pod/warnings.go, 1.30 to 1.36). */
export const podAnnotationCurrent = {
  code: 'pod-annotation-current',
  category: 'api',
  severity: 'warning',
  onlyWith: ['annotations'],
  summary: 'an annotation of a pod that does nothing any more',
  explanation: `What used to be said in annotations of a pod is a field today: its priority, sysctls, seccomp profiles. The
annotations are no longer read, so a pod that relies on them runs without. The API server warns of them.`,
  check(pod, report) {
    for (const key of Object.keys(pod.metadata.annotations ?? {})) {
      const hint = DEAD_ANNOTATIONS.has(key) ? DEAD_ANNOTATIONS.get(key) : seccompHint(pod, key);
      if (hint === undefined) continue;
      const field = [...pod.metadataPath, 'annotations', key];
      report({ field, at: 'key', message: `annotation ${quoteValue(key)} is no longer read`, hint });
    }
  },
} as const satisfies PodRule;

/** Beside the field the annotation is only a copy of it. */
function seccompHint({ spec }: PodSubject, key: string): string | undefined {
  if (key === SECCOMP_POD)
    return spec.securityContext?.seccompProfile ? undefined : 'use spec.securityContext.seccompProfile';
  if (!key.startsWith(SECCOMP_CONTAINER)) return undefined;
  const name = key.slice(SECCOMP_CONTAINER.length);
  const container = [...(spec.containers ?? []), ...(spec.initContainers ?? [])].find(
    (each) => each?.name === name,
  );
  if (!container || container.securityContext?.seccompProfile) return undefined;
  return "use the container's securityContext.seccompProfile";
}

/**
 * Of templates GetWarningsForPodTemplate; of Pods applyAppArmorVersionSkew (pkg/registry/core/pod/strategy.go), which makes
 * the field of the annotation.
 */
export const appArmorProfileInField = {
  code: 'app-armor-profile-in-field',
  category: 'api',
  severity: 'warning',
  onlyWith: ['annotations'],
  summary: 'an AppArmor profile in an annotation, which is deprecated',
  explanation: `AppArmor profiles are a field since Kubernetes 1.30: securityContext.appArmorProfile, of a pod or of a container.
The annotation of old is still read where the field is not set, and the API server warns of it.`,
  check(pod, report) {
    const { spec, metadata, metadataPath, isTemplate } = pod;
    const keys = Object.keys(metadata.annotations ?? {}).filter((key) => key.startsWith(APPARMOR));
    if (keys.length === 0 || (!isTemplate && spec.os?.name === 'windows')) return;
    const isSetForAll = isTemplate && spec.securityContext?.appArmorProfile;
    for (const key of isSetForAll ? [] : keys) {
      const name = key.slice(APPARMOR.length);
      const container = pod.containers.find((each) => each.container.name === name)?.container;
      if (container === undefined || container.securityContext?.appArmorProfile) continue;
      report({
        field: [...metadataPath, 'annotations', key],
        at: 'key',
        message: `annotation ${quoteValue(key)} is deprecated`,
        hint: "use the container's securityContext.appArmorProfile",
      });
    }
  },
} as const satisfies PodRule;
