import type { NodeRule, ServiceCIDRRule } from '../../rule.ts';
import { nodeAddressCanonical } from '../addresses/address-canonical.ts';
import { nodeAddressStrict } from '../addresses/address-strict.ts';
import { nodeAddressValid, nodePodCIDRsValid, nodeTaintsValid, serviceCIDRsValid } from './node.ts';

/** Rules about one Node. */
export const nodeRules = Object.freeze([
  nodePodCIDRsValid,
  nodeTaintsValid,
  nodeAddressValid,
  nodeAddressStrict,
  nodeAddressCanonical,
]) satisfies readonly NodeRule[];

/** Rules about one ServiceCIDR. */
export const serviceCIDRRules = Object.freeze([serviceCIDRsValid]) satisfies readonly ServiceCIDRRule[];
