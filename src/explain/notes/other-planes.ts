import type { SavedTable } from '../../lang/iptables/ruleset.ts';
import type { ListedRuleset } from '../../lang/nftables/ruleset.ts';
import type { IPFamily } from '../../model/cluster.ts';
import { familyOf } from '../../model/ip.ts';
import { CHAINS } from '../../render/netfilter/chains.ts';
import type { Connection, ExplainedWay } from '../explanation.ts';
import { RULE_PROGRAMS, type RuleProgram } from '../ways/rule-programs.ts';
import { FIRST_NODE_PORT } from './node-port-notes.ts';

/** The rules of a node, of both languages. */
interface AllRules {
  readonly tables: readonly SavedTable[];
  readonly listed: ListedRuleset | undefined;
  readonly hasServers: boolean;
}

/**
 * Why no rule of a Service matches where none is there, and a network plugin serves Services without rules: the beginning of a
 * sentence; none: there are rules of Services, or nobody is known to serve them.
 */
export function servedElsewhere(
  rules: AllRules,
  { destination, port }: Pick<Connection, 'destination' | 'port'>,
  ways: readonly ExplainedWay[],
): readonly string[] {
  const mayBeMeant = port >= FIRST_NODE_PORT || ways.some(({ result }) => result === 'elsewhere');
  const chains = mayBeMeant ? [...chainsOf(rules, familyOf(destination))] : [];
  const isServedHere =
    rules.hasServers ||
    (rules.listed?.tables.length ?? 0) > 0 ||
    chains.some(({ chain }) => chain === CHAINS.services.name);
  // Without the table nat, rules of Services may have been left out.
  const isWhole = chains.some(({ table }) => table === 'nat');
  if (isServedHere || !isWhole) return [];
  const program = RULE_PROGRAMS.find(
    (each) => each.servesIn !== undefined && chains.some((place) => isOf(each, place)),
  );
  return program === undefined
    ? []
    : [`no rule is about Services, which ${program.name} serves in ${program.servesIn}`];
}

interface ChainPlace {
  readonly table: string;
  readonly chain: string;
}

function isOf({ chains, tables }: RuleProgram, { table, chain }: ChainPlace): boolean {
  return chains.test(chain) || tables?.test(table) === true;
}

function* chainsOf({ tables, listed }: AllRules, family: IPFamily): Generator<ChainPlace> {
  for (const { name, chains } of tables) for (const chain of chains.keys()) yield { table: name, chain };
  for (const other of listed?.others ?? [])
    for (const chain of other.of(family)?.chains.keys() ?? []) yield { table: other.name, chain };
}
