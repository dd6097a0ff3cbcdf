import { parseCIDR } from '../../../model/ip.ts';
import type { ServiceCIDRRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** ValidateServiceCIDR (pkg/apis/networking/validation, 1.30 to 1.36), which wants the canonical form since 1.33. */
export const serviceCIDRsValid = {
  code: 'service-cidrs-valid',
  category: 'api',
  severity: 'error',
  summary: 'a ServiceCIDR without CIDRs, with odd ones, or several of a family',
  explanation: `A ServiceCIDR holds one CIDR, or one of each family, that cluster IPs are given from; since Kubernetes 1.33
in canonical form: no leading zeros, no bits set behind the prefix.`,
  check({ spec }, report, { options }) {
    const cidrs = spec?.cidrs ?? [];
    const field = ['spec', 'cidrs'];
    if (cidrs.length === 0) report({ field, message: 'a ServiceCIDR needs at least one CIDR' });
    if (cidrs.length > 2) report({ field, message: `${cidrs.length} CIDRs, but two is the most` });
    cidrs.forEach((text, index) => {
      const parsed = parseCIDR(text ?? '');
      if (parsed === undefined)
        report({ field: [...field, index], message: `${quoteValue(text ?? '')} is not a CIDR` });
      else if (!parsed.isCanonical && options.kubernetes.api.canonicalAddresses) {
        const message = `${quoteValue(text ?? '')} is not in canonical form`;
        report({ field: [...field, index], message, hint: `write ${parsed.cidr}` });
      }
    });
    const [first, second] = cidrs.map((cidr) => parseCIDR(cidr ?? '')?.family);
    if (first === undefined || cidrs.length !== 2 || first !== second) return;
    report({ field, message: `both CIDRs are ${first}`, hint: 'keep one of each family' });
  },
} as const satisfies ServiceCIDRRule;
