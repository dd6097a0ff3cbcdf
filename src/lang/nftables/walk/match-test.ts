import { assertNever } from '../../../diagnostic/invariant.ts';
import { cidrTest } from '../../packet/cidr-test.ts';
import { hasState, hasTranslatedDestination } from '../../packet/conntrack.ts';
import { type Holds, isInterface, negate } from '../../packet/holds.ts';
import { type Host, isLocal } from '../../packet/host.ts';
import type { Packet } from '../../packet/packet.ts';
import type { NftMatch } from '../ruleset.ts';
import type { LoadedTable } from './load-table.ts';
import { fieldOf } from './look-up.ts';

export type MatchTest = (packet: Packet) => Holds;

/** Tells of packets whether a match holds. */
export function matchTest(match: NftMatch, table: LoadedTable, host: Host): MatchTest {
  const test = positiveTest(match, table, host);
  const isNegated = 'negated' in match && match.negated === true;
  return isNegated ? (packet) => negate(test(packet)) : test;
}

function positiveTest(match: NftMatch, table: LoadedTable, host: Host): MatchTest {
  switch (match.kind) {
    case 'address': {
      const test = cidrTest(match.cidr);
      return (packet) => test(`${fieldOf(match.field, packet)}`);
    }
    case 'in-set': {
      const set = table.setOf(match.set);
      return (packet) => set.find(match.fields.map((field) => fieldOf(field, packet))) !== undefined;
    }
    case 'l4proto':
      return ({ protocol }) => protocol === match.protocol;
    case 'dport':
      return ({ protocol, port }) => protocol === match.protocol && port === match.port;
    case 'in-interface':
      return ({ inInterface }) => isInterface(match.name.replace(/\*$/, '+'), inInterface);
    case 'mark':
      return ({ mark }) => (mark & match.mask) >>> 0 === match.value;
    case 'ct-state':
      return (packet) => hasState(match.states, packet);
    case 'ct-status-dnat':
      return hasTranslatedDestination;
    case 'local-address':
      return (packet) => isLocal(host, `${fieldOf(match.field, packet)}`);
    case 'unknown':
      return () => 'unknown';
    default:
      return assertNever(match);
  }
}
