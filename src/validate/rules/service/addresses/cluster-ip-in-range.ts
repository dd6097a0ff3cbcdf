import { givesOut } from '../../../formats/service-range.ts';
import type { ServiceRule } from '../../../rule.ts';

/** The cluster IP allocator (pkg/registry/core/service/ipallocator, 1.34). */
export const clusterIPInRange: ServiceRule = {
  code: 'cluster-ip-in-range',
  severity: 'error',
  explanation: `A cluster IP comes out of the cluster's service range: others are refused, and so are the first address
of the range and, for IPv4, the last one. Only checked when the service ranges are known (--service-cluster-ip-range,
or ServiceCIDR objects in the input).`,
  failingExample: `apiVersion: networking.k8s.io/v1
kind: ServiceCIDR
metadata:
  name: kubernetes
spec:
  cidrs: [10.96.0.0/16]
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  clusterIP: 10.97.0.7
  ports:
    - port: 80
`,
  passingExample: `apiVersion: networking.k8s.io/v1
kind: ServiceCIDR
metadata:
  name: kubernetes
spec:
  cidrs: [10.96.0.0/16]
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  clusterIP: 10.96.255.254
  ports:
    - port: 80
`,
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
};

const MAX_NAMED = 4;
