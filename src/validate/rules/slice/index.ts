import type { EndpointSliceRule } from '../../rule.ts';
import { sliceAddressCanonical } from '../addresses/address-canonical.ts';
import { sliceAddressStrict } from '../addresses/address-strict.ts';
import { sliceAddressTypeKnown } from './slice-address-type-known.ts';
import { sliceAddressValid } from './slice-address-valid.ts';
import { sliceAddressesLimit } from './slice-addresses-limit.ts';
import { sliceAppProtocolValid } from './slice-app-protocol-valid.ts';
import { sliceEndpointsLimit } from './slice-endpoints-limit.ts';
import { sliceFQDN } from './slice-fqdn.ts';
import { sliceHintsValid } from './slice-hints-valid.ts';
import { sliceHostnameValid } from './slice-hostname-valid.ts';
import { sliceNodeNameValid } from './slice-node-name-valid.ts';
import { slicePortInRange } from './slice-port-in-range.ts';
import { slicePortNameUnique } from './slice-port-name-unique.ts';
import { slicePortNameValid } from './slice-port-name-valid.ts';
import { slicePortProtocolKnown } from './slice-port-protocol-known.ts';
import { slicePortWithoutNumber } from './slice-port-without-number.ts';
import { slicePortsLimit } from './slice-ports-limit.ts';
import { sliceTopologyValid } from './slice-topology-valid.ts';

/** Rules about one EndpointSlice. */
export const endpointSliceRules = Object.freeze([
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
  sliceAddressStrict,
  sliceAddressCanonical,
]) satisfies readonly EndpointSliceRule[];
