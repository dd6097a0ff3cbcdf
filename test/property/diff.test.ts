import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countRules, touchesNothing } from '../../src/compare/count-rules.ts';
import { compareTraffic } from '../../src/compare/traffic/compare-traffic.ts';
import { withoutEqualPorts } from '../../src/compare/traffic/equal-services.ts';
import type { NodeState } from '../../src/model/node-state.ts';
import { iptablesMode } from '../../src/modes/iptables.ts';
import { resolve } from '../../src/resolve/proxy/resolve.ts';
import { shareOf } from '../support/share.ts';
import { arbitraryChange } from '../support/walk/arbitrary-change.ts';
import { arbitraryNode, type NodeCase } from '../support/walk/arbitrary-node.ts';

function stateOf({ network, cluster, config }: NodeCase): NodeState {
  return resolve(cluster, { config, family: network.family }).state;
}

function countBetween(before: NodeState, after: NodeState) {
  const partsOf = (state: NodeState) =>
    iptablesMode.ruleParts(state, { mode: 'iptables', layout: 'kube-proxy' });
  return countRules(partsOf(before), partsOf(after));
}

function sideOf(node: NodeCase) {
  const states = new Map([[node.network.family, stateOf(node)]]);
  return { services: node.cluster.services, allocated: {}, states, placesOf: undefined };
}

describe('a change of manifests', () => {
  test('without ports that are the same, as many rules differ', () => {
    fc.assert(
      fc.property(arbitraryChange, ({ before, after }) => {
        const [old, now] = [stateOf(before), stateOf(after)];
        const rest = withoutEqualPorts(old, now);
        expect(countBetween(rest.before, rest.after)).toEqual(countBetween(old, now));
      }),
      { numRuns: shareOf(500) },
    );
  });

  test('whatever changes a rule is told in words', () => {
    fc.assert(
      fc.property(arbitraryChange, ({ before, after }) => {
        const { services, node } = compareTraffic(sideOf(before), sideOf(after));
        if (services.length + node.length > 0) return;
        expect(touchesNothing(countBetween(stateOf(before), stateOf(after)))).toBe(true);
      }),
      { numRuns: shareOf(500) },
    );
  });

  test('the same on both sides is no change', () => {
    fc.assert(
      fc.property(arbitraryNode, (node) => {
        expect(compareTraffic(sideOf(node), sideOf(node))).toMatchObject({ services: [], node: [] });
      }),
    );
  });
});
