import { assertNever } from '../../diagnostic/invariant.ts';
import type { ConntrackState, Match } from '../../model/ruleset.ts';
import { type Host, isLocal } from '../walk/host.ts';
import type { NetworkInterface, Packet } from '../walk/packet.ts';
import { cidrTest } from './cidr-test.ts';
import { isInSet } from './set-test.ts';

/** `unknown`: only the node can tell. */
export type Holds = boolean | 'unknown';

export type MatchTest = (packet: Packet) => Holds;

/** Matches whose answer is chance, or who was here before. */
type Plain = Exclude<Match, { readonly kind: 'random' | 'recently-seen' }>;

/** Tells of packets whether a match holds. What can be done once is done here. */
export function matchTest(match: Plain, host: Host): MatchTest {
  const test = positiveTest(match, host);
  if (!('negated' in match) || match.negated !== true) return test;
  return (packet) => {
    const holds = test(packet);
    return holds === 'unknown' ? holds : !holds;
  };
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

function isInterface(pattern: string, actual: NetworkInterface): Holds {
  if (actual.kind === 'unknown') return pattern === '+' ? true : pattern === 'lo' ? false : 'unknown';
  if (actual.kind === 'none') return false;
  return pattern.endsWith('+') ? actual.name.startsWith(pattern.slice(0, -1)) : actual.name === pattern;
}

/** A connection is new until its first packet has left the node. */
function hasState(states: readonly ConntrackState[], packet: Packet): boolean {
  if (packet.isUntracked === true) return states.includes('UNTRACKED');
  return states.includes('NEW') || (hasTranslatedDestination(packet) && states.includes('DNAT'));
}

/** IPVS does it without conntrack's knowledge. */
function hasTranslatedDestination({ original, isScheduled }: Packet): boolean {
  return original !== undefined && isScheduled !== true;
}
