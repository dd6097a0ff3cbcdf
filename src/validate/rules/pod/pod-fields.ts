import { parseIP } from '../../../model/ip.ts';
import { dnsLabelProblem, dnsSubdomainProblem } from '../../formats/dns.ts';
import type { PodRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** validateContainers (1.34). */
export const podContainersRequired = {
  code: 'pod-containers-required',
  category: 'api',
  severity: 'error',
  summary: 'a pod without containers, or with ephemeral ones',
  explanation: `A pod runs at least one container; init containers alone are not enough, and ephemeral containers can only
be added to a pod that runs.`,
  check({ spec, path }, report) {
    if (!spec.containers?.length)
      report({ field: [...path, 'containers'], message: 'a pod needs a container' });
    if (!spec.ephemeralContainers?.length) return;
    report({
      field: [...path, 'ephemeralContainers'],
      message: 'ephemeral containers cannot be there from the start',
      hint: 'add them to the running pod, with kubectl debug',
    });
  },
} as const satisfies PodRule;

/** ValidatePodSpec (1.34). */
export const podHostnameValid = {
  code: 'pod-hostname-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['hostname', 'subdomain'],
  summary: 'a hostname or subdomain of a pod that is no DNS label',
  explanation: `hostname and subdomain of a pod make its DNS name (hostname.subdomain.namespace.svc...), each is one label of
it: lower case letters, digits and '-', no dots.`,
  check({ spec, path }, report) {
    for (const key of ['hostname', 'subdomain'] as const) {
      const name = spec[key];
      const problem = name ? dnsLabelProblem(name) : undefined;
      if (name && problem !== undefined)
        report({ field: [...path, key], message: `${key} ${quoteValue(name)} ${problem}` });
    }
  },
} as const satisfies PodRule;

/** Nothing upstream on creation: status is the kubelet's, and it writes what is valid. */
export const podIPValid = {
  code: 'pod-ip-valid',
  category: 'node',
  severity: 'error',
  onlyWith: ['podIP', 'podIPs'],
  summary: 'a pod address that is no IP address',
  explanation: `Where a Service has neither EndpointSlices nor Endpoints in the input, its endpoints are the addresses in
status.podIPs of the pods it selects. The API server does not look at status when a pod is created, but a rule can only
be made for an IP address.`,
  check({ status: { podIP, podIPs } }, report) {
    const refuse = (ip: string, field: readonly (string | number)[]) =>
      report({ field, message: `pod address ${quoteValue(ip)} is not an IP address` });
    if (podIP && !podIPs?.length && parseIP(podIP) === undefined) refuse(podIP, ['status', 'podIP']);
    for (const [index, entry] of (podIPs ?? []).entries()) {
      const ip = entry?.ip ?? '';
      if (ip !== '' && parseIP(ip) === undefined) refuse(ip, ['status', 'podIPs', index, 'ip']);
    }
  },
} as const satisfies PodRule;

const NAMES = ['serviceAccountName', 'nodeName', 'priorityClassName', 'runtimeClassName'] as const;

/**
 * ValidatePodSpec (1.34). An empty runtimeClassName is refused, the others mean none when empty; serviceAccount is the
 * name of old for serviceAccountName.
 */
export const podNamesValid = {
  code: 'pod-names-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['serviceAccountName', 'serviceAccount', 'nodeName', 'priorityClassName', 'runtimeClassName'],
  summary: 'the name of an account, node or class that cannot exist',
  explanation: `serviceAccountName, nodeName, priorityClassName and runtimeClassName are names of other objects: lower case
letters, digits, '-' and '.'.`,
  check({ spec, path }, report) {
    for (const key of NAMES) {
      const isOld = key === 'serviceAccountName' && !spec[key];
      const name = isOld ? spec.serviceAccount : spec[key];
      if (name === undefined || name === null || (name === '' && key !== 'runtimeClassName')) continue;
      const problem = dnsSubdomainProblem(name);
      if (problem !== undefined)
        report({
          field: [...path, key],
          place: [...path, isOld ? 'serviceAccount' : key],
          message: `${key} ${quoteValue(name)} ${problem}`,
        });
    }
  },
} as const satisfies PodRule;
