import { givesOut } from '../../../formats/service-range.ts';
import type { ServiceRule } from '../../../rule.ts';

/** The cluster IP allocator (pkg/registry/core/service/ipallocator, 1.34). */
export const clusterIPInRange = {
  code: 'cluster-ip-in-range',
  category: 'api',
  severity: 'error',
  summary: "a clusterIP outside the cluster's service range",
  explanation: `A cluster IP comes out of the cluster's service range: others are refused, and so are the first address
of the range and, for IPv4, the last one. Only checked when the service ranges are known (--service-cluster-ip-range,
or ServiceCIDR objects in the input).`,
  check({ type, clusterIPs, clusterIP, clusterAddresses }, report, { serviceCIDRs }) {
    if (serviceCIDRs.length === 0 || type === 'ExternalName') return;
    clusterAddresses.forEach((parsed, index) => {
      if (parsed === undefined) return;
      const ranges = serviceCIDRs.filter(({ family }) => family === parsed.family);
      if (ranges.length === 0 || ranges.some((range) => givesOut(range, parsed.ip))) return;
      const isFirst = index === 0 && clusterIPs[0] === clusterIP;
      const names = ranges.slice(0, MAX_NAMED).map(({ cidr }) => cidr);
      report({
        field: ['spec', 'clusterIPs'],
        place: isFirst ? ['spec', 'clusterIP'] : ['spec', 'clusterIPs', index],
        message: `clusterIP ${parsed.ip} is not an address that ${names.join(' or ')} has to give`,
        hint: 'choose another address, or leave clusterIP out to get one',
      });
    });
  },
} as const satisfies ServiceRule;

const MAX_NAMED = 4;
