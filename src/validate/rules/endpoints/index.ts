import type { EndpointsRule } from '../../rule.ts';
import { endpointsAddressCanonical } from '../addresses/address-canonical.ts';
import { endpointsAddressStrict } from '../addresses/address-strict.ts';
import {
  endpointsAddressesRequired,
  endpointsAddressValid,
  endpointsAppProtocolValid,
  endpointsHostnameValid,
  endpointsNodeNameValid,
  endpointsPortInRange,
  endpointsPortNamed,
  endpointsPortNameValid,
  endpointsPortProtocolKnown,
} from './endpoints.ts';

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
