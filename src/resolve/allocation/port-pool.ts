import type { PortRange } from '../../kubernetes/ranges.ts';
import { firstFree, type Skips, staticBandSize } from '../bands.ts';
import { hashName } from '../name-hash.ts';

/** KEP-3668: `min(max(16, size/32), 128)` ports are for people to choose: 30000-30085 of the default range. */
const STATIC_BAND = { step: 32, least: 16, most: 128 } as const;

/** Where nodePorts and healthCheckNodePorts come from in one run, and which are gone, whatever their protocol. */
export interface PortPool {
  readonly range: PortRange;
  readonly taken: Set<number>;
  readonly skips: Skips;
}

/** Takes a port; says why it cannot. */
export function claimPort({ range, taken }: PortPool, port: number): 'claimed' | 'taken' | 'out of range' {
  if (port < range.first || port > range.last) return 'out of range';
  if (taken.has(port)) return 'taken';
  taken.add(port);
  return 'claimed';
}

/** Takes the port that a name hashes to, or the next free one; undefined when none is left. */
export function allocatePort({ range, taken, skips }: PortPool, name: string): number | undefined {
  const size = range.last - range.first + 1;
  const bands = { size, staticSize: staticBandSize(size, STATIC_BAND) };
  const isFree = (offset: number) => !taken.has(range.first + offset);
  const offset = firstFree(bands, hashName(name), { skips, isFree });
  if (offset === undefined) return undefined;
  taken.add(range.first + offset);
  return range.first + offset;
}
