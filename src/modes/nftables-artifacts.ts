import { bug } from '../diagnostic/invariant.ts';
import type { NodeState } from '../model/node-state.ts';
import { renderNftablesScript } from '../render/script/nftables/render.ts';
import type { ArtifactName } from './artifacts.ts';

/**
 * The text of an artifact of nftables mode, in pieces.
 * @param states of the families that are wanted
 * @param tables what is rendered of them
 */
export function renderNftablesArtifact(
  name: ArtifactName,
  states: readonly NodeState[],
  tables: Iterable<string>,
): Iterable<string> {
  switch (name) {
    case 'nftables':
      return tables;
    case 'script':
      return renderNftablesScript({ states, tables });
    default:
      throw bug(`mode nftables has no artifact ${name}`);
  }
}
