import { containersOf } from '../../../checks/pod-containers.ts';
import {
  APPARMOR,
  checkProfileAnnotations,
  SECCOMP_CONTAINER,
  SECCOMP_POD,
} from '../../../checks/profile-annotations.ts';
import type { PodRule, PodSubject } from '../../../rule.ts';
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
  summary: 'an annotation of a pod that Kubernetes reads, with an odd value',
  explanation: `Some annotations of pods are read by Kubernetes itself: pod-deletion-cost is a whole number, a mirror pod has
a node, and seccomp and AppArmor profiles (of old; they are fields of securityContext today) are names of profiles, and
of containers that exist.`,
  check(pod, report) {
    const { annotations } = pod.metadata;
    if (!annotations) return;
    const containers = new Set(containersOf(pod).map(({ container }) => container.name ?? ''));
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
