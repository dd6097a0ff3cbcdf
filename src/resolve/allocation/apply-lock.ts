import type { FieldPath } from '../../model/field-path.ts';
import { familyOf } from '../../model/ip.ts';
import { type AddressPool, claimAddress } from './address-pool.ts';
import type { LockedService } from './allocation-lock.ts';
import { type Draft, lockedPortKey } from './draft.ts';
import { claimPort, type PortPool } from './port-pool.ts';

export interface Pools {
  readonly addresses: AddressPool;
  readonly ports: PortPool;
}

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

/** The nodePorts of ports with the same number (and another protocol), which share one, as in the API server. */
export function siblingNodePorts({ service, nodePorts }: Draft, index: number): readonly number[] {
  const number = service.ports[index]?.port;
  return nodePorts.filter((nodePort, other) => nodePort !== 0 && service.ports[other]?.port === number);
}

export const HEALTH_CHECK_FIELD: FieldPath = ['spec', 'healthCheckNodePort'];

export function clusterIPField(index: number): FieldPath {
  return index === 0 ? ['spec', 'clusterIP'] : ['spec', 'clusterIPs', index];
}

export function nodePortField(index: number): FieldPath {
  return ['spec', 'ports', index, 'nodePort'];
}
