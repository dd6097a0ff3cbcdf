import { listNames } from '../../diagnostic/report.ts';
import { FAMILIES } from '../../lang/nftables/family.ts';
import type { ListedRuleset, ListedSet, ListedTable, OtherTable } from '../../lang/nftables/ruleset.ts';
import { familyOf } from '../../model/ip.ts';
import type { ListedDump } from '../../modes/dump/node-dump.ts';
import { NFT_CHAINS, NFT_SETS, TABLE_NAME } from '../../render/nftables/vocabulary.ts';
import { wordsFor } from '../connection/listed-names.ts';
import type { Connection, ExplainedWay } from '../explanation.ts';
import { absentServiceNotes } from './absent-service.ts';
import { type DumpFindings, doubtOfElision } from './findings.ts';
import { servedElsewhere } from './other-planes.ts';

/** What there is to say about the tables of a node, beside what they do with a connection. */
export function listedFindings(
  { ruleset, remarks = [], leftOut }: ListedDump,
  connection: Connection,
): DumpFindings {
  return {
    hints: (ways) => [
      ...ruleNotes(ruleset, { connection, ways }),
      ...unreadSetNotes(ruleset, { connection, ways }),
    ],
    causes: (ways) => {
      const table = ruleset.tables.find(({ family }) => family === familyOf(connection.destination));
      if (table === undefined)
        return servedElsewhere({ tables: [], listed: ruleset, hasServers: false }, connection, ways);
      return missingJump(table, connection).length === 0
        ? []
        : [
            `no Service is reached, for chain ${baseOf(connection)} does not lead to chain ${NFT_CHAINS.services.name}`,
          ];
    },
    gaps: [...remarks, ...otherTableNotes(ruleset)],
    doubt: doubtOfElision(leftOut),
  };
}

interface Followed {
  readonly connection: Connection;
  readonly ways: readonly ExplainedWay[];
}

/** What to look at where the rules of a node send a connection nowhere. */
function ruleNotes({ tables, others }: ListedRuleset, { connection, ways }: Followed): readonly string[] {
  const family = familyOf(connection.destination);
  const table = tables.find((each) => each.family === family);
  // What is refused has its reason.
  const isRefused = ways.every(({ result }) => result === 'rejected' || result === 'dropped');
  if (table !== undefined && !hasElements(table))
    return ['no map of these rules leads anywhere: "nft -t" leaves elements out, take "nft list ruleset"'];
  const missing = table === undefined ? [] : missingJump(table, connection);
  if (missing.length > 0) return missing;
  if (table !== undefined)
    return [
      ...(isRefused ? [] : nearElements(table, connection)),
      ...(ways.every(({ result }) => result === 'elsewhere') && !hasAddress(table, connection.destination)
        ? absentServiceNotes(connection.destination, addressesOf(table))
        : []),
    ];
  const there = [
    ...tables.map(({ family: own, name }) => `${FAMILIES[own]} ${name}`),
    ...others.map(titleOf),
  ];
  const services = others.find(({ hasIptablesServices }) => hasIptablesServices);
  return [
    `these rules have no table ${FAMILIES[family]} ${TABLE_NAME}, which is where Services are: there ${there.length === 1 ? 'is' : 'are'} ${listNames(there)}`,
    ...(services === undefined
      ? []
      : [`table ${titleOf(services)} is kube-proxy's in iptables mode: give "iptables-save" instead`]),
  ];
}

/** Sets that decide, and of which the text has more than is read. */
function unreadSetNotes({ others }: ListedRuleset, { connection, ways }: Followed): readonly string[] {
  const asked = new Set(
    ways
      .flatMap(({ alternatives }) => alternatives.flat())
      .flatMap((each) => (each.kind === 'match' ? each.unknown.split(' ') : [])),
  );
  if (![...asked].some((word) => word.startsWith('@'))) return [];
  const unread = others.flatMap((other) => {
    const sets = other.of(familyOf(connection.destination))?.sets ?? new Map<string, ListedSet>();
    return [...sets.values()].flatMap(({ name, line, unread: why }) =>
      why === undefined || !asked.has(`@${name}`) ? [] : [`${titleOf(other)} ${name} (line ${line}: ${why})`],
    );
  });
  if (unread.length === 0) return [];
  return [
    `svcgen does not read what is in ${listNames(unread)}, so what it holds is taken for unknown: "nft get element" tells whether an address is in a set`,
  ];
}

