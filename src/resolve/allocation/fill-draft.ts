import type { IPFamily } from '../../model/cluster.ts';
import type { FieldPath } from '../../model/field-path.ts';
import { allocateAddress } from './address-pool.ts';
import {
  clusterIPField,
  HEALTH_CHECK_FIELD,
  nodePortField,
  type Pools,
  siblingNodePorts,
} from './apply-lock.ts';
import type { Draft } from './draft.ts';
import { allocatePort } from './port-pool.ts';

/** A value that a Service lacks and cannot get. */
export interface Shortage {
  readonly draft: Draft;
  readonly field: FieldPath;
  readonly kind: 'clusterIP' | 'nodePort' | 'healthCheckNodePort';
  /** `none wanted`: allocation is turned off. */
  readonly reason: 'none wanted' | 'no range' | 'full';
  /** Which range is full, or which family has none. */
  readonly of: IPFamily | 'nodePorts';
}

/** Gives a draft whatever it still lacks. Returns what it cannot get. */
export function fillDraft(
  draft: Draft,
  pools: Pools,
  { noAllocate }: { readonly noAllocate: boolean },
): readonly Shortage[] {
  const allocates = !noAllocate;
  return [
    ...fillAddresses(draft, pools, { allocates }),
    ...fillNodePorts(draft, pools, { allocates }),
    ...fillHealthCheckNodePort(draft, pools, { allocates }),
  ];
}

type Allocates = { readonly allocates: boolean };

function fillAddresses(draft: Draft, pools: Pools, { allocates }: Allocates): readonly Shortage[] {
  const shortages: Shortage[] = [];
  for (const [index, family] of draft.families.entries()) {
    if (draft.clusterIPs[index] !== undefined) continue;
    if (!allocates && isOptional(draft, index)) continue;
    const found = allocates ? allocateAddress(pools.addresses, family, draft.key) : 'none wanted';
    if (typeof found === 'object') draft.clusterIPs[index] = found.ip;
    else
      shortages.push({ draft, field: clusterIPField(index), kind: 'clusterIP', reason: found, of: family });
  }
  return shortages;
}

/** A second address that a Service with one would only prefer to have. */
function isOptional({ service }: Draft, index: number): boolean {
  const { clusterIPs, ipFamilies, ipFamilyPolicy } = service;
  return (
    index === 1 && clusterIPs.length === 1 && ipFamilies.length < 2 && ipFamilyPolicy === 'PreferDualStack'
  );
}

function fillNodePorts(draft: Draft, pools: Pools, { allocates }: Allocates): readonly Shortage[] {
  if (!draft.needsNodePorts) return [];
  const shortages: Shortage[] = [];
  for (const [index, { port }] of draft.service.ports.entries()) {
    if (draft.nodePorts[index] !== 0) continue;
    const [sibling] = siblingNodePorts(draft, index);
    const found = sibling ?? (allocates ? allocatePort(pools.ports, `${draft.key}/${port}`) : undefined);
    if (found !== undefined) draft.nodePorts[index] = found;
    else shortages.push(portShortage(draft, nodePortField(index), { kind: 'nodePort', allocates }));
  }
  return shortages;
}

function fillHealthCheckNodePort(draft: Draft, pools: Pools, { allocates }: Allocates): readonly Shortage[] {
  if (!draft.needsHealthCheckNodePort || draft.healthCheckNodePort !== 0) return [];
  const found = allocates ? allocatePort(pools.ports, `${draft.key}/healthCheckNodePort`) : undefined;
  if (found === undefined) {
    return [portShortage(draft, HEALTH_CHECK_FIELD, { kind: 'healthCheckNodePort', allocates })];
  }
  draft.healthCheckNodePort = found;
  return [];
}

function portShortage(
  draft: Draft,
  field: FieldPath,
  { kind, allocates }: Allocates & Pick<Shortage, 'kind'>,
): Shortage {
  return { draft, field, kind, reason: allocates ? 'full' : 'none wanted', of: 'nodePorts' };
}
