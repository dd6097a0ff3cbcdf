import type { Host } from '../../packet/host.ts';
import type { BaseChain, Firewall, Hook, TracedChain } from '../../packet/rules.ts';
import type { NftHook } from '../hook.ts';
import type { NftRule } from '../ruleset.ts';
import { type LoadedTable, loadTable, type WalkedChain, type WalkedTable } from './load-table.ts';
import { tracedNftRule } from './traced-rule.ts';

const HOOKS: Readonly<Record<NftHook['at'], Hook>> = {
  prerouting: 'PREROUTING',
  input: 'INPUT',
  forward: 'FORWARD',
  output: 'OUTPUT',
  postrouting: 'POSTROUTING',
};

/** How rules that were not read from text are spelled. */
type PrintRule = (rule: NftRule) => string;

/** A table of nftables as packets meet it. */
export function nftablesFirewall(built: WalkedTable, host: Host, print: PrintRule): Firewall {
  const table = loadTable(built);
  const find = chainFinder(table, host, print);
  const bases = [...table.chains.values()].flatMap(({ name, hook }) =>
    hook === undefined ? [] : { at: HOOKS[hook.at], base: baseChain(table, { name, hook }, find) },
  );
  return { baseChains: (wanted) => bases.filter(({ at }) => at === wanted).map(({ base }) => base) };
}

function baseChain(
  { name: table }: LoadedTable,
  { name, hook }: { readonly name: string; readonly hook: NftHook },
  find: BaseChain['find'],
): BaseChain {
  return {
    table,
    name,
    priority: hook.priority,
    isNat: hook.type === 'nat',
    policy: hook.policy ?? 'accept',
    find,
  };
}

function chainFinder(table: LoadedTable, host: Host, print: PrintRule): BaseChain['find'] {
  const found = new Map<string, TracedChain>();
  return (name) => {
    const known = found.get(name);
    if (known !== undefined) return known;
    const chain = table.chains.get(name);
    if (chain === undefined) return undefined;
    const traced = tracedChain(chain, { table, host, print });
    found.set(name, traced);
    return traced;
  };
}

interface Surroundings {
  readonly table: LoadedTable;
  readonly host: Host;
  readonly print: PrintRule;
}

/** nftables has maps where other chains have a rule for each Service, so there are few rules in any. */
function tracedChain({ name, rules }: WalkedChain, { table, host, print }: Surroundings): TracedChain {
  const traced = Array.from(rules, (rule) =>
    tracedNftRule({ chain: name, rule, text: () => rule.text ?? print(rule) }, table, host),
  );
  return { rulesFor: () => traced };
}
