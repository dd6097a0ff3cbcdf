import {
  ENDPOINT_SLICE_CONTROLLER,
  ENDPOINTS_CONTROLLER,
  ENDPOINTS_MANAGED_BY_LABEL,
  MIRRORING_CONTROLLER,
  SLICE_MANAGED_BY_LABEL,
  SOURCE_RANGES_ANNOTATION,
} from '../../../kubernetes/labels.ts';
import type { FieldPath } from '../../../model/field-path.ts';
import type { ApiFacts } from '../../../model/kubernetes-version.ts';
import { visitAddresses } from '../../checks/endpoints-address.ts';
import { podCIDRsOf } from '../../convert/node.ts';
import type { SliceSubject } from '../../defaults/endpoint-slice.ts';
import type { DefaultedService } from '../../defaults/service.ts';
import { type OddSpelling, oddAddress, oddCIDR } from '../../formats/address.ts';
import type * as api from '../../generated/shapes.js';
import type { Finding, PodSubject } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** A value with an odd spelling, and where it stands. */
export interface Spelling {
  readonly text: string;
  readonly odd: OddSpelling;
  readonly field: FieldPath;
  /** Where it stands, when the API server names another field. */
  readonly place?: FieldPath;
  /** Errors of the field are spelled otherwise than its warnings. */
  readonly errorField?: FieldPath;
  /** The API server never refuses what is there. */
  readonly isUnchecked?: true;
  /** Nor does it warn of it. */
  readonly isUnwarned?: true;
}

/** Calls `visit` for each odd spelling in an object. */
export type VisitSpellings<Subject> = (subject: Subject, visit: (spelling: Spelling) => void) => void;

/** GetWarningsForService (pkg/api/service/warnings.go) and ValidateService, 1.36. */
export const serviceSpellings: VisitSpellings<DefaultedService> = (service, visit) => {
  const { type, clusterIPs, clusterAddresses, externalIPs, loadBalancerIP, metadata } = service;
  clusterAddresses.forEach((address, index) => {
    if (address === undefined || address.isCanonical || type === 'ExternalName') return;
    const field = ['spec', 'clusterIPs', index];
    const place = service.hasClusterIPs ? field : ['spec', 'clusterIP'];
    visitAddress(clusterIPs[index] ?? '', { field, place }, visit);
  });
  externalIPs.forEach((text, index) => {
    visitAddress(text, { field: ['spec', 'externalIPs', index] }, visit);
  });
  visitAddress(loadBalancerIP, { field: ['spec', 'loadBalancerIP'], isUnchecked: true }, visit);
  service.loadBalancerSourceRanges.forEach((text, index) => {
    const field = ['spec', 'loadBalancerSourceRanges', index];
    const errorField = ['spec', 'LoadBalancerSourceRanges', index];
    visitCIDR(text.trim(), { field, errorField }, visit);
  });
  const annotation = metadata.annotations?.[SOURCE_RANGES_ANNOTATION]?.trim();
  if (!annotation || service.loadBalancerSourceRanges.length > 0) return;
  const field = ['metadata', 'annotations', SOURCE_RANGES_ANNOTATION];
  for (const range of annotation.split(',')) visitCIDR(range.trim(), { field, isUnwarned: true }, visit);
};

/** endpointsWarnings (pkg/registry/core/endpoint/strategy.go, 1.36): what the controller writes is not looked at. */
export const endpointsSpellings: VisitSpellings<api.Endpoints> = (endpoints, visit) => {
  const writer = endpoints.metadata?.labels?.[ENDPOINTS_MANAGED_BY_LABEL];
  const isUnwarned = writer === ENDPOINTS_CONTROLLER ? ({ isUnwarned: true } as const) : {};
  visitAddresses(endpoints, ({ ip }, pathOf) => {
    const odd = oddAddress(ip ?? '');
    if (odd !== undefined) visit({ text: ip ?? '', odd, field: pathOf('ip'), ...isUnwarned });
  });
};

/** warnOnBadIPs (pkg/registry/discovery/endpointslice/strategy.go, 1.36). */
export const sliceSpellings: VisitSpellings<SliceSubject> = ({ slice, endpoints }, visit) => {
  if (slice.addressType === 'FQDN') return;
  const writer = slice.metadata?.labels?.[SLICE_MANAGED_BY_LABEL] ?? '';
  const isUnwarned = SLICE_CONTROLLERS.includes(writer) ? ({ isUnwarned: true } as const) : {};
  endpoints.forEach((endpoint, index) => {
    (endpoint?.addresses ?? []).forEach((text, entry) => {
      visitAddress(text ?? '', { field: ['endpoints', index, 'addresses', entry], ...isUnwarned }, visit);
    });
  });
};

const SLICE_CONTROLLERS = [ENDPOINT_SLICE_CONTROLLER, MIRRORING_CONTROLLER];

/** nodeWarnings (pkg/registry/core/node/strategy.go, 1.36). */
export const nodeSpellings: VisitSpellings<api.Node> = ({ spec }, visit) => {
  const isSingle = (spec?.podCIDRs ?? []).length === 0;
  podCIDRsOf(spec ?? {}).forEach((text, index) => {
    const field = ['spec', 'podCIDRs', index];
    visitCIDR(text, { field, place: isSingle ? ['spec', 'podCIDR'] : field }, visit);
  });
};

/** GetWarningsForPod (pkg/api/pod/warnings.go, 1.36). */
export const podSpellings: VisitSpellings<PodSubject> = ({ spec, path }, visit) => {
  (spec.dnsConfig?.nameservers ?? []).forEach((text, index) => {
    visitAddress(text ?? '', { field: [...path, 'dnsConfig', 'nameservers', index] }, visit);
  });
  (spec.hostAliases ?? []).forEach((alias, index) => {
    visitAddress(alias?.ip ?? '', { field: [...path, 'hostAliases', index, 'ip'] }, visit);
  });
};

type Place = Omit<Spelling, 'text' | 'odd'>;

function visitAddress(text: string, place: Place, visit: (spelling: Spelling) => void): void {
  const odd = oddAddress(text);
  if (odd !== undefined) visit({ text, odd, ...place });
}

function visitCIDR(text: string, place: Place, visit: (spelling: Spelling) => void): void {
  const odd = oddCIDR(text);
  if (odd !== undefined) visit({ text, odd, ...place });
}

/** Whether the API server refuses it (IsValidIPForLegacyField and IsValidCIDRForLegacyField, apimachinery 1.36). */
export function isRefused({ odd, isUnchecked }: Spelling, { strictAddresses }: ApiFacts): boolean {
  return strictAddresses && isUnchecked !== true && odd.kind !== 'long';
}

/** Whether it warns of it (GetWarningsForIP and GetWarningsForCIDR, apimachinery 1.36; up to 1.32 pkg/api/service). */
export function isWarnedOf(spelling: Spelling, facts: ApiFacts): boolean {
  const { odd, isUnwarned } = spelling;
  if (isUnwarned === true || isRefused(spelling, facts)) return false;
  return odd.kind !== 'host-bits' || odd.family === 'IPv6' || facts.warnings.has('host-bits');
}

/** What is to be said of it. */
export function describeSpelling({ text, odd, field, place }: Spelling): Finding {
  const { kind, canonical } = odd;
  const hostBits =
    kind === 'host-bits' && `${quoteValue(text)} has bits set behind the prefix of ${canonical}`;
  return {
    field,
    ...(place === undefined ? {} : { place }),
    message: hostBits || `${quoteValue(text)} is an odd spelling of ${canonical}`,
    hint: `write ${canonical}`,
  };
}
