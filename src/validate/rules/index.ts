import type { ClusterRule, NodeRule, RuleDocumentation, ServiceCIDRRule } from '../rule.ts';
import { crossRules } from './cross/index.ts';
import { endpointSliceRules, endpointsRules } from './endpoints/endpoints-rules.ts';
import { metadataRules } from './metadata/metadata-rules.ts';
import { nodeAddressValid } from './node/node-address-valid.ts';
import { nodePodCIDRsValid } from './node/node-pod-cidrs-valid.ts';
import { nodeTaintsValid } from './node/node-taints-valid.ts';
import { serviceCIDRsValid } from './node/service-cidrs-valid.ts';
import { podRules, workloadRules } from './pod/pod-rules.ts';
import { serviceRules } from './service/service-rules.ts';
import { shapeRules } from './shape-rules.ts';

export { endpointSliceRules, endpointsRules, metadataRules, podRules, serviceRules, workloadRules };

/** Rules about one Node. */
export const nodeRules: readonly NodeRule[] = Object.freeze([
  nodePodCIDRsValid,
  nodeTaintsValid,
  nodeAddressValid,
]);

/** Rules about one ServiceCIDR. */
export const serviceCIDRRules: readonly ServiceCIDRRule[] = Object.freeze([serviceCIDRsValid]);

/** Rules about several objects. */
export const clusterRules: readonly ClusterRule[] = crossRules;

/** Every rule once, in the order in which they run: for documentation, and for tests that walk them all. */
export const allRules: readonly RuleDocumentation[] = Object.freeze(
  uniqueByCode([
    ...shapeRules,
    ...metadataRules,
    ...serviceRules,
    ...endpointsRules,
    ...endpointSliceRules,
    ...podRules,
    ...nodeRules,
    ...serviceCIDRRules,
    ...workloadRules,
    ...clusterRules,
  ]),
);

function uniqueByCode(rules: readonly RuleDocumentation[]): readonly RuleDocumentation[] {
  return [...new Map(rules.map((rule) => [rule.code, rule])).values()];
}
