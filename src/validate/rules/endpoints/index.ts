import type { EndpointsRule } from '../../rule.ts';
import { endpointsAddressCanonical } from '../addresses/address-canonical.ts';
import { endpointsAddressStrict } from '../addresses/address-strict.ts';
import { endpointsAddressValid } from './endpoints-address-valid.ts';
import { endpointsAddressesRequired } from './endpoints-addresses-required.ts';
import { endpointsAppProtocolValid } from './endpoints-app-protocol-valid.ts';
import { endpointsHostnameValid } from './endpoints-hostname-valid.ts';
import { endpointsNodeNameValid } from './endpoints-node-name-valid.ts';
import { endpointsPortInRange } from './endpoints-port-in-range.ts';
import { endpointsPortNameValid } from './endpoints-port-name-valid.ts';
import { endpointsPortNamed } from './endpoints-port-named.ts';
import { endpointsPortProtocolKnown } from './endpoints-port-protocol-known.ts';

/** Rules about one Endpoints object. */
export const endpointsRules = Object.freeze([
  endpointsAddressesRequired,
  endpointsAddressValid,
  endpointsHostnameValid,
  endpointsNodeNameValid,
  endpointsPortNamed,
  endpointsPortNameValid,
  endpointsPortInRange,
  endpointsPortProtocolKnown,
  endpointsAppProtocolValid,
  endpointsAddressStrict,
  endpointsAddressCanonical,
]) satisfies readonly EndpointsRule[];
