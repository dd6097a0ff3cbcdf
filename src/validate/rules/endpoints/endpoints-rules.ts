import type { EndpointSliceRule, EndpointsRule } from '../../rule.ts';
import { endpointsAddressCanonical, sliceAddressCanonical } from '../service/addresses/address-canonical.ts';
import { sliceAddressTypeKnown } from '../slice/slice-address-type-known.ts';
import { sliceAddressValid } from '../slice/slice-address-valid.ts';
import { sliceAddressesLimit } from '../slice/slice-addresses-limit.ts';
import { sliceAppProtocolValid } from '../slice/slice-app-protocol-valid.ts';
import { sliceEndpointsLimit } from '../slice/slice-endpoints-limit.ts';
import { sliceFQDN } from '../slice/slice-fqdn.ts';
import { sliceHintsValid } from '../slice/slice-hints-valid.ts';
import { sliceHostnameValid } from '../slice/slice-hostname-valid.ts';
import { sliceNodeNameValid } from '../slice/slice-node-name-valid.ts';
import { slicePortInRange } from '../slice/slice-port-in-range.ts';
import { slicePortNameUnique } from '../slice/slice-port-name-unique.ts';
import { slicePortNameValid } from '../slice/slice-port-name-valid.ts';
import { slicePortProtocolKnown } from '../slice/slice-port-protocol-known.ts';
import { slicePortWithoutNumber } from '../slice/slice-port-without-number.ts';
import { slicePortsLimit } from '../slice/slice-ports-limit.ts';
import { sliceTopologyValid } from '../slice/slice-topology-valid.ts';
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
export const endpointsRules: readonly EndpointsRule[] = Object.freeze([
  endpointsAddressesRequired,
  endpointsAddressValid,
  endpointsHostnameValid,
  endpointsNodeNameValid,
  endpointsPortNamed,
  endpointsPortNameValid,
  endpointsPortInRange,
  endpointsPortProtocolKnown,
  endpointsAppProtocolValid,
  endpointsAddressCanonical,
]);

/** Rules about one EndpointSlice. */
export const endpointSliceRules: readonly EndpointSliceRule[] = Object.freeze([
  sliceAddressTypeKnown,
  sliceEndpointsLimit,
  sliceAddressesLimit,
  sliceAddressValid,
  sliceHostnameValid,
  sliceNodeNameValid,
  sliceTopologyValid,
  sliceHintsValid,
  slicePortsLimit,
  slicePortNameValid,
  slicePortNameUnique,
  slicePortProtocolKnown,
  sliceAppProtocolValid,
  slicePortInRange,
  slicePortWithoutNumber,
  sliceFQDN,
  sliceAddressCanonical,
]);
