import type { Table } from '../ruleset.ts';
import type { RuleChain, RuleTable } from './firewall.ts';

/** A table that builders have made: its chains are looked up once, their rules are made when somebody asks. */
export function builtTable({ name, chainNames, chains }: Table): RuleTable {
  const found = new Map<string, RuleChain>(chainNames.map((chain) => [chain, { rules: [] }]));
  for (const { name: chain, rules } of chains) found.set(chain, { rules });
  return { name, chains: found };
}
