import { listNames } from '../diagnostic/report.ts';
import { FAMILIES } from '../lang/nftables/family.ts';
import type { ListedContents, ListedRuleset, ListedTable, OtherTable } from '../lang/nftables/ruleset.ts';
import { l4Protocol } from '../lang/packet/l4-protocol.ts';
import { familyOf } from '../model/ip.ts';
import type { ListedDump } from '../modes/node-dump.ts';
import { chainNamed, type NamedService, serviceNamed } from '../render/nftables/known-names.ts';
import { NFT_CHAINS, NFT_SETS, TABLE_NAME } from '../render/nftables/vocabulary.ts';
import { absentServiceNotes } from './absent-service.ts';
import type { DumpedName } from './dumped-names.ts';
import type { Connection, ExplainedWay } from './explanation.ts';
import { type DumpFindings, doubtOfElision } from './notes.ts';
import { servedElsewhere } from './other-planes.ts';

/** What elements without endpoints are about, by their comments: `default/web:http`. */
const LABEL = /^([^ :]+)(?::([^ ]+))?$/;

/**
 * The addresses and ports of a Service in the rules of a node, as far as names of chains or comments tell. Of what is
 * refused, clusterIPs come before external addresses, and only the first one of a port counts.
 */
export function findListedNames({ sets }: ListedTable, label: string): readonly DumpedName[] {
  const found = new Map<string, DumpedName>();
  for (const { contents } of sets.values()) {
    if (contents?.values !== 'verdict') continue;
    for (const { key, comment, verdict } of contents.elementsWith(label)) {
      const internal = 'chain' in verdict ? internalService(verdict.chain) : undefined;
      const { service, portName } = internal ?? labelled(comment);
      const [destination, word, port] = key;
      const protocol = l4Protocol(`${word}`);
      if (service !== label || protocol === undefined) continue;
      if (typeof destination !== 'string' || typeof port !== 'number' || found.has(portName)) continue;
      found.set(portName, { portName, destination, port, protocol });
    }
  }
  return [...found.values()];
}

/** The Services that chains or comments of a table name: `default/web`. */
export function* listedLabels({ sets }: ListedTable): Generator<string> {
  for (const { contents } of sets.values()) {
    if (contents?.values !== 'verdict') continue;
    for (const { comment, verdict } of contents.elements) {
      const { service } = ('chain' in verdict ? serviceNamed(verdict.chain) : undefined) ?? labelled(comment);
      if (service !== undefined) yield service;
    }
  }
}

/** The Service whose address or nodePort a connection goes to: `default/web:http`. undefined: none that names or comments tell. */
export function findListedService(
  { tables }: ListedRuleset,
  { destination, port, protocol }: Pick<Connection, 'destination' | 'port' | 'protocol'>,
): string | undefined {
  const table = tables.find(({ family }) => family === familyOf(destination));
  let ofNodePort: string | undefined;
  for (const { contents } of table?.sets.values() ?? []) {
    if (contents?.values !== 'verdict') continue;
    for (const { key, comment, verdict } of contents.elementsWith(
      wordsFor(contents, { destination, port, protocol }),
    )) {
      if (key.at(-1) !== port || key.at(-2) !== protocol) continue;
      const { service, portName } =
        ('chain' in verdict ? serviceNamed(verdict.chain) : undefined) ?? labelled(comment);
      if (service === undefined) continue;
      const label = portName === '' ? service : `${service}:${portName}`;
      if (key.length === 3 && key[0] === destination) return label;
      if (key.length === 2) ofNodePort ??= label;
    }
  }
  return ofNodePort;
}

/** What is in the lines of a map that may be about a connection: maps of nodePorts have no addresses. */
function wordsFor(
  { elements }: Extract<ListedContents, { readonly values: 'verdict' }>,
  { destination, port, protocol }: Pick<Connection, 'destination' | 'port' | 'protocol'>,
): string {
  for (const { key } of elements) return key.length === 2 ? `${protocol} . ${port}` : destination;
  return destination;
}

/** Chains for internal traffic have the names of their Services. */
function internalService(chain: string): NamedService | undefined {
  const row = chainNamed(chain);
  return row === NFT_CHAINS.service || row === NFT_CHAINS.local ? serviceNamed(chain) : undefined;
}

function labelled(comment = ''): Partial<NamedService> & { readonly portName: string } {
  const [, service, portName = ''] = LABEL.exec(comment) ?? [];
  return service === undefined ? { portName } : { service, portName };
}

/** What there is to say about the tables of a node, beside what they do with a connection. */
export function listedFindings(
  { ruleset, remarks = [], leftOut }: ListedDump,
  connection: Connection,
): DumpFindings {
  return {
    hints: (ways) => ruleNotes(ruleset, { connection, ways }),
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
