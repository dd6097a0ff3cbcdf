import type { L4Protocol } from '../iptables/ruleset.ts';

const L4_PROTOCOLS: ReadonlyMap<string, L4Protocol> = new Map([
  ['tcp', 'tcp'],
  ['udp', 'udp'],
  ['sctp', 'sctp'],
  ['6', 'tcp'],
  ['17', 'udp'],
  ['132', 'sctp'],
]);

/** The protocol that iptables means by a word, if Services can have it. */
export function l4Protocol(word: string): L4Protocol | undefined {
  return L4_PROTOCOLS.get(word.toLowerCase());
}
