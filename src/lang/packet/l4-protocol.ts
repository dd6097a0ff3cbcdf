import type { Protocol } from '../../model/cluster.ts';

/** Lower case, as rules of every language spell it. */
export type L4Protocol = 'tcp' | 'udp' | 'sctp';

const BY_PROTOCOL: Readonly<Record<Protocol, L4Protocol>> = { TCP: 'tcp', UDP: 'udp', SCTP: 'sctp' };

const BY_WORD: ReadonlyMap<string, L4Protocol> = new Map([
  ['tcp', 'tcp'],
  ['udp', 'udp'],
  ['sctp', 'sctp'],
  ['6', 'tcp'],
  ['17', 'udp'],
  ['132', 'sctp'],
]);

/** As rules, and kube-proxy's hashes, spell a protocol. */
export function lowerCaseProtocol(protocol: Protocol): L4Protocol {
  return BY_PROTOCOL[protocol];
}

/** The protocol that a word or number of a rule means, if Services can have it. */
export function l4Protocol(word: string): L4Protocol | undefined {
  return BY_WORD.get(word.toLowerCase());
}
