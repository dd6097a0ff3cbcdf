import { listNames } from '../../diagnostic/report.ts';
import type { Match } from '../../lang/iptables/matches/match.ts';
import type { Rule, SavedTable, TableName } from '../../lang/iptables/ruleset.ts';
import type { SavedDump } from '../../modes/dump/node-dump.ts';
import { nodeLocalDNS } from '../../modes/dump/tell/node-local-dns.ts';
import { CHAINS } from '../../render/netfilter/chains.ts';
import { clusterIPsOf, REFUSED, readComments } from '../connection/saved-names.ts';
import type { Connection, ExplainedStep, ExplainedWay } from '../explanation.ts';
import { formatPlace } from '../ways/format-place.ts';
import { ownerOfRule } from '../ways/rule-owner.ts';
import { absentServiceNotes } from './absent-service.ts';
import { type Doubt, type DumpFindings, doubtOfElision } from './findings.ts';
import { ipvsNotes, serverNotes } from './ipvs-notes.ts';
import { dumpedNodePortNotes, isDumpedNodePort, nodePortCause } from './node-port-notes.ts';
import { servedElsewhere } from './other-planes.ts';

/** What the NodeLocal DNSCache answers is kept from the rules of Services. */
function cacheCauses(tables: readonly SavedTable[], { destination }: Connection): readonly string[] {
  return nodeLocalDNS(tables)
    .filter(({ ip }) => ip === destination)
    .map(({ line }) => `${destination} is that of the NodeLocal DNSCache on this node (line ${line})`);
}

/** What there is to say about the rules, sets and virtual servers of a node, beside what they do. */
export function savedFindings(
  { tables, ipvs, listed, remarks = [], leftOut }: SavedDump,
  connection: Connection,
): DumpFindings {
  return {
    hints: (ways, steps) => [
      ...(isLetPass(ways, connection) ? dumpedNodePortNotes(tables, ipvs, connection) : []),
      ...missingJumps(tables, connection),
      ...preempted(tables, connection, steps),
      ...(isRefused(ways) ? [] : ruleNotes(tables, connection)),
      ...serverNotes(ipvs, connection),
      ...(isPassedOn(ways) && !hasAddress(tables, connection)
        ? absentServiceNotes(connection.destination, clusterIPsOf(tables))
        : []),
    ],
    causes: (ways, steps) => [
      ...cacheCauses(tables, connection),
      ...servedElsewhere({ tables, listed, hasServers: ipvs.virtualServers !== undefined }, connection, ways),
      ...(missingJumps(tables, connection).length === 0
        ? []
        : [
            `no Service is reached, for no rule of nat ${hookOf(connection)} leads to ${CHAINS.services.name}`,
          ]),
      ...preemptions(tables, connection, steps).map(
        ({ label, who }) => `${label} has no endpoints, but ${who} accepts it before it is refused`,
      ),
      ...(isLetPass(ways, connection) && isDumpedNodePort(tables, ipvs, connection)
        ? [nodePortCause(connection)]
        : []),
    ],
    gaps: [...remarks, ...absentNotes({ tables, listed }), ...ipvsNotes(ipvs, tables, connection)],
    doubt: doubtOfElision(leftOut) ?? doubtOfAbsence(tables),
  };
}

/** Where there are virtual servers alone, or the table nat, others may refuse what these let pass. */
function doubtOfAbsence(tables: readonly SavedTable[]): Doubt | undefined {
  const isNone = tables.length === 0;
  if (!isNone && !lacksOnlyFilter(tables)) return undefined;
  const what = isNone
    ? 'a rule refuses it: this text has none'
    : 'the table filter refuses it, which this text lacks';
  return { isOpen: false, unless: what };
}

/** It may have been meant for a NodePort that its address does not have; what manifests tell of it is said already. */
function isLetPass(ways: readonly ExplainedWay[], { target }: Connection): boolean {
  return target === undefined && ways.some(({ result }) => result === 'node' || result === 'elsewhere');
}

/** Whether a rule of a table asks for the address that it goes to. */
function hasAddress(tables: readonly SavedTable[], { destination }: Connection): boolean {
  const asksFor = ({ matches }: Rule) => matches.some((match) => isAbout(match, wholeCIDR(destination)));
  return tables.some(({ chains }) => [...chains.rulesWith(destination)].some(asksFor));
}

/** No rule has sent it anywhere. */
function isPassedOn(ways: readonly ExplainedWay[]): boolean {
  return ways.every(({ result }) => result === 'elsewhere');
}

/** What is refused has its reason. */
function isRefused(ways: readonly ExplainedWay[]): boolean {
  return ways.every(({ result }) => result === 'rejected' || result === 'dropped');
}

/** Firewalls are in the table filter, and people are often asked for nat alone. */
function lacksOnlyFilter(tables: readonly SavedTable[]): boolean {
  const hasTable = (wanted: TableName) => tables.some(({ name }) => name === wanted);
  return hasTable('nat') && !hasTable('filter');
}

function absentNotes({
  tables,
  listed,
}: Pick<SavedDump, 'tables'> & { readonly listed: SavedDump['listed'] | undefined }): readonly string[] {
  if (tables.length === 0)
    return [
      'there are no rules in this text, so what they do is not in this answer: add what "iptables-save" prints',
    ];
  return listed === undefined && lacksOnlyFilter(tables)
    ? [
        'these rules have no table filter, so what it drops or rejects is not in this answer: give what "iptables-save" prints, without -t nat',
      ]
    : [];
}

