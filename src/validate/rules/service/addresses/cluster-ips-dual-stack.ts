import type { ServiceRule } from '../../../rule.ts';

/** ValidateServiceClusterIPsRelatedFields (1.34). */
export const clusterIPsDualStack: ServiceRule = {
  code: 'cluster-ips-dual-stack',
  severity: 'error',
  skipsPlain: true,
  explanation: `A Service has at most two cluster IPs, one of each family: a second address of the same family would not
be allocated.`,
  failingExample: `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ipFamilyPolicy: RequireDualStack
  clusterIP: 10.96.0.7
  clusterIPs: [10.96.0.7, 10.96.0.8]
  ports:
    - port: 80
`,
  passingExample: `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ipFamilyPolicy: RequireDualStack
  clusterIP: 10.96.0.7
  clusterIPs: [10.96.0.7, "fd00:10:96::7"]
  ports:
    - port: 80
`,
  check({ type, clusterIPs, clusterAddresses }, report) {
    if (type === 'ExternalName' || clusterIPs.length < 2) return;
    const field = ['spec', 'clusterIPs'];
    if (clusterIPs.length > 2)
      report({ field, message: `${clusterIPs.length} clusterIPs, but two is the most` });
    const families = clusterAddresses.map((address) => address?.family);
    if (families.includes(undefined) || new Set(families).size === 2) return;
    report({ field, message: `clusterIPs are all ${families[0]}`, hint: 'keep one address of each family' });
  },
};
