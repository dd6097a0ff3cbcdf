import type { FieldPath } from '../../model/field-path.ts';
import { dnsSubdomainProblem } from '../formats/dns.ts';
import type * as api from '../generated/shapes.js';
import type { PodSubject, Report } from '../rule.ts';
import { quoteValue } from '../shape/describe-value.ts';

const MAX_SPEC = 64 * 1024;
const MAX_USER = 104;
const NET_BIOS = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const FORBIDDEN_IN_USER = /["/:;|=,+*?<>@[\]]/;

/** validateWindowsSecurityContextOptions and validateWindowsHostProcessPod (1.34). */
export function checkWindows(pod: PodSubject, report: Report): void {
  const { spec, path } = pod;
  const ofPod = spec.securityContext?.windowsOptions;
  if (ofPod) checkOptions(ofPod, [...path, 'securityContext', 'windowsOptions'], report);
  const containers = pod.containers;
  for (const { container, path: at } of containers) {
    const options = container.securityContext?.windowsOptions;
    if (!options) continue;
    const field = [...at, 'securityContext', 'windowsOptions'];
    checkOptions(options, field, report);
    const differs =
      (options.hostProcess ?? ofPod?.hostProcess) !== (ofPod?.hostProcess ?? options.hostProcess);
    if (differs) report({ field: [...field, 'hostProcess'], message: 'hostProcess is not that of the pod' });
  }
  const hostProcesses = containers.filter(
    ({ container }) => container.securityContext?.windowsOptions?.hostProcess ?? ofPod?.hostProcess,
  );
  if (hostProcesses.length === 0) return;
  if (hostProcesses.length < containers.length)
    report({ field: path, message: 'only some containers have hostProcess true: all or none can' });
  if (spec.hostNetwork !== true)
    report({ field: [...path, 'hostNetwork'], message: 'hostProcess needs hostNetwork true' });
}

function checkOptions(options: api.WindowsSecurityContextOptions, path: FieldPath, report: Report): void {
  const { gmsaCredentialSpecName: name, gmsaCredentialSpec: spec, runAsUserName: user } = options;
  const problems = {
    gmsaCredentialSpecName: isGiven(name) ? dnsSubdomainProblem(name) : undefined,
    gmsaCredentialSpec: isGiven(spec) ? sizeProblem(spec) : undefined,
    runAsUserName: isGiven(user) ? userProblem(user) : undefined,
  };
  for (const [key, problem] of Object.entries(problems))
    if (problem !== undefined) report({ field: [...path, key], message: `${key} ${problem}` });
}

function isGiven(text: string | null | undefined): text is string {
  return text !== null && text !== undefined;
}

function sizeProblem(spec: string): string | undefined {
  if (spec === '') return 'is empty';
  return spec.length > MAX_SPEC ? `is longer than ${MAX_SPEC} bytes` : undefined;
}

/** `USER`, or `DOMAIN\\USER`. */
function userProblem(text: string): string | undefined {
  const shown = quoteValue(text);
  if (text === '') return 'is empty';
  if (/\p{Cc}/u.test(text)) return `${shown} has control characters`;
  const parts = text.split('\\');
  const user = parts.at(-1) ?? '';
  const [domain] = parts.length > 1 ? parts : [];
  if (parts.length > 2) return `${shown} has more than one backslash`;
  if (
    domain !== undefined &&
    !NET_BIOS.test(domain) &&
    dnsSubdomainProblem(domain.toLowerCase()) !== undefined
  )
    return `${shown} has no domain before the backslash`;
  if (user === '' || user.length > MAX_USER || FORBIDDEN_IN_USER.test(user) || /^[. ]+$/.test(user))
    return `${shown} is no name of a user`;
  return undefined;
}
