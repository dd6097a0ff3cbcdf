import type { DiffSide, KeptService } from './service-traffic.ts';
import type { Change } from './traffic-diff.ts';

/**
 * Endpoints that stay and are on other nodes, or meant for others, as far as traffic goes by that. Nothing when a node
 * is given: then it shows in where connections go.
 */
export function* comparePlaces(
  services: KeptService,
  sides: { readonly before: DiffSide; readonly after: DiffSide },
): Generator<Change> {
  const was = sides.before.placesOf?.(services.before.service);
  const is = sides.after.placesOf?.(services.after.service);
  if (was === undefined || is === undefined) return;
  for (const [address, after] of is) {
    const before = was.get(address);
    if (before !== undefined && before !== after) yield { kind: 'place', address, before, after };
  }
}
