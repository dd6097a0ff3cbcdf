import { listNames } from '../diagnostic/report.ts';
import { isBuiltInChain, KERNEL_TABLES, tableName } from '../lang/iptables/kernel-tables.ts';
import type { TableName } from '../lang/iptables/ruleset.ts';
import type { IPFamily } from '../model/cluster.ts';

/** Rules as `iptables-save` prints them. */
export interface RulesPart {
  /** undefined: nothing says so. */
  readonly family: IPFamily | undefined;
  readonly text: string;
  /** The number of its first line in the text that it comes from. */
  readonly firstLine: number;
  /** It is as `iptables-save` printed it, and not put together from what others print. */
  readonly isSaved: boolean;
}

/** Rules without the table that they are in, as `iptables -S` and `iptables -L` print them, or as they were grepped. */
export interface LooseBlock {
  readonly family: IPFamily | undefined;
  /** What the command above says; undefined: nothing does. */
  readonly table: TableName | undefined;
  readonly firstLine: number;
  /** Chains with their policies; `-`: none. */
  readonly declared: Map<string, string>;
  readonly rules: { readonly line: number; readonly chain: string; readonly text: string }[];
}

/** What the name of a file tells of its rules: `sos_commands/firewall_tables/ip6tables_-t_nat_-nvL`, `networking/iptables-mangle.txt`, `networking/iptablesnat`. */
export function toldByName(fileName: string): Pick<LooseBlock, 'family' | 'table'> {
  const name = fileName.slice(fileName.lastIndexOf('/') + 1).toLowerCase();
  const family = name.includes('ip6tables') ? 'IPv6' : name.includes('iptables') ? 'IPv4' : undefined;
  const table = /(?:raw|mangle|nat|filter|security)(?![a-z])/.exec(name)?.[0];
  return { family, table: family === undefined || table === undefined ? undefined : tableName(table) };
}