/** Where it meets the table nat first. */
function hookOf({ origin }: Pick<Connection, 'origin'>): string {
  return origin === 'node' ? 'OUTPUT' : 'PREROUTING';
}

/** Rules of Services that nothing leads to are as good as none. */
function missingJumps(tables: readonly SavedTable[], { origin }: Connection): readonly string[] {
  const hook = hookOf({ origin });
  const services = CHAINS.services.name;
  const nat = tables.filter(({ name }) => name === 'nat');
  const isJump = ({ action }: Rule) =>
    (action?.kind === 'jump' || action?.kind === 'goto') && action.chain === services;
  const hasRules = nat.some(({ chains }) => !isEmpty(chains.get(services)?.rules ?? []));
  const isLedTo = nat.some(({ chains }) => [...(chains.get(hook)?.rulesWith(services) ?? [])].some(isJump));
  if (!hasRules || isLedTo) return [];
  return [
    `chain ${services} has the rules of Services, but no rule of nat ${hook} leads there, so none is reached: kube-proxy puts "-A ${hook} -j ${services}" there, and somebody has removed it`,
  ];
}

/** A Service without endpoints refuses connections in the table filter, where somebody else may let them pass before. */
function preempted(
  tables: readonly SavedTable[],
  connection: Connection,
  steps: readonly ExplainedStep[],
): readonly string[] {
  return preemptions(tables, connection, steps).map(({ label, line }) => {
    const late = `nobody has ${connection.destination}, so the client waits where line ${line} would tell it at once`;
    // A comment may say anything, and people paste commands.
    const [, namespace, name] = /^([a-z0-9-]+)\/([a-z0-9-]+)(?::[a-z0-9-]*)?$/.exec(label) ?? [];
    if (name === undefined) return late;
    return `${late}; to do: find out why no pod of ${namespace}/${name} is ready: kubectl -n ${namespace} describe service ${name}`;
  });
}

/** Who accepts it, and which rule comes too late. */
function preemptions(
  tables: readonly SavedTable[],
  connection: Connection,
  steps: readonly ExplainedStep[],
): readonly { readonly label: string; readonly line: number | undefined; readonly who: string }[] {
  const accepting = steps.find(
    ({ place, effect }) => effect === 'ACCEPT' && place !== undefined && / ?filter$/.test(place.table),
  )?.place;
  const rule = accepting?.rule;
  if (accepting === undefined || rule === undefined) return [];
  const owner = ownerOfRule({ table: accepting.table, chain: accepting.chain, text: () => rule })?.name;
  const place = formatPlace(accepting);
  const who = owner === undefined ? place : `${owner} (${place})`;
  return Array.from(refusalsOf(tables, connection), (refusal) => ({ ...refusal, who }));
}

/** Rules that would refuse a connection because its Service has no endpoints. */
function* refusalsOf(tables: readonly SavedTable[], { destination, port, protocol }: Connection) {
  const chains = [CHAINS.services.name, CHAINS.externalServices.name];
  const filters = tables.filter(({ name }) => name === 'filter');
  const rules = filters.flatMap((table) =>
    chains.flatMap((name) => [...(table.chains.get(name)?.rulesWith(destination) ?? [])]),
  );
  for (const { matches, line } of rules) {
    const isMeant = matches.some(
      (match) => match.kind === 'l4' && match.destinationPort === port && match.protocol === protocol,
    );
    const cidr = wholeCIDR(destination);
    if (!isMeant || !matches.some((match) => isAbout(match, cidr))) continue;
    const [label] = matches.flatMap((match) =>
      match.kind === 'comment' ? (readComments(REFUSED, match.text) ?? []) : [],
    );
    if (label !== undefined) yield { label, line };
  }
}

function isEmpty(rules: Iterable<unknown>): boolean {
  for (const _ of rules) return false;
  return true;
}

/** What to look at where the rules do nothing with a connection. */
function ruleNotes(tables: readonly SavedTable[], connection: Connection): readonly string[] {
  const { destination } = connection;
  const nat = tables.find(({ name }) => name === 'nat');
  if (tables.length === 0) return [];
  if (nat === undefined)
    return [`these rules have no table nat, which is where Services are: ${tablesHere(tables)}`];
  const near = rulesTo(nat, destination);
  if (near.size === 0 || missingJumps(tables, connection).length > 0) return [];
  const listed = Array.from(near, ([place, line]) => `${place} (line ${line})`);
  return [`rules of the nat table for ${destination}: ${listNames(listed)}`];
}

function tablesHere(tables: readonly SavedTable[]): string {
  const names: readonly TableName[] = tables.map(({ name }) => name);
  return `there ${names.length === 1 ? 'is' : 'are'} only ${names.join(', ')}`;
}

/** Ports and protocols that rules ask for beside an address (`80/tcp`), and the first line of each. */
function rulesTo({ chains }: SavedTable, ip: string): ReadonlyMap<string, number> {
  const cidr = wholeCIDR(ip);
  const found = new Map<string, number>();
  for (const { matches, line } of chains.rulesWith(ip)) {
    if (!matches.some((match) => isAbout(match, cidr))) continue;
    for (const match of matches) {
      if (match.kind !== 'l4' || match.destinationPort === undefined) continue;
      const port = `${match.destinationPort}/${match.protocol}`;
      if (!found.has(port)) found.set(port, line);
    }
  }
  return found;
}

function wholeCIDR(ip: string): string {
  return ip.includes(':') ? `${ip}/128` : `${ip}/32`;
}

function isAbout(match: Match, cidr: string): boolean {
  return match.kind === 'destination' && match.cidr === cidr && match.negated !== true;
}
