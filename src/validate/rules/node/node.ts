import { parseCIDR, parseIP } from '../../../model/ip.ts';
import { reportRepeated } from '../../checks/repeated.ts';
import { podCIDRsOf } from '../../convert/node.ts';
import { labelValueProblem, qualifiedNameProblem } from '../../formats/qualified-name.ts';
import type { NodeRule, ServiceCIDRRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** Nothing upstream: kubelets write node addresses. */
export const nodeAddressValid = {
  code: 'node-address-valid',
  category: 'node',
  severity: 'warning',
  summary: 'a node address that is no IP address, and passed over',
  explanation: `Node ports answer on the addresses of a node, those of type InternalIP and ExternalIP in status.addresses.
What is no IP address there is passed over; names have the types Hostname, InternalDNS and ExternalDNS.`,
  check({ status }, report) {
    for (const [index, entry] of (status?.addresses ?? []).entries()) {
      const { type, address } = entry ?? {};
      if ((type !== 'InternalIP' && type !== 'ExternalIP') || parseIP(address ?? '') !== undefined) continue;
      report({
        field: ['status', 'addresses', index, 'address'],
        message: `${type} ${quoteValue(address ?? '')} is not an IP address, and passed over`,
      });
    }
  },
} as const satisfies NodeRule;

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

/** nodeSpecWarnings (pkg/api/node/util.go, 1.30 to 1.36). */
export const nodeFieldsCurrent = {
  code: 'node-fields-current',
  category: 'api',
  severity: 'warning',
  summary: 'a field of a node that does nothing any more',
  explanation: `spec.configSource was for kubelet settings in the API, which are gone; spec.externalID is no longer read. The API
server warns of both.`,
  check({ spec }, report) {
    if (spec?.configSource)
      report({ field: ['spec', 'configSource'], message: 'configSource: the feature has been removed' });
    if (spec?.externalID) report({ field: ['spec', 'externalID'], message: 'externalID is no longer used' });
  },
} as const satisfies NodeRule;

/** Lifecycle of networking.k8s.io/v1beta1 (1.34 to 1.36). */
export const serviceCIDRVersionCurrent = {
  code: 'service-cidr-version-current',
  category: 'api',
  severity: 'warning',
  summary: 'a ServiceCIDR in an API version that is deprecated',
  explanation: `networking.k8s.io/v1beta1 is deprecated since Kubernetes 1.34, which warns of it, and gone in 1.37. The same object
is in networking.k8s.io/v1 since 1.33.`,
  check({ apiVersion }, report, { options }) {
    if (apiVersion !== 'networking.k8s.io/v1beta1') return;
    const { serviceCIDRVersions, warnings } = options.kubernetes.api;
    if (!warnings.has('service-cidr-beta') || !serviceCIDRVersions.includes(apiVersion)) return;
    report({
      field: ['apiVersion'],
      message: `${apiVersion} ServiceCIDR is deprecated since Kubernetes 1.34, and gone in 1.37`,
      hint: 'write networking.k8s.io/v1',
    });
  },
} as const satisfies ServiceCIDRRule;

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** validateNodeTaints (1.34), which names metadata.taints. */
export const nodeTaintsValid = {
  code: 'node-taints-valid',
  category: 'api',
  severity: 'error',
  summary: 'a taint that lacks something, or is repeated',
  explanation: `A taint has a key, an optional value (as labels have them), and the effect NoSchedule, PreferNoSchedule or
NoExecute; each pair of key and effect stands once.`,
  check({ spec }, report) {
    const taints = spec?.taints ?? [];
    for (const [index, taint] of taints.entries()) {
      const refuse = (key: string, message: string) =>
        report({ field: ['metadata', 'taints', index, key], place: ['spec', 'taints', index, key], message });
      const keyProblem = qualifiedNameProblem(taint?.key ?? '');
      if (keyProblem !== undefined) refuse('key', `key ${quoteValue(taint?.key ?? '')} ${keyProblem}`);
      const problem = labelValueProblem(taint?.value ?? '');
      if (problem !== undefined) refuse('value', `value ${quoteValue(taint?.value ?? '')} ${problem}`);
      if (!EFFECTS.includes(taint?.effect ?? ''))
        refuse('effect', `effect ${quoteValue(taint?.effect ?? '')} is none of ${EFFECTS.join(', ')}`);
    }
    reportRepeated(taints, {
      keyOf: (taint) => `${taint?.key}:${taint?.effect}`,
      toFinding: (taint, index) => ({
        field: ['metadata', 'taints', index],
        place: ['spec', 'taints', index],
        message: `taint ${quoteValue(taint?.key ?? '')} with this effect is listed twice`,
      }),
      report,
    });
  },
} as const satisfies NodeRule;

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
