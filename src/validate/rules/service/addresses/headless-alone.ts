import type { ServiceRule } from '../../../rule.ts';

/** ValidateServiceClusterIPsRelatedFields (1.34). */
export const headlessAlone = {
  code: 'headless-alone',
  category: 'api',
  severity: 'error',
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
