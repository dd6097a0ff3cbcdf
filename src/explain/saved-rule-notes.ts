import { listNames } from '../diagnostic/report.ts';
import type { Match } from '../lang/iptables/matches/match.ts';
import type { SavedTable, TableName } from '../lang/iptables/ruleset.ts';
import type { Connection } from './explanation.ts';

/** What to look at where saved rules do nothing with a connection. */
export function savedRuleNotes(
  tables: readonly SavedTable[],
  { destination }: Connection,
): readonly string[] {
  const nat = tables.find(({ name }) => name === 'nat');
  if (nat === undefined)
    return [`these rules have no table nat, which is where Services are: ${tablesHere(tables)}`];
  const near = rulesTo(nat, destination);
  if (near.length === 0) return [];
  return [`rules of the nat table for ${destination}: ${listNames(near)}`];
}

function tablesHere(tables: readonly SavedTable[]): string {
  const names: readonly TableName[] = tables.map(({ name }) => name);
  return `there ${names.length === 1 ? 'is' : 'are'} only ${names.join(', ')}`;
}

/** Protocols and ports of the rules that ask for an address. */
function rulesTo({ chains }: SavedTable, ip: string): readonly string[] {
  const cidr = ip.includes(':') ? `${ip}/128` : `${ip}/32`;
  const found = new Map<string, number>();
  for (const { rules } of chains.values()) {
    for (const { matches, line } of rules) {
      if (!matches.some((match) => isAbout(match, cidr))) continue;
      for (const match of matches) {
        if (match.kind !== 'l4' || match.destinationPort === undefined) continue;
        const port = `${match.destinationPort}/${match.protocol}`;
        if (!found.has(port)) found.set(port, line);
      }
    }
  }
  return [...found].map(([port, line]) => `${port} (line ${line})`);
}

function isAbout(match: Match, cidr: string): boolean {
  return match.kind === 'destination' && match.cidr === cidr && match.negated !== true;
}
