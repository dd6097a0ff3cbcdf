import type { FieldPath } from '../../model/field-path.ts';
import type * as api from '../generated/shapes.js';

/** Calls `visit` with every address of Endpoints, ready or not; `pathOf` tells where it stands. */
export function visitAddresses(
  { subsets }: api.Endpoints,
  visit: (address: api.EndpointAddress, pathOf: (key: string) => FieldPath) => void,
): void {
  for (const [subsetIndex, subset] of (subsets ?? []).entries()) {
    for (const list of ['addresses', 'notReadyAddresses'] as const) {
      for (const [index, address] of (subset?.[list] ?? []).entries()) {
        visit(address ?? {}, (key) => ['subsets', subsetIndex, list, index, key]);
      }
    }
  }
}

/** Calls `visit` with every port of Endpoints, and with how many its subset has. */
export function visitPorts(
  { subsets }: api.Endpoints,
  visit: (port: api.EndpointsEndpointPort, pathOf: (key: string) => FieldPath, count: number) => void,
): void {
  for (const [subsetIndex, subset] of (subsets ?? []).entries()) {
    const ports = subset?.ports ?? [];
    for (const [index, port] of ports.entries()) {
      visit(port ?? {}, (key) => ['subsets', subsetIndex, 'ports', index, key], ports.length);
    }
  }
}
