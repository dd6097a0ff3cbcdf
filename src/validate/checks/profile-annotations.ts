import type { FieldPath } from '../../model/field-path.ts';
import type * as api from '../generated/shapes.js';
import type { PodSubject, Report } from '../rule.ts';
import { quoteValue } from '../shape/describe-value.ts';
import { containersOf } from './pod-containers.ts';

export const SECCOMP_POD = 'seccomp.security.alpha.kubernetes.io/pod';
export const SECCOMP_CONTAINER = 'container.seccomp.security.alpha.kubernetes.io/';
export const APPARMOR = 'container.apparmor.security.beta.kubernetes.io/';

/** What annotations of old call the profiles that fields name by type. */
const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  RuntimeDefault: ['runtime/default', 'docker/default'],
  Unconfined: ['unconfined'],
};

/**
 * validateSeccompAnnotationsAndFields and validateAppArmorAnnotationsAndFieldsMatchOnCreate (1.34): a profile that
 * both a field and an annotation of old name is the same one.
 */
export function checkProfileAnnotations(pod: PodSubject, report: Report): void {
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
  for (const { container, path: at } of containersOf(pod)) {
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
  return SPELLINGS[type ?? '']?.includes(annotation) === false ? 'type' : undefined;
}
