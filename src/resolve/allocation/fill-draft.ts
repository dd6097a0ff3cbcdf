import type { IPFamily } from '../../model/cluster.ts';
import type { FieldPath } from '../../model/field-path.ts';
import { familyOf } from '../../model/ip.ts';
import { type LockedService, lockedPortKey } from './allocation-lock.ts';
import type { Draft } from './draft.ts';
import {
  type AddressPool,
  allocateAddress,
  allocatePort,
  claimAddress,
  claimPort,
  type Pools,
  type PortPool,
} from './pools.ts';

/** A locked value that cannot be used any more. */
export interface LostValue {
  readonly draft: Draft;
  readonly field: FieldPath;
  readonly value: string | number;
  readonly reason: 'taken' | 'out of range';
}

/** Gives a draft what the lock holds for it, as far as that is free and in range. Returns what is not. */
export function applyLock(draft: Draft, locked: LockedService, pools: Pools): readonly LostValue[] {
  return [
    ...applyAddresses(draft, locked, pools.addresses),
    ...applyNodePorts(draft, locked, pools.ports),
    ...applyHealthCheckNodePort(draft, locked, pools.ports),
  ];
}

function applyAddresses(draft: Draft, locked: LockedService, pool: AddressPool): readonly LostValue[] {
  const lost: LostValue[] = [];
  for (const [index, family] of draft.families.entries()) {
    const ip = locked.clusterIPs?.find((each) => familyOf(each) === family);
    if (draft.clusterIPs[index] !== undefined || ip === undefined) continue;
    const reason = claimAddress(pool, ip);
    if (reason === 'claimed') draft.clusterIPs[index] = ip;
    else lost.push({ draft, field: clusterIPField(index), value: ip, reason });
  }
  return lost;
}

function applyNodePorts(draft: Draft, locked: LockedService, pool: PortPool): readonly LostValue[] {
  const lost: LostValue[] = [];
  if (!draft.needsNodePorts) return lost;
  for (const [index, port] of draft.service.ports.entries()) {
    const value = locked.nodePorts?.[lockedPortKey(port)];
    if (draft.nodePorts[index] !== 0 || value === undefined) continue;
    const reason = siblingNodePorts(draft, index).includes(value) ? 'claimed' : claimPort(pool, value);
    if (reason === 'claimed') draft.nodePorts[index] = value;
    else lost.push({ draft, field: nodePortField(index), value, reason });
  }
  return lost;
}

function applyHealthCheckNodePort(draft: Draft, locked: LockedService, pool: PortPool): readonly LostValue[] {
  const value = locked.healthCheckNodePort;
  if (!draft.needsHealthCheckNodePort || value === undefined) return [];
  const reason = claimPort(pool, value);
  if (reason !== 'claimed') return [{ draft, field: HEALTH_CHECK_FIELD, value, reason }];
  draft.healthCheckNodePort = value;
  return [];
}

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

/** The nodePorts of ports with the same number (and another protocol), which share one, as in the API server. */
function siblingNodePorts({ service, nodePorts }: Draft, index: number): readonly number[] {
  const number = service.ports[index]?.port;
  return nodePorts.filter((nodePort, other) => nodePort !== 0 && service.ports[other]?.port === number);
}

const HEALTH_CHECK_FIELD: FieldPath = ['spec', 'healthCheckNodePort'];

function clusterIPField(index: number): FieldPath {
  return index === 0 ? ['spec', 'clusterIP'] : ['spec', 'clusterIPs', index];
}

function nodePortField(index: number): FieldPath {
  return ['spec', 'ports', index, 'nodePort'];
}
