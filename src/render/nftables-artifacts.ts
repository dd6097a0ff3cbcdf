import { bug } from '../diagnostic/invariant.ts';
import type { NodeState } from '../model/node-state.ts';
import type { RuleLayout } from '../model/proxy-config.ts';
import type { ArtifactName } from './artifacts.ts';
import { renderNftables } from './nftables/render.ts';
import { renderNftablesScript } from './script/nftables/render.ts';

/**
 * The text of an artifact of nftables mode, in pieces.
 * @param states of the families that are wanted
 */
export function renderNftablesArtifact(
  name: ArtifactName,
  states: readonly NodeState[],
  layout: RuleLayout,
): Iterable<string> {
  switch (name) {
    case 'nftables':
      return renderNftables(states, layout);
    case 'script':
      return renderNftablesScript({ states, tables: renderNftables(states, layout) });
    default:
      throw bug(`mode nftables has no artifact ${name}`);
  }
}