/** Whether a map leads anywhere. */
function hasElements({ sets }: ListedTable): boolean {
  for (const { contents } of sets.values())
    if (contents?.values === 'verdict') for (const _ of contents.elements) return true;
  return false;
}

/** Where it meets the Services first. */
function baseOf({ origin }: Pick<Connection, 'origin'>): string {
  return (origin === 'node' ? NFT_CHAINS.natOutput : NFT_CHAINS.natPrerouting).name;
}

/** Chains of Services that no base chain leads to are as good as none. */
function missingJump({ chains, family, name }: ListedTable, connection: Connection): readonly string[] {
  const { services } = NFT_CHAINS;
  const base = baseOf(connection);
  const rules = [...(chains.get(base)?.rules ?? [])];
  const isLedTo = rules.some(({ text }) => /\b(?:jump|goto) services\b/.test(text));
  if (!chains.has(services.name) || isLedTo) return [];
  return [
    `chain ${services.name} of table ${FAMILIES[family]} ${name} leads to Services, but chain ${base} does not lead there, so none is reached: kube-proxy has "jump ${services.name}" there`,
  ];
}

/** Whether a map leads from an address. */
function hasAddress({ sets }: ListedTable, ip: string): boolean {
  for (const { contents } of sets.values()) {
    if (contents?.values !== 'verdict') continue;
    for (const { key } of contents.elementsWith(ip)) if (key[0] === ip) return true;
  }
  return false;
}

/** The addresses that maps lead from. */
function* addressesOf({ sets }: ListedTable): Generator<string> {
  for (const { contents } of sets.values()) {
    if (contents?.values !== 'verdict') continue;
    for (const { key } of contents.elements) {
      const [ip] = key;
      if (key.length === 3 && typeof ip === 'string') yield ip;
    }
  }
}

/** Protocols and ports of the elements that have an address. */
function nearElements({ sets }: ListedTable, connection: Connection): readonly string[] {
  const { destination: ip, port: wanted, protocol: ofConnection } = connection;
  const near: string[] = [];
  const nodePorts: string[] = [];
  for (const { name, contents } of sets.values()) {
    if (contents?.values !== 'verdict') continue;
    for (const { key, line } of contents.elementsWith(wordsFor(contents, connection))) {
      const [address, protocol, port] = key;
      if (address === ip && port !== undefined) near.push(`${port}/${protocol} (${name}, line ${line})`);
      if (key.length === 2 && address === ofConnection && protocol === wanted)
        nodePorts.push(
          `${wanted}/${ofConnection} is a nodePort (${name}, line ${line}), but NodePorts do not answer on ${ip}: set ${NFT_SETS.nodePortIPs.name} has the addresses`,
        );
    }
  }
  return near.length === 0 ? nodePorts : [`elements for ${ip}: ${listNames(near)}`, ...nodePorts];
}

/** Rules of others at places that svcgen does not follow packets to: on a bridge, and where a device takes a packet in. */
function otherTableNotes({ others }: ListedRuleset): readonly string[] {
  const tables = others.flatMap((table) => {
    const at = [...table.hooks].filter((hook) => isPassedBy(table.family, hook));
    return at.length === 0 ? [] : [`${titleOf(table)} (line ${table.line}: ${listNames(at)})`];
  });
  if (tables.length === 0) return [];
  return [
    `svcgen does not follow packets through rules of bridges and devices, here of ${tables.length === 1 ? 'table' : 'tables'} ${listNames(tables)}: what they drop is not in this answer`,
  ];
}

function isPassedBy(family: string, hook: string): boolean {
  return family === 'bridge' || family === 'netdev' || hook === 'ingress' || hook === 'egress';
}

function titleOf({ family, name }: Pick<OtherTable, 'family' | 'name'>): string {
  return `${family} ${name}`;
}
