import { ZONE_LABEL } from '../../../kubernetes/labels.ts';
import type { FieldPath } from '../../../model/field-path.ts';
import { reportRepeated } from '../../checks/repeated.ts';
import { dnsLabelProblem, dnsSubdomainProblem } from '../../formats/dns.ts';
import { labelValueProblem, qualifiedNameProblem } from '../../formats/qualified-name.ts';
import type { EndpointSliceRule, Report } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

const MAX_HINTS = 8;

/** validateHints (pkg/apis/discovery/validation, 1.34): zones are label values, nodes are names of nodes. */
export const sliceHintsValid = {
  code: 'slice-hints-valid',
  category: 'api',
  severity: 'error',
  summary: 'topology hints that are too many, repeated, or no names of zones and nodes',
  skipsPlain: true,
  explanation: `Hints say which zones and nodes are to use an endpoint: at most 8 of each, every one once, zones written as
label values and nodes by the names of their Node objects.`,
  check({ endpoints }, report) {
    endpoints.forEach((endpoint, index) => {
      const hints = endpoint?.hints;
      if (!hints) return;
      const path = ['endpoints', index, 'hints'];
      if (hints.forZones)
        checkHints(hints.forZones, { path: [...path, 'forZones'], problemOf: labelValueProblem }, report);
      if (hints.forNodes)
        checkHints(hints.forNodes, { path: [...path, 'forNodes'], problemOf: dnsSubdomainProblem }, report);
    });
  },
} as const satisfies EndpointSliceRule;

interface HintList {
  readonly path: FieldPath;
  readonly problemOf: (name: string) => string | undefined;
}

function checkHints(
  hints: readonly ({ readonly name?: string | null } | null)[],
  { path, problemOf }: HintList,
  report: Report,
): void {
  if (hints.length > MAX_HINTS) {
    report({ field: path, message: `${hints.length} hints, more than ${MAX_HINTS}` });
    return;
  }
  hints.forEach((hint, index) => {
    const name = hint?.name ?? '';
    const problem = problemOf(name);
    if (problem !== undefined)
      report({ field: [...path, index, 'name'], message: `hint ${quoteValue(name)} ${problem}` });
  });
  reportRepeated(hints, {
    // In quotes, so that an empty name counts as well.
    keyOf: (hint) => JSON.stringify(hint?.name ?? ''),
    toFinding: (hint, index) => ({
      field: [...path, index, 'name'],
      message: `hint ${quoteValue(hint?.name ?? '')} is listed twice`,
    }),
    report,
  });
}

/** validateEndpoints (pkg/apis/discovery/validation, 1.34); unlike in Endpoints, an empty one is refused. */
export const sliceHostnameValid = {
  code: 'slice-hostname-valid',
  category: 'api',
  severity: 'error',
  summary: 'a hostname in a slice that is no DNS label',
  skipsPlain: true,
  explanation: `The hostname of an endpoint becomes a DNS name in front of the Service's, so it is a DNS label: lower case
letters, digits and '-', no dots. Leave it out when there is none: an empty one is refused.`,
  check({ endpoints }, report) {
    endpoints.forEach((endpoint, index) => {
      const hostname = endpoint?.hostname;
      if (hostname === undefined || hostname === null) return;
      const problem = dnsLabelProblem(hostname);
      if (problem === undefined) return;
      report({
        field: ['endpoints', index, 'hostname'],
        message: `hostname ${quoteValue(hostname)} ${problem}`,
      });
    });
  },
} as const satisfies EndpointSliceRule;

/** validateEndpoints (pkg/apis/discovery/validation, 1.34). */
export const sliceNodeNameValid = {
  code: 'slice-node-name-valid',
  category: 'api',
  severity: 'error',
  summary: 'a nodeName in a slice that no Node can have',
  skipsPlain: true,
  explanation: `nodeName says on which node an endpoint runs, by the name of the Node object: lower case letters, digits,
'-' and '.'. Local traffic policies depend on it. Leave it out when it is not known.`,
  check({ endpoints }, report) {
    // Neighbours in a slice often share their node, and checking a name costs more than comparing it.
    let last = '';
    for (let index = 0; index < endpoints.length; index += 1) {
      const nodeName = endpoints[index]?.nodeName;
      if (nodeName === undefined || nodeName === null || (nodeName === last && last !== '')) continue;
      const problem = dnsSubdomainProblem(nodeName);
      if (problem === undefined) last = nodeName;
      else
        report({
          field: ['endpoints', index, 'nodeName'],
          message: `nodeName ${quoteValue(nodeName)} ${problem}`,
        });
    }
  },
} as const satisfies EndpointSliceRule;

const MAX_LABELS = 16;

/** validateEndpoints (pkg/apis/discovery/validation, 1.34). */
export const sliceTopologyValid = {
  code: 'slice-topology-valid',
  category: 'api',
  severity: 'error',
  summary: 'topology labels in a slice that no labels can be',
  skipsPlain: true,
  explanation: `deprecatedTopology is left over from the beta of EndpointSlices: at most 16 labels, which nothing reads any
more. The zone has a field of its own, endpoints[].zone, and must not stand here.`,
  check({ endpoints }, report) {
    endpoints.forEach((endpoint, index) => {
      const topology = endpoint?.deprecatedTopology;
      if (topology) checkTopology(topology, ['endpoints', index, 'deprecatedTopology'], report);
    });
  },
} as const satisfies EndpointSliceRule;

function checkTopology(
  topology: { readonly [key: string]: string | null },
  field: FieldPath,
  report: Report,
): void {
  const count = Object.keys(topology).length;
  if (count > MAX_LABELS) report({ field, message: `${count} topology labels, more than ${MAX_LABELS}` });
  for (const [key, text] of Object.entries(topology)) {
    const place = [...field, key];
    const value = text ?? '';
    const keyProblem = qualifiedNameProblem(key);
    if (keyProblem !== undefined)
      report({ field, place, at: 'key', message: `key ${quoteValue(key)} ${keyProblem}` });
    const problem = labelValueProblem(value);
    if (problem !== undefined) report({ field, place, message: `value ${quoteValue(value)} ${problem}` });
    if (key === ZONE_LABEL)
      report({ field: place, at: 'key', message: `${ZONE_LABEL} is reserved`, hint: 'use the field zone' });
  }
}
