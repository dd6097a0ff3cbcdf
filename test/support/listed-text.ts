import type { NodeState } from '../../src/model/node-state.ts';
import type { RuleLayout } from '../../src/model/proxy-config.ts';
import { renderNftables } from '../../src/render/nftables/render.ts';

/** What `nft list ruleset` prints once the rules of a state are loaded, but for how nft spells some of them. */
export function listedText(state: NodeState, layout: RuleLayout): string {
  const text = [...renderNftables([state], layout)].join('');
  return text.slice(text.lastIndexOf('\ntable ') + 1);
}