/** A command that was typed, or a comment that names one: `# ip6tables-legacy -t nat -S`. */
const COMMAND = /(?:^|[\s#$/])(ip6?tables)(?:-legacy|-nft)?(-save)?(?=\s|$)(.*)/;

/** What a command says of the rules that follow; undefined: it is none of iptables. */
export function toldByCommand(text: string): Pick<LooseBlock, 'family' | 'table'> | undefined {
  const [, program, , options = ''] = COMMAND.exec(text) ?? [];
  if (program === undefined) return undefined;
  const table = /(?:^|\s)(?:-t|--table)[ =]?(raw|mangle|nat|filter|security)\b/.exec(options)?.[1];
  const isListing = /(?:^|\s)-(?:[a-zA-Z]*[LS]|-list)/.test(options);
  return {
    family: program === 'ip6tables' ? 'IPv6' : 'IPv4',
    table: (table === undefined ? undefined : tableName(table)) ?? (isListing ? 'filter' : undefined),
  };
}

interface LooseTable {
  readonly family: IPFamily | undefined;
  readonly name: TableName;
  readonly declared: Map<string, string>;
  readonly rules: Map<number, string>;
}

export interface PlacedRules {
  readonly rules: readonly RulesPart[];
  readonly remarks: readonly string[];
}

/** Puts rules into the tables that they must come from. */
export function placeLoose(blocks: readonly LooseBlock[], lineCount: number): PlacedRules {
  const tables = new Map<string, LooseTable>();
  const tableOf = (family: IPFamily | undefined, name: TableName): LooseTable => {
    const key = `${family} ${name}`;
    const found = tables.get(key) ?? { family, name, declared: new Map(), rules: new Map() };
    tables.set(key, found);
    return found;
  };
  const inferred: string[] = [];
  for (const { family, table, firstLine, declared, rules } of blocks) {
    const whole = table ?? tableOfChains(declared);
    if (table === undefined) inferred.push(`line ${firstLine}${whole === undefined ? '' : ` (${whole})`}`);
    for (const [chain, policy] of declared)
      tableOf(family, whole ?? tableOfRule(chain, '')).declared.set(chain, policy);
    for (const { line, chain, text } of rules)
      tableOf(family, whole ?? tableOfRule(chain, text)).rules.set(line, text);
  }
  const remarks =
    inferred.length === 0
      ? []
      : [
          `tables are not named, but told by chains and targets, from ${inferred.slice(0, 3).join(' and ')} on`,
        ];
  if (blocks.every(({ rules }) => rules.length === 0)) return { rules: [], remarks: [] };
  const empty = [...tables.values()].flatMap(declareEmpty);
  const said =
    empty.length === 0
      ? []
      : [`chains of which the text has no rule are taken to be empty: ${listNames(empty)}`];
  return {
    rules: [...tables.values()].map((table) => partOf(table, lineCount)),
    remarks: [...remarks, ...said],
  };
}

/** Chains of a Service or endpoint have rules wherever they are, so that those that have none were left out. */
const NEVER_EMPTY = /^KUBE-(?:(?:SVC|SEP|EXT|FW|SVL|XLB)-\w+|MARK-MASQ)$/;

/** Declares the chains that rules jump to and that are no targets. @returns their names */
function declareEmpty({ rules, declared }: LooseTable): readonly string[] {
  const texts = [...rules.values()];
  const known = new Set([...declared.keys(), ...texts.map((rule) => rule.split(' ')[1])]);
  const jumps = new Set(texts.flatMap((rule) => / -[jg] (\S+)$/.exec(rule)?.[1] ?? []));
  const empty = [...jumps].filter(
    (name) => /[-_a-z]/.test(name) && !known.has(name) && !NEVER_EMPTY.test(name),
  );
  for (const name of empty) declared.set(name, '-');
  return empty;
}

/** Declarations stand before the first line, so that rules keep their numbers. */
function partOf({ family, name, declared, rules }: LooseTable, lineCount: number): RulesPart {
  const chains = new Map(declared);
  for (const rule of rules.values()) {
    const chain = rule.split(' ')[1] ?? '';
    if (!chains.has(chain)) chains.set(chain, isBuiltInChain(name, chain) ? 'ACCEPT' : '-');
  }
  const head = [`*${name}`, ...[...chains].map(([chain, policy]) => `:${chain} ${policy} [0:0]`)];
  const body = Array.from({ length: lineCount }, (_, index) => rules.get(index + 1) ?? '');
  return {
    family,
    isSaved: false,
    firstLine: 1 - head.length,
    text: `${[...head, ...body, 'COMMIT'].join('\n')}\n`,
  };
}

/** The table that has just these built-in chains. */
function tableOfChains(declared: ReadonlyMap<string, string>): TableName | undefined {
  const builtIn = [...declared].flatMap(([chain, policy]) => (policy === '-' ? [] : chain));
  if (builtIn.length < 2) return undefined;
  return (['filter', 'nat', 'mangle', 'raw'] as const).find((name) => {
    const chains: readonly string[] = KERNEL_TABLES[name].chains;
    return builtIn.every((chain) => chains.includes(chain));
  });
}

const NAT_TARGETS = /-j (?:DNAT|SNAT|MASQUERADE|REDIRECT|NETMAP)\b/;
const NAT_CHAINS =
  /^(?:PREROUTING|POSTROUTING|KUBE-(?:SVC|SEP|EXT|FW|SVL|XLB)-\w+|KUBE-(?:MARK-MASQ|POSTROUTING|LOAD-BALANCER|NODE-PORT|FIRE-WALL)|cali-(?:nat|fip|PREROUTING|POSTROUTING)\S*|AWS-SNAT-CHAIN-\S*|CNI-\S+|FLANNEL-POSTRTG|IP-MASQ\S*)$/;
const FILTER_CHAINS = /^(?:FORWARD|KUBE-(?:FORWARD|FIREWALL|EXTERNAL-SERVICES|PROXY-FIREWALL)|DOCKER-\S+)$/;

/** A guess that is right for what kube-proxy and its neighbours make: nat is where destinations are rewritten. */
function tableOfRule(chain: string, text: string): TableName {
  if (/-j (?:CT|NOTRACK)\b/.test(text)) return 'raw';
  if (NAT_TARGETS.test(text) || NAT_CHAINS.test(chain)) return 'nat';
  if (FILTER_CHAINS.test(chain) || /-j (?:REJECT|DROP|ACCEPT)\b/.test(text)) return 'filter';
  const isService = /^KUBE-(?:SERVICES|NODEPORTS)$/.test(chain) || /-j KUBE-SERVICES\b/.test(text);
  return isService && !/--ctstate NEW/.test(text) ? 'nat' : 'filter';
}
