import type { EndpointSliceRule } from '../../rule.ts';
import { sliceAddressRules } from '../addresses/address-rules.ts';
import {
  sliceAddressesLimit,
  sliceAddressTypeKnown,
  sliceAddressValid,
  sliceEndpointsLimit,
  sliceFQDN,
} from './slice-address.ts';
import {
  sliceHintsValid,
  sliceHostnameValid,
  sliceNodeNameValid,
  sliceTopologyValid,
} from './slice-endpoint.ts';
import {
  sliceAppProtocolValid,
  slicePortInRange,
  slicePortNameUnique,
  slicePortNameValid,
  slicePortProtocolKnown,
  slicePortsLimit,
  slicePortWithoutNumber,
} from './slice-port.ts';

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
  ...sliceAddressRules,
]) satisfies readonly EndpointSliceRule[];
