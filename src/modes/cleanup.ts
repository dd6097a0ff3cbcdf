import { ALL_SET_NAMES } from '../render/ipvs/sets.ts';
import { TABLE_NAME } from '../render/nftables/names.ts';
import { type CleanupInput, renderCleanupScript } from '../render/script/cleanup/render.ts';

const REMAINS: CleanupInput = { setNames: ALL_SET_NAMES, tables: [`ip ${TABLE_NAME}`, `ip6 ${TABLE_NAME}`] };

/** A shell script that removes what any mode has left on a host, in pieces. Ends with a line break. */
export function renderCleanup(): Iterable<string> {
  return renderCleanupScript(REMAINS);
}
