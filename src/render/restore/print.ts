import { assertNever } from '../../diagnostic/invariant.ts';
import { SOURCE_IS_DESTINATION } from '../../model/bytecode.ts';
import type { Action, Chain, Match, Rule, Table } from '../../model/ruleset.ts';
import { inPieces } from '../in-pieces.ts';
import { quoteBytecode, quoteComment, restoreArguments, restoreWord } from '../quote.ts';

/** Chains that the kernel has in every table; declaring one sets its policy. */
const BUILT_IN_CHAINS = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'];

/**
 * iptables-restore text of some tables, in pieces.
 * Built-in chains are declared with policy ACCEPT where a table has any; ours are declared, which empties them.
 */
export function* printTables(tables: Iterable<Table>): Generator<string> {
  for (const table of tables) yield* inPieces(tableLines(table));
}

function* tableLines(table: Table): Generator<string> {
  yield `*${table.name}\n`;
  for (const name of table.chainNames)
    yield `:${restoreWord(name)} ${isBuiltIn(name) ? 'ACCEPT' : '-'} [0:0]\n`;
  for (const chain of table.chains) yield* chainLines(chain);
  yield 'COMMIT\n';
}

function* chainLines({ name, rules }: Chain): Generator<string> {
  const start = `-A ${restoreWord(name)}`;
  for (const rule of rules) yield `${start}${printRule(rule)}\n`;
}

function isBuiltIn(name: string): boolean {
  return BUILT_IN_CHAINS.includes(name);
}

/** A rule's matches and action as arguments of iptables, each behind a space. */
export function printRule({ matches, action }: Rule): string {
  let text = '';
  for (const match of matches) text += printMatch(match);
  return action === undefined ? text : text + printAction(action);
}

function printMatch(match: Match): string {
  switch (match.kind) {
    case 'source':
      return `${not(match)} -s ${restoreWord(match.cidr)}`;
    case 'destination':
      return `${not(match)} -d ${restoreWord(match.cidr)}`;
    case 'in-interface':
      return `${not(match)} -i ${restoreWord(match.name)}`;
    case 'out-interface':
      return `${not(match)} -o ${restoreWord(match.name)}`;
    case 'protocol':
      return `${not(match)} -p ${match.protocol}`;
    case 'other-protocol':
      return `${not(match)} -p ${restoreWord(match.name)}`;
    case 'l4':
      return match.destinationPort === undefined
        ? ` -m ${match.protocol}`
        : ` -m ${match.protocol} --dport ${match.destinationPort}`;
    case 'port-range':
      return ` -m ${match.protocol} --dport ${match.first}:${match.last}`;
    case 'comment':
      return ` -m comment --comment ${quoteComment(match.text)}`;
    case 'mark':
      return ` -m mark${not(match)} --mark ${hex(match.value)}/${hex(match.mask)}`;
    case 'ctstate':
      return ` -m conntrack${not(match)} --ctstate ${match.states.join(',')}`;
    case 'local-address':
      return ` -m addrtype${not(match)} --${match.of === 'source' ? 'src' : 'dst'}-type LOCAL`;
    case 'from-bridge-port':
      return ` -m physdev${not(match)} --physdev-is-in`;
    case 'set':
      return ` -m set${not(match)} --match-set ${restoreWord(match.name)} ${match.dimensions.join(',')}`;
    case 'ipvs':
      return ` -m ipvs --vaddr ${restoreWord(match.ip)} --vproto ${match.protocol} --vport ${match.port}`;
    case 'source-is-destination':
      return ` -m bpf --bytecode ${quoteBytecode(SOURCE_IS_DESTINATION[match.family])}`;
    case 'random':
      return ` -m statistic --mode random --probability ${match.probability.toFixed(10)}`;
    case 'recently-seen': {
      const check = match.renews === true ? '--update' : '--rcheck';
      return ` -m recent --name ${restoreWord(match.name)} ${check} --seconds ${match.seconds} --reap`;
    }
    case 'remember':
      return ` -m recent --name ${restoreWord(match.name)} --set`;
    case 'unknown':
      return ` ${restoreArguments(match.text)}`;
    default:
      return assertNever(match);
  }
}

function printAction(action: Action): string {
  switch (action.kind) {
    case 'jump':
      return ` -j ${restoreWord(action.chain)}`;
    case 'goto':
      return ` -g ${restoreWord(action.chain)}`;
    case 'reject':
      return action.with === undefined
        ? ' -j REJECT'
        : ` -j REJECT --reject-with ${restoreWord(action.with)}`;
    case 'accept':
    case 'drop':
    case 'return':
      return ` -j ${action.kind.toUpperCase()}`;
    case 'set-mark':
      return ` -j MARK --set-xmark ${hex(action.value)}/${hex(action.mask)}`;
    case 'dnat':
      return ` -j DNAT --to-destination ${restoreWord(action.to)}`;
    case 'masquerade':
      return action.randomFully ? ' -j MASQUERADE --random-fully' : ' -j MASQUERADE';
    case 'unknown':
      return ` ${restoreArguments(action.text)}`;
    default:
      return assertNever(action);
  }
}

function not({ negated = false }: { readonly negated?: boolean }): string {
  return negated ? ' !' : '';
}

/** 32 bits, unsigned. */
function hex(value: number): string {
  return `0x${(value >>> 0).toString(16)}`;
}
