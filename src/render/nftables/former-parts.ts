import type { FormerParts } from '../../lang/nftables/ruleset.ts';
import { L4_PROTOCOLS } from '../../lang/packet/l4-protocol.ts';
import { type ChainRow, type MapRow, NFT_CHAINS, NFT_MAPS, NFT_SETS, type SetRow } from './vocabulary.ts';

/**
 * What a table may have left, in whichever layout, of whichever version. Without the parts of single Services, whose names
 * nobody knows any more.
 */
export const FORMER_PARTS: FormerParts = {
  baseChains: Object.values<ChainRow>(NFT_CHAINS)
    .filter(({ hooks }) => hooks !== undefined)
    .map(({ name }) => name),
  sets: Object.values<SetRow>(NFT_SETS).filter(({ isPrefix }) => isPrefix === undefined),
  maps: Object.values<MapRow>(NFT_MAPS).flatMap((row) => (row.isPrefix === undefined ? row : ofEach(row))),
};

/** Only maps of endpoints have such names: one for each protocol. */
function ofEach({ name, key, values }: MapRow): FormerParts['maps'] {
  return L4_PROTOCOLS.map((protocol) => ({ name: `${name}${protocol}`, key, values, protocol }));
}
