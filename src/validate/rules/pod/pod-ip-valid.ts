import { parseIP } from '../../../model/ip.ts';
import type { PodRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** Nothing upstream on creation: status is the kubelet's, and it writes what is valid. */
export const podIPValid = {
  code: 'pod-ip-valid',
  category: 'node',
  severity: 'error',
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
