import { cidrContains, ipToBigInt } from '../../../src/model/ip.ts';
import type { IPSet, IPSetEntry } from '../../../src/model/ipvs.ts';
import type { Action, Match, Rule, Table } from '../../../src/model/ruleset.ts';
import type { Packet } from './packet.ts';

/** What rules can ask of a host. */
export interface Host {
  readonly localAddresses: ReadonlySet<string>;
  readonly sets: ReadonlyMap<string, IPSet>;
}

/** One way that a packet can take through a chain; several where chance decides. */
export interface Way {
  readonly verdict: 'accept' | 'drop' | 'reject' | 'return';
  readonly packet: Packet;
}

/** A table whose chains can be looked up. */
export type Chains = ReadonlyMap<string, readonly Rule[]>;

/** Reads a table, once. */
export function chainsOf(table: Table): Chains {
  return new Map([...table.chains].map(({ name, rules }) => [name, [...rules]]));
}

/** All ways of a packet through a chain, whose end is a return. */
export function walkChain(chains: Chains, name: string, packet: Packet, host: Host): readonly Way[] {
  const ways: Way[] = [];
  let waiting: readonly Packet[] = [packet];
  for (const rule of chains.get(name) ?? []) {
    const next: Packet[] = [];
    for (const each of waiting) {
      const holds = matchesAll(rule.matches, each, host);
      if (holds !== 'yes') next.push(each);
      if (holds === 'no') continue;
      for (const way of act(rule.action, { chains, packet: each, host })) {
        if (way.verdict === 'return' && rule.action?.kind !== 'return') next.push(way.packet);
        else ways.push(way);
      }
    }
    waiting = next;
  }
  return [...ways, ...waiting.map((each) => ({ verdict: 'return', packet: each }) as const)];
}

interface Here {
  readonly chains: Chains;
  readonly packet: Packet;
  readonly host: Host;
}

/** A `return` of an action that is not RETURN means: on with the next rule. */
function act(action: Action | undefined, { chains, packet, host }: Here): readonly Way[] {
  if (action === undefined) return [{ verdict: 'return', packet }];
  switch (action.kind) {
    case 'jump':
      return walkChain(chains, action.chain, packet, host);
    case 'set-mark': {
      const mark = ((packet.mark & ~action.mask) ^ action.value) >>> 0;
      return [{ verdict: 'return', packet: { ...packet, mark } }];
    }
    case 'dnat':
      return [{ verdict: 'accept', packet: { ...packet, sentTo: action.to } }];
    case 'masquerade':
      return [{ verdict: 'accept', packet }];
    case 'goto':
    case 'unknown':
      throw new Error(`no rule of ours has the action ${action.kind}`);
    default:
      return [{ verdict: action.kind, packet }];
  }
}

type Holds = 'yes' | 'no' | 'maybe';

function matchesAll(matches: readonly Match[], packet: Packet, host: Host): Holds {
  const results = matches.map((match) => matchesOne(match, packet, host));
  if (results.includes('no')) return 'no';
  return results.includes('maybe') ? 'maybe' : 'yes';
}

function matchesOne(match: Match, packet: Packet, host: Host): Holds {
  if (match.kind === 'random') return 'maybe';
  const isNegated = 'negated' in match && match.negated === true;
  return holds(match, packet, host) === isNegated ? 'no' : 'yes';
}

function holds(match: Exclude<Match, { kind: 'random' }>, packet: Packet, host: Host): boolean {
  switch (match.kind) {
    case 'source':
      return cidrContains(match.cidr, packet.source);
    case 'destination':
      return cidrContains(match.cidr, destinationOf(packet));
    case 'in-interface':
      return isInterface(match.name, packet.inInterface);
    case 'protocol':
      return match.protocol === packet.protocol;
    case 'l4':
      return match.destinationPort === undefined || match.destinationPort === packet.port;
    case 'port-range':
      return match.first <= packet.port && packet.port <= match.last;
    case 'source-is-destination':
      return packet.source === destinationOf(packet);
    case 'mark':
      return (packet.mark & match.mask) >>> 0 === match.value;
    case 'ctstate':
      return match.states.includes('NEW') || (packet.sentTo !== undefined && match.states.includes('DNAT'));
    case 'local-address':
      return host.localAddresses.has(match.of === 'source' ? packet.source : destinationOf(packet));
    case 'set':
      return isInSet(host.sets.get(match.name), match.dimensions, packet);
    case 'ipvs':
      return (
        match.ip === packet.destination && match.protocol === packet.protocol && match.port === packet.port
      );
    case 'from-bridge-port':
    case 'recently-seen':
    case 'other-protocol':
      return false;
    case 'out-interface':
    case 'unknown':
      throw new Error(`no rule of ours has the match ${match.kind}`);
    case 'comment':
    case 'remember':
      return true;
  }
}

/** Where the packet goes by now. */
function destinationOf({ destination, sentTo }: Packet): string {
  return sentTo === undefined ? destination : sentTo.slice(0, sentTo.lastIndexOf(':')).replace(/[[\]]/g, '');
}

function isInterface(pattern: string, name: string | undefined): boolean {
  if (name === undefined) return false;
  return pattern.endsWith('+') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function isInSet(set: IPSet | undefined, dimensions: readonly ('src' | 'dst')[], packet: Packet): boolean {
  const [first, , third] = dimensions;
  const address = first === 'src' ? packet.source : packet.destination;
  const peer = third === 'src' ? packet.source : packet.destination;
  return set?.entries.some((entry) => isEntry(entry, { address, peer, packet })) ?? false;
}

interface Asked {
  readonly address: string;
  readonly peer: string;
  readonly packet: Packet;
}

function isEntry(entry: IPSetEntry, { address, peer, packet }: Asked): boolean {
  if (entry.kind === 'ip') return entry.ip === address;
  if (entry.port !== packet.port) return false;
  if (entry.kind === 'port') return true;
  if (entry.ip !== address || entry.protocol !== packet.protocol) return false;
  return entry.kind === 'ip-port' || isInRange(entry.peer, peer);
}

function isInRange(range: string, ip: string): boolean {
  if (!range.includes('/'))
    return range.includes(':') === ip.includes(':') && ipToBigInt(range) === ipToBigInt(ip);
  return cidrContains(range, ip);
}
