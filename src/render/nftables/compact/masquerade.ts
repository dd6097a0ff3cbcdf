import type { NftElement } from '../../../lang/nftables/elements/element.ts';
import type { NftStatement } from '../../../lang/nftables/expressions/statement.ts';
import type { NftRule, NftSet } from '../../../lang/nftables/ruleset.ts';
import type { NodeState } from '../../../model/node-state.ts';
import { masqueradeMark } from '../../netfilter/masquerade.ts';
import { named, rule } from '../expressions.ts';
import { firstOfEach } from '../map-elements.ts';

const HAIRPIN_SET = 'hairpin';

const MASQUERADE: NftStatement = { kind: 'masquerade', randomFully: true };

/** The packet's connection is masqueraded when it leaves. */
export function markForMasquerade(state: NodeState): NftStatement {
  return { kind: 'set-mark', operator: 'or', value: masqueradeMark(state) };
}

/** Each endpoint's address twice: as source and destination of a pod that reaches itself. */
export function hairpinSet({ servicePorts }: NodeState): NftSet {
  return { name: HAIRPIN_SET, fields: ['saddr', 'daddr'], elements: hairpins(servicePorts) };
}

function* hairpins(servicePorts: NodeState['servicePorts']): Generator<NftElement> {
  yield* firstOfEach(
    (function* () {
      for (const { reachable } of servicePorts) for (const { ip } of reachable) yield { key: [ip, ip] };
    })(),
  );
}

/**
 * Masquerades what is marked, and pods that reach themselves. The mark goes first, so that a packet that passes here
 * again (through an overlay network, say) is not masqueraded twice.
 */
export function masqueradeRules(state: NodeState): readonly NftRule[] {
  const value = masqueradeMark(state);
  return [
    rule(
      [{ kind: 'mark', mask: value, value: 0, negated: true }],
      [{ kind: 'set-mark', operator: 'xor', value }, MASQUERADE],
    ),
    rule(
      [{ kind: 'ct-status-dnat' }, { kind: 'in-set', fields: ['saddr', 'daddr'], set: named(HAIRPIN_SET) }],
      [MASQUERADE],
    ),
  ];
}
