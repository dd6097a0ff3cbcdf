import { listNames } from '../diagnostic/report.ts';
import type { ListedRuleset, ListedTable, OtherTable } from '../lang/nftables/ruleset.ts';
import type { Packet } from '../lang/packet/packet.ts';
import type { Hook } from '../lang/packet/rules.ts';
import { familyOf } from '../model/ip.ts';
import type { Connection, ExplainedWay } from './explanation.ts';

interface Followed {
  readonly connection: Connection;
  readonly ways: readonly ExplainedWay[];
}

/** What to look at where the rules of a node send a connection nowhere. */
export function listedRuleNotes(
  { tables, others }: ListedRuleset,
  { connection, ways }: Followed,
): readonly string[] {
  const family = familyOf(connection.destination);
  const table = tables.find((each) => each.family === family);
  // What is refused has its reason.
  const isRefused = ways.every(({ result }) => result === 'rejected' || result === 'dropped');
  if (table !== undefined) return isRefused ? [] : nearElements(table, connection.destination);
  const there = [...tables.map(({ family: own, name }) => `${WORDS[own]} ${name}`), ...others.map(titleOf)];
  const services = others.find(({ hasIptablesServices }) => hasIptablesServices);
  return [
    `these rules have no table ${WORDS[family]} kube-proxy, which is where Services are: there ${there.length === 1 ? 'is' : 'are'} ${listNames(there)}`,
    ...(services === undefined
      ? []
      : [`table ${titleOf(services)} is kube-proxy's in iptables mode: give "iptables-save" instead`]),
  ];
}

const WORDS = { IPv4: 'ip', IPv6: 'ip6' } as const;

/** Protocols and ports of the elements that have an address. */
function nearElements({ sets }: ListedTable, ip: string): readonly string[] {
  const near: string[] = [];
  let isEmpty = true;
  for (const { name, contents } of sets.values()) {
    if (contents?.values !== 'verdict') continue;
    for (const { key, line } of contents.elements) {
      isEmpty = false;
      const [address, protocol, port] = key;
      if (address === ip && port !== undefined) near.push(`${port}/${protocol} (${name}, line ${line})`);
    }
  }
  if (isEmpty)
    return ['no map of these rules leads anywhere: "nft -t" leaves elements out, take "nft list ruleset"'];
  return near.length === 0 ? [] : [`elements for ${ip}: ${listNames(near)}`];
}

/** Tables of others that the kernel runs for a connection, of whose rules nothing is known. */
export function otherTableNotes(
  { others }: ListedRuleset,
  family: Packet['family'],
  hooks: ReadonlySet<Hook>,
): readonly string[] {
  const wanted = new Set([...hooks].map((hook) => hook.toLowerCase()));
  const met = others.filter(({ family: own }) => own === 'inet' || own === WORDS[family]);
  const tables = met.flatMap((table) => {
    const at = [...table.hooks].filter((hook) => wanted.has(hook));
    return at.length === 0 ? [] : [`${titleOf(table)} (line ${table.line}: ${listNames(at)})`];
  });
  if (tables.length === 0) return [];
  return [
    `svcgen does not read the rules of others, here of ${tables.length === 1 ? 'table' : 'tables'} ${listNames(tables)}: what they accept, drop or rewrite is not in this answer`,
  ];
}

function titleOf({ family, name }: Pick<OtherTable, 'family' | 'name'>): string {
  return `${family} ${name}`;
}
