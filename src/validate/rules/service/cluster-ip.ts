import { isHeadless } from '../../../kubernetes/services.ts';
import { givesOut } from '../../formats/service-range.ts';
import type { ServiceRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** ValidateServiceClusterIPsRelatedFields (1.34). */
export const clusterIPFamily = {
  code: 'cluster-ip-family',
  category: 'api',
  severity: 'error',
  onlyWith: ['ipFamilies'],
  summary: 'a clusterIP of another family than ipFamilies says',
  explanation: `ipFamilies says which family each of clusterIPs has, in the same order: an address of the other family
contradicts it.`,
  check(service, report) {
    const { type, clusterIP, clusterIPs, clusterAddresses, ipFamilies } = service;
    if (type === 'ExternalName' || ipFamilies.length === 0 || isHeadless(service)) return;
    clusterIPs.forEach((ip, index) => {
      const wanted = ipFamilies[index];
      const family = clusterAddresses[index]?.family;
      if (family === undefined || family === wanted || (wanted !== 'IPv4' && wanted !== 'IPv6')) return;
      const field = ['spec', 'clusterIPs', index];
      const place = index === 0 && ip === clusterIP ? ['spec', 'clusterIP'] : field;
      report({
        field,
        place,
        message: `${quoteValue(ip)} is ${family}, but ipFamilies[${index}] is ${wanted}`,
        hint: `choose an ${wanted} address, or set ipFamilies[${index}] to ${family}`,
      });
    });
  },
} as const satisfies ServiceRule;

/** The cluster IP allocator (pkg/registry/core/service/ipallocator, 1.34). */
export const clusterIPInRange = {
  code: 'cluster-ip-in-range',
  category: 'api',
  severity: 'error',
  onlyWith: ['clusterIP', 'clusterIPs'],
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

/** ValidateServiceClusterIPsRelatedFields (1.34), which names spec.clusterIPs[i] for spec.clusterIP too. */
export const clusterIPValid = {
  code: 'cluster-ip-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['clusterIP', 'clusterIPs'],
  summary: 'a clusterIP that is no IP address',
  explanation: `clusterIP is an IPv4 or IPv6 address, None (headless), or left out to get one. A CIDR, a host name or a
zone (%eth0) is none.`,
  check({ type, clusterIP, clusterIPs, clusterAddresses }, report) {
    if (type === 'ExternalName') return;
    clusterIPs.forEach((ip, index) => {
      if ((index === 0 && ip === 'None') || clusterAddresses[index] !== undefined) return;
      const field = ['spec', 'clusterIPs', index];
      const place = index === 0 && ip === clusterIP ? ['spec', 'clusterIP'] : field;
      const hint =
        'write an address like 10.96.0.10, None for a headless Service, or leave it out to get one';
      report({ field, place, message: `${quoteValue(ip)} is not an IP address`, hint });
    });
  },
} as const satisfies ServiceRule;

/** ValidateServiceClusterIPsRelatedFields (1.34). */
export const clusterIPsDualStack = {
  code: 'cluster-ips-dual-stack',
  category: 'api',
  severity: 'error',
  onlyWith: ['clusterIPs'],
  summary: 'more than one clusterIP of a family',
  explanation: `A Service has at most two cluster IPs, one of each family: a second address of the same family would not
be allocated.`,
  check({ type, clusterIPs, clusterAddresses }, report) {
    if (type === 'ExternalName' || clusterIPs.length < 2) return;
    const field = ['spec', 'clusterIPs'];
    if (clusterIPs.length > 2)
      report({ field, message: `${clusterIPs.length} clusterIPs, but two is the most` });
    const families = clusterAddresses.map((address) => address?.family);
    if (families.includes(undefined) || new Set(families).size === 2) return;
    report({ field, message: `clusterIPs are all ${families[0]}`, hint: 'keep one address of each family' });
  },
} as const satisfies ServiceRule;

/** ValidateServiceClusterIPsRelatedFields (1.34): compared as text, so another spelling is another address. */
export const clusterIPsMatch = {
  code: 'cluster-ips-match',
  category: 'api',
  severity: 'error',
  onlyWith: ['clusterIPs'],
  summary: 'clusterIP and the first of clusterIPs differ',
  explanation: `clusterIP and the first of clusterIPs are two places for one address: when both are set they have to be
spelled the same, and clusterIPs alone is refused. Setting only clusterIP is enough for one address.`,
  check({ type, clusterIP, clusterIPs }, report) {
    const [first] = clusterIPs;
    if (type === 'ExternalName' || first === undefined || first === clusterIP) return;
    const message =
      clusterIP === ''
        ? `clusterIPs is set, but clusterIP is not`
        : `the first of clusterIPs is ${quoteValue(first)}, and clusterIP is ${quoteValue(clusterIP)}`;
    report({ field: ['spec', 'clusterIPs'], message, hint: `set clusterIP to ${quoteValue(first)} too` });
  },
} as const satisfies ServiceRule;

/** ValidateServiceClusterIPsRelatedFields (1.34). */
export const headlessAlone = {
  code: 'headless-alone',
  category: 'api',
  severity: 'error',
  onlyWith: ['clusterIPs'],
  summary: 'None beside an address in clusterIPs',
  explanation: `None means that the Service has no cluster IP at all, in no family: it stands alone in clusterIPs.`,
  check({ type, clusterIPs }, report) {
    if (type === 'ExternalName' || clusterIPs.length < 2 || clusterIPs[0] !== 'None') return;
    report({
      field: ['spec', 'clusterIPs'],
      message: 'clusterIPs has None and an address',
      hint: 'keep only None for a headless Service, else only addresses',
    });
  },
} as const satisfies ServiceRule;

/** ValidateService (1.34), which names spec.clusterIPs[0]. */
export const headlessType = {
  code: 'headless-type',
  category: 'api',
  severity: 'error',
  onlyWith: ['clusterIP', 'clusterIPs'],
  summary: 'a headless Service of type NodePort or LoadBalancer',
  explanation: `A headless Service (clusterIP: None) has no address that a node could forward from, so its type cannot be
NodePort or LoadBalancer.`,
  check(service, report) {
    const { type, clusterIP } = service;
    if ((type !== 'NodePort' && type !== 'LoadBalancer') || !isHeadless(service)) return;
    const field = ['spec', 'clusterIPs', 0];
    report({
      field,
      place: clusterIP === 'None' ? ['spec', 'clusterIP'] : field,
      message: `clusterIP None on a Service of type ${type}`,
      hint: 'leave clusterIP out, or set spec.type to ClusterIP',
    });
  },
} as const satisfies ServiceRule;
