import { ALL_SET_NAMES } from './ipvs/sets.ts';
import { TABLE_NAME } from './nftables/names.ts';
import { type CleanupInput, renderCleanupScript } from './script/cleanup/render.ts';

const REMAINS: CleanupInput = { setNames: ALL_SET_NAMES, tables: [`ip ${TABLE_NAME}`, `ip6 ${TABLE_NAME}`] };

/** A shell script that removes what any mode has left on a host, in pieces. Ends with a line break. */
export function renderCleanup(): Iterable<string> {
  return renderCleanupScript(REMAINS);
}
