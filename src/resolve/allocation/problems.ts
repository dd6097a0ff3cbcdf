import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { aboutField, count, listNames } from '../../diagnostic/report.ts';
import { formatFieldPath } from '../../model/field-path.ts';
import { familyOf } from '../../model/ip.ts';
import type { ResolveCode } from '../codes.ts';
import type { LostValue, Pools } from './apply-lock.ts';
import type { Shortage } from './fill-draft.ts';

const MISSING_CODES = {
  clusterIP: 'cluster-ip-given',
  nodePort: 'node-port-given',
  healthCheckNodePort: 'health-check-node-port-given',
} as const;

/** Warnings about locked values that had to give way. */
export function lostValueWarnings(lost: readonly LostValue[], pools: Pools): readonly Diagnostic[] {
  return lost.map(({ draft, field, value, reason }) => {
    const ranges = typeof value === 'number' ? nodePortRange(pools) : addressRanges(pools, familyOf(value));
    const why = reason === 'taken' ? 'is taken by now' : `is outside ${ranges}`;
    return aboutField<ResolveCode>('Service', draft.service, field, {
      code: 'locked-value-usable',
      severity: 'warning',
      message: `${formatFieldPath(field)} cannot stay ${value} as locked: it ${why}`,
      hint: 'it moves to another value, which the lock holds from now on',
    });
  });
}

/** Errors about values that Services lack: one for each value, but one in all for what is full. */
export function shortageErrors(shortages: readonly Shortage[], pools: Pools): readonly Diagnostic[] {
  const full: Record<Shortage['of'], Shortage[]> = { IPv4: [], IPv6: [], nodePorts: [] };
  const diagnostics: Diagnostic[] = [];
  for (const shortage of shortages) {
    const { reason, of } = shortage;
    if (reason === 'none wanted') diagnostics.push(missingError(shortage, pools));
    else if (reason === 'no range') diagnostics.push(noRangeError(shortage, pools));
    else full[of].push(shortage);
  }
  return [...diagnostics, ...Object.values(full).flatMap((each) => fullError(each, pools))];
}

function missingError({ draft, field, kind, of }: Shortage, pools: Pools): Diagnostic {
  const free =
    kind === 'clusterIP'
      ? `set it to a free address of ${addressRanges(pools, of)}`
      : `set it to a free port of ${nodePortRange(pools)}`;
  const orElse = draft.service.type === 'LoadBalancer' && kind === 'nodePort';
  return aboutField<ResolveCode>('Service', draft.service, field, {
    code: MISSING_CODES[kind],
    severity: 'error',
    message: `${formatFieldPath(field)} is missing, and nothing is allocated with --no-allocate`,
    hint: orElse ? `${free}, or spec.allocateLoadBalancerNodePorts to false` : free,
  });
}

function noRangeError({ draft, of }: Shortage, pools: Pools): Diagnostic {
  const { service } = draft;
  const index = of === 'nodePorts' ? -1 : service.ipFamilies.indexOf(of);
  const field = index < 0 ? ['spec', 'ipFamilyPolicy'] : ['spec', 'ipFamilies', index];
  return aboutField<ResolveCode>('Service', service, field, {
    code: 'service-family-has-range',
    severity: 'error',
    message: `the cluster has no service range of family "${of}", only ${addressRanges(pools)}`,
    hint: `add an ${of} range to --service-cluster-ip-range, or ask for one family only`,
  });
}

function fullError(shortages: readonly Shortage[], pools: Pools): readonly Diagnostic[] {
  const [first] = shortages;
  if (first === undefined) return [];
  const names = listNames([...new Set(shortages.map(({ draft }) => draft.key))]);
  const report =
    first.kind === 'clusterIP'
      ? ({
          code: 'service-range-has-room',
          message: `${addressRanges(pools, first.of)} is full: no address is left for ${names}`,
          hint: 'give a larger --service-cluster-ip-range',
        } as const)
      : ({
          code: 'node-port-range-has-room',
          message: `${nodePortRange(pools)} is full: ${count(shortages.length, 'port')} of ${names} cannot be served`,
          hint: 'give a larger --service-node-port-range, or set spec.allocateLoadBalancerNodePorts to false',
        } as const);
  return [
    aboutField<ResolveCode>('Service', first.draft.service, first.field, { ...report, severity: 'error' }),
  ];
}

/** The service ranges, of one family or of all. */
function addressRanges({ addresses }: Pools, family?: string): string {
  const { ranges } = addresses.ranges;
  return ranges
    .filter((range) => family === undefined || range.family === family)
    .map(({ cidr }) => cidr)
    .join(', ');
}

function nodePortRange({ ports }: Pools): string {
  return `${ports.range.first}-${ports.range.last}`;
}
