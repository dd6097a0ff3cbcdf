import type { NodeRule, ServiceCIDRRule } from '../../rule.ts';
import { nodeAddressCanonical } from '../addresses/address-canonical.ts';
import { nodeAddressStrict } from '../addresses/address-strict.ts';
import { nodeAddressValid } from './node-address-valid.ts';
import { nodePodCIDRsValid } from './node-pod-cidrs-valid.ts';
import { nodeTaintsValid } from './node-taints-valid.ts';
import { serviceCIDRsValid } from './service-cidrs-valid.ts';

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
