import type { EndpointsRule } from '../../rule.ts';
import { endpointsAddressRules } from '../addresses/address-rules.ts';
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
  ...endpointsAddressRules,
]) satisfies readonly EndpointsRule[];
