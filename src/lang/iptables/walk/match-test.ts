import { assertNever } from '../../../diagnostic/invariant.ts';
import { cidrTest } from '../../packet/cidr-test.ts';
import { hasState } from '../../packet/conntrack.ts';
import { type Holds, isInterface, negate } from '../../packet/holds.ts';
import { type Host, isLocal } from '../../packet/host.ts';
import type { Packet } from '../../packet/packet.ts';
import type { AddressType, Match } from '../ruleset.ts';
import { isInSet } from './set-test.ts';

export type MatchTest = (packet: Packet) => Holds;

/** Matches whose answer is chance, or who was here before. */
type Plain = Exclude<Match, { readonly kind: 'random' | 'recently-seen' }>;

/** Tells of packets whether a match holds. What can be done once is done here. */
export function matchTest(match: Plain, host: Host): MatchTest {
  const test = positiveTest(match, host);
  if (!('negated' in match) || match.negated !== true) return test;
  return (packet) => negate(test(packet));
}

function positiveTest(match: Plain, host: Host): MatchTest {
  switch (match.kind) {
    case 'source': {
      const test = cidrTest(match.cidr);
      return ({ source }) => test(source);
    }
    case 'destination': {
      const test = cidrTest(match.cidr);
      return ({ destination }) => test(destination);
    }
    case 'in-interface':
      return ({ inInterface }) => isInterface(match.name, inInterface);
    case 'out-interface':
      return ({ outInterface }) => isInterface(match.name, outInterface);
    case 'protocol':
      return ({ protocol }) => protocol === match.protocol;
    case 'other-protocol':
      return () => false;
    case 'l4': {
      const { destinationPort, protocol } = match;
      return (packet) =>
        packet.protocol === protocol && (destinationPort === undefined || packet.port === destinationPort);
    }
    case 'port-range':
      return ({ protocol, port }) => protocol === match.protocol && match.first <= port && port <= match.last;
    case 'ports':
      return ({ port }) => match.ranges.some(({ first, last }) => first <= port && port <= last);
    case 'tcp-flags':
      return ({ protocol }) => protocol === 'tcp' && isOpening(match);
    case 'address-type':
      return (packet) =>
        isOfType(match.type, match.of === 'source' ? packet.source : packet.destination, host);
    case 'mark':
      return ({ mark }) => (mark & match.mask) >>> 0 === match.value;
    case 'ctstate':
      return (packet) => hasState(match.states, packet);
    case 'local-address':
      return ({ source, destination }) => isLocal(host, match.of === 'source' ? source : destination);
    case 'set':
      return isInSet(match, host);
    case 'ipvs':
      return ({ isScheduled, original, protocol }) =>
        isScheduled === true &&
        protocol === match.protocol &&
        original?.ip === match.ip &&
        original.port === match.port;
    case 'source-is-destination':
      return ({ source, destination }) => source === destination;
    case 'from-bridge-port':
      return () => false;
    case 'comment':
    case 'remember':
      return () => true;
    case 'unknown':
      return () => 'unknown';
    default:
      return assertNever(match);
  }
}

/** The first packet of a connection has SYN and no other flag. */
function isOpening({ mask, set }: Extract<Match, { readonly kind: 'tcp-flags' }>): boolean {
  return mask.every((flag) => set.includes(flag) === (flag === 'SYN'));
}

/** Services have no addresses of networks and groups, and neither have their clients. */
function isOfType(type: AddressType, ip: string, host: Host): boolean {
  return type === 'UNICAST' && !isLocal(host, ip);
}
