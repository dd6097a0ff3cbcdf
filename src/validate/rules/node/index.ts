import type { NodeRule, ServiceCIDRRule } from '../../rule.ts';
import { nodeAddressRules } from '../addresses/address-rules.ts';
import { nodeAddressValid, nodePodCIDRsValid, nodeTaintsValid, serviceCIDRsValid } from './node.ts';

/** Rules about one Node. */
export const nodeRules = Object.freeze([
  nodePodCIDRsValid,
  nodeTaintsValid,
  nodeAddressValid,
  ...nodeAddressRules,
]) satisfies readonly NodeRule[];

/** Rules about one ServiceCIDR. */
export const serviceCIDRRules = Object.freeze([serviceCIDRsValid]) satisfies readonly ServiceCIDRRule[];
