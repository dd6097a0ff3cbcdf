import type { NodeRule, ServiceCIDRRule } from '../../rule.ts';
import { nodeAddressRules } from '../addresses/address-rules.ts';
import {
  nodeAddressValid,
  nodeFieldsCurrent,
  nodePodCIDRsValid,
  nodeTaintsValid,
  serviceCIDRsValid,
  serviceCIDRVersionCurrent,
} from './node.ts';

/** Rules about one Node. */
export const nodeRules = Object.freeze([
  nodePodCIDRsValid,
  nodeTaintsValid,
  nodeAddressValid,
  nodeFieldsCurrent,
  ...nodeAddressRules,
]) satisfies readonly NodeRule[];

/** Rules about one ServiceCIDR. */
export const serviceCIDRRules = Object.freeze([
  serviceCIDRsValid,
  serviceCIDRVersionCurrent,
]) satisfies readonly ServiceCIDRRule[];
