import type { Match } from '../../lang/iptables/matches/match.ts';
import type { SavedTable } from '../../lang/iptables/ruleset.ts';
import { CHAINS } from '../../render/netfilter/chains.ts';
import type { CommentId } from '../../render/netfilter/comments.ts';
import { readComments } from '../connection/saved-names.ts';
import type { Connection } from '../explanation.ts';

const OF_ADDRESS: readonly CommentId[] = ['clusterIP', 'externalIP', 'loadBalancerIP'];

/** What a connection is for in rules of iptables mode, by its address or nodePort: `nodePort 30080 of default/web:http (line 34)`. */
export function shadowedIn(
  tables: readonly SavedTable[],
  { destination, port, protocol }: Connection,
): string | undefined {
  const cidr = `${destination}/${destination.includes(':') ? 128 : 32}`;
  const isPort = (match: Match) =>
    match.kind === 'l4' && match.destinationPort === port && match.protocol === protocol;
  const isAddress = (match: Match) => match.kind === 'destination' && match.cidr === cidr;
  for (const { name, chains } of tables) {
    if (name !== 'nat') continue;
    const rulesOf = (chain: string, part: string) => [...(chains.get(chain)?.rulesWith(part) ?? [])];
    const ofAddress = rulesOf(CHAINS.services.name, destination).find(
      ({ matches }) => matches.some(isPort) && matches.some(isAddress),
    );
    const ofPort = rulesOf(CHAINS.nodePorts.name, `${port}`).find(({ matches }) => matches.some(isPort));
    const found = ofAddress ?? ofPort;
    if (found === undefined) continue;
    const [text] = found.matches.flatMap((match) => (match.kind === 'comment' ? match.text : []));
    const label = text && readComments(found === ofPort ? ['nodePort'] : OF_ADDRESS, text);
    const role = found === ofPort ? `nodePort ${port}` : `${destination}:${port}`;
    return `${role}${label === undefined || label === '' ? '' : ` of ${label}`} (line ${found.line})`;
  }
  return undefined;
}
