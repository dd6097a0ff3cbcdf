import { parseCIDR } from '../../../model/ip.ts';
import { podCIDRsOf } from '../../convert/node.ts';
import type { NodeRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** ValidateNode (1.34); spec.podCIDR counts as the first of podCIDRs. */
export const nodePodCIDRsValid = {
  code: 'node-pod-cidrs-valid',
  category: 'api',
  severity: 'error',
  summary: 'pod CIDRs of a node that are none, or several of a family',
  explanation: `podCIDRs are the ranges that a node gives its pods addresses from: at most one CIDR of each family.`,
  check({ spec }, report) {
    const cidrs = podCIDRsOf(spec ?? {});
    const field = ['spec', 'podCIDRs'];
    const seen = new Set<string>();
    for (const [index, cidr] of cidrs.entries()) {
      if (parseCIDR(cidr) === undefined)
        report({ field: [...field, index], message: `${quoteValue(cidr)} is not a CIDR` });
      if (seen.has(cidr))
        report({ field: [...field, index], message: `${quoteValue(cidr)} is listed twice` });
      seen.add(cidr);
    }
    const families = cidrs.map((cidr) => parseCIDR(cidr)?.family);
    if (
      cidrs.length < 2 ||
      families.includes(undefined) ||
      (cidrs.length === 2 && families[0] !== families[1])
    )
      return;
    report({ field, message: 'more than one pod CIDR of a family' });
  },
} as const satisfies NodeRule;
