import type { FieldPath } from '../../../../model/field-path.ts';
import type * as api from '../../../generated/shapes.js';
import type { PodRule, PodSubject, Report } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

const NOT_FOR_WINDOWS = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'fsGroup',
  'fsGroupChangePolicy',
  'sysctls',
  'runAsUser',
  'runAsGroup',
  'supplementalGroups',
  'supplementalGroupsPolicy',
  'seLinuxChangePolicy',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
] as const;

/** validateOS, validateLinux and validateWindows (1.34). */
export const podOSValid = {
  code: 'pod-os-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['os'],
  summary: 'an operating system other than linux and windows',
  explanation: `spec.os.name says what a pod runs on, linux or windows; then settings that only the other one has are
refused.`,
  check(pod, report) {
    const { spec, path } = pod;
    if (!spec.os) return;
    const { name } = spec.os;
    const field = [...path, 'os'];
    if (!name) report({ field: [...field, 'name'], message: 'os needs a name' });
    else if (name !== 'linux' && name !== 'windows') {
      report({
        field,
        place: [...field, 'name'],
        message: `os ${quoteValue(name)} is neither linux nor windows`,
      });
    } else for (const foreign of foreignFields(pod, name)) refuse(foreign, name, report);
  },
} as const satisfies PodRule;

function refuse(field: FieldPath, os: string, report: Report): void {
  report({ field, message: `${field.at(-1)} is not for pods on ${os}` });
}

function foreignFields(pod: PodSubject, os: 'linux' | 'windows'): readonly FieldPath[] {
  const { spec, path } = pod;
  const contexts = [
    { context: spec.securityContext, path: [...path, 'securityContext'] },
    ...pod.containers.map((placed) => ({
      context: placed.container.securityContext,
      path: [...placed.path, 'securityContext'],
    })),
  ];
  const names = os === 'linux' ? (['windowsOptions'] as const) : NOT_FOR_WINDOWS;
  const inContexts = contexts.flatMap(({ context, path: contextPath }) => {
    const given: ReadonlyMap<string, unknown> = new Map(Object.entries(context ?? {}));
    return names.filter((name) => isSet(given.get(name))).map((name) => [...contextPath, name]);
  });
  const inPod = os === 'linux' ? [] : podFieldsOfLinux(spec);
  return [...inPod.map((name) => [...path, name]), ...inContexts];
}

function podFieldsOfLinux(spec: api.PodSpec): readonly string[] {
  const namespaces = (['hostPID', 'hostIPC'] as const).filter((name) => spec[name] === true);
  return [
    ...namespaces,
    ...(['hostUsers', 'shareProcessNamespace'] as const).filter((name) => isSet(spec[name])),
  ];
}

/** Empty lists are as good as none. */
function isSet(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null;
}
