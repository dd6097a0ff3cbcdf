import type { FieldPath } from '../../../../model/field-path.ts';
import { checkWindows } from '../../../checks/windows-options.ts';
import { relativePathProblem } from '../../../formats/path.ts';
import type * as api from '../../../generated/shapes.js';
import type { PodRule, PodSubject, Report } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

const MAX_ID = 2 ** 31 - 1;
const IDS = ['runAsUser', 'runAsGroup', 'fsGroup'] as const;
const SYSCTL = /^(?:[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?$/;
const MAX_SYSCTL = 253;
const PROFILES = ['Localhost', 'RuntimeDefault', 'Unconfined'];
const CHOICES = {
  fsGroupChangePolicy: ['OnRootMismatch', 'Always'],
  supplementalGroupsPolicy: ['Merge', 'Strict'],
  seLinuxChangePolicy: ['Recursive', 'MountOption'],
  procMount: ['Default', 'Unmasked'],
} as const;
const CHOICE_KEYS = [
  'fsGroupChangePolicy',
  'supplementalGroupsPolicy',
  'seLinuxChangePolicy',
  'procMount',
] as const;

/** validatePodSpecSecurityContext and ValidateSecurityContext (1.34). */
export const securityContextValid = {
  code: 'security-context-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['securityContext', 'hostUsers', 'shareProcessNamespace'],
  summary: 'a security context with odd ids, profiles, or contradictions',
  explanation: `User and group ids are numbers from 0 to 2147483647; seccomp and AppArmor profiles have a type, and a file
name only with type Localhost; a privileged container cannot forbid privilege escalation.`,
  check(pod, report) {
    const { securityContext, hostPID, hostIPC, hostNetwork, hostUsers, shareProcessNamespace } = pod.spec;
    if (securityContext) {
      const field = [...pod.path, 'securityContext'];
      checkContext(securityContext, field, report);
      checkSysctls(securityContext.sysctls ?? [], [...field, 'sysctls'], report);
      refuseHostSysctls(pod, [...field, 'sysctls'], report);
    }
    for (const { container, path } of pod.containers) {
      if (container.securityContext) {
        checkContainer(container.securityContext, [...path, 'securityContext'], report);
      }
      if (container.securityContext?.procMount !== 'Unmasked' || hostUsers === false) continue;
      const field = [...path, 'securityContext', 'procMount'];
      report({ field, message: 'procMount Unmasked needs hostUsers false' });
    }
    checkWindows(pod, report);
    if (shareProcessNamespace && hostPID) {
      const field = [...pod.path, 'securityContext', 'shareProcessNamespace'];
      report({
        field,
        place: [...pod.path, 'shareProcessNamespace'],
        message: 'shareProcessNamespace beside hostPID',
      });
    }
    if (hostUsers !== false) return;
    for (const [key, isSet] of Object.entries({ hostNetwork, hostPID, hostIPC })) {
      if (isSet)
        report({ field: [...pod.path, key], message: `${key} cannot be true when hostUsers is false` });
    }
  },
} as const satisfies PodRule;

function checkContext(
  context: api.PodSecurityContext & api.SecurityContext,
  field: FieldPath,
  report: Report,
): void {
  for (const key of IDS) {
    const id = context[key] ?? 0;
    if (id < 0 || id > MAX_ID)
      report({ field: [...field, key], message: `${key} ${id} is outside 0-${MAX_ID}` });
  }
  for (const [index, id] of (context.supplementalGroups ?? []).entries()) {
    if ((id ?? 0) >= 0 && (id ?? 0) <= MAX_ID) continue;
    report({ field: [...field, 'supplementalGroups', index], message: `group ${id} is outside 0-${MAX_ID}` });
  }
  for (const key of CHOICE_KEYS) {
    const choice = context[key];
    const names: readonly string[] = CHOICES[key];
    if (choice === undefined || choice === null || names.includes(choice)) continue;
    report({
      field: [...field, key],
      message: `${key} ${quoteValue(choice)} is none of ${names.join(', ')}`,
    });
  }
  const { seccompProfile, appArmorProfile } = context;
  checkProfile(
    seccompProfile,
    { field: [...field, 'seccompProfile'], fileProblem: relativePathProblem },
    report,
  );
  checkProfile(
    appArmorProfile,
    { field: [...field, 'appArmorProfile'], fileProblem: paddingProblem },
    report,
  );
}

function paddingProblem(name: string): string | undefined {
  return name.trim() === name ? undefined : 'has white space around it';
}

interface ProfileCheck {
  readonly field: FieldPath;
  readonly fileProblem: (file: string) => string | undefined;
}

function checkProfile(
  profile: api.SeccompProfile | api.AppArmorProfile | null | undefined,
  { field, fileProblem }: ProfileCheck,
  report: Report,
): void {
  if (!profile) return;
  const { type, localhostProfile: file } = profile;
  const fileField = [...field, 'localhostProfile'];
  if (!type || !PROFILES.includes(type)) {
    report({
      field: [...field, 'type'],
      message: `type ${quoteValue(type ?? '')} is none of ${PROFILES.join(', ')}`,
    });
  }
  const isGiven = file !== undefined && file !== null;
  if (type !== 'Localhost') {
    if (isGiven) report({ field: fileField, message: 'localhostProfile is for type Localhost' });
    return;
  }
  const problem = file ? fileProblem(file) : 'is needed for type Localhost';
  if (problem !== undefined)
    report({ field: fileField, message: `localhostProfile ${quoteValue(file ?? '')} ${problem}` });
}

function checkSysctls(sysctls: readonly (api.Sysctl | null)[], field: FieldPath, report: Report): void {
  const seen = new Set<string>();
  for (const [index, sysctl] of sysctls.entries()) {
    const name = sysctl?.name ?? '';
    const place = [...field, index, 'name'];
    if (name.length > MAX_SYSCTL || !SYSCTL.test(name))
      report({ field: place, message: `${quoteValue(name)} is no name of a sysctl` });
    else if (seen.has(name)) report({ field: place, message: `sysctl ${quoteValue(name)} is set twice` });
    seen.add(name);
  }
}

const IPC_SYSCTL = /^(?:kernel[./](?:shm|msg|sem)|fs[./]mqueue[./])/;

/** ValidateHostSysctl (1.34): what a pod shares with its node it cannot set for itself. */
function refuseHostSysctls({ spec }: PodSubject, field: FieldPath, report: Report): void {
  for (const [index, sysctl] of (spec.securityContext?.sysctls ?? []).entries()) {
    const name = sysctl?.name ?? '';
    const isShared = (spec.hostNetwork && /^net[./]/.test(name)) || (spec.hostIPC && IPC_SYSCTL.test(name));
    if (!isShared) continue;
    const message = `sysctl ${quoteValue(name)} is that of the node, which the pod shares`;
    report({ field: [...field, index, 'name'], message });
  }
}

function checkContainer(context: api.SecurityContext, field: FieldPath, report: Report): void {
  checkContext(context, field, report);
  const { allowPrivilegeEscalation, privileged, capabilities } = context;
  if (allowPrivilegeEscalation !== false) return;
  if (privileged) report({ field, message: 'allowPrivilegeEscalation false beside privileged true' });
  const adds = (capabilities?.add ?? []).some((name) => name === 'CAP_SYS_ADMIN');
  if (adds) report({ field, message: 'allowPrivilegeEscalation false beside capability CAP_SYS_ADMIN' });
}
