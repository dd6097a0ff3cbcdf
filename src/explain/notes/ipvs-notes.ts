import { listNames } from '../../diagnostic/report.ts';
import type { SavedTable } from '../../lang/iptables/ruleset.ts';
import type { SavedIPVS, SavedServer, SavedSet } from '../../lang/ipvs/ruleset.ts';
import { isUnderstood } from '../../lang/ipvs/saved-host.ts';
import { joinHostPort } from '../../model/ip.ts';
import { IPVS_CHAINS } from '../../render/ipvs/vocabulary.ts';
import { SETS } from '../../render/netfilter/sets.ts';
import type { Connection } from '../explanation.ts';

/** Virtual servers that may have been meant. */
export function serverNotes(
  { virtualServers = [] }: SavedIPVS,
  { destination, port: wanted, protocol: wantedProtocol }: Connection,
): readonly string[] {
  const near = virtualServers.filter(({ ip }) => ip === destination);
  const isMeant = ({ port, protocol }: SavedServer) =>
    port === wanted && protocol.toLowerCase() === wantedProtocol;
  if (near.length === 0 || near.some(isMeant)) return [];
  const ports = near.map(({ port, protocol, line }) => `${port}/${protocol.toLowerCase()} (line ${line})`);
  return [`virtual servers of ${destination}: ${listNames(ports)}`];
}

/** What the dump leaves open about IPVS. */
export function ipvsNotes(
  { sets, virtualServers }: SavedIPVS,
  tables: readonly SavedTable[],
  connection: Connection,
): readonly string[] {
  const isMode = tables.some(({ chains }) => chains.has(IPVS_CHAINS.access.name));
  const isMeant = isMode || [...(sets?.keys() ?? [])].some(isOwnSet) || virtualServers !== undefined;
  const absent = [
    ...(sets === undefined ? ['sets ("ipset save" prints them)'] : []),
    ...(virtualServers === undefined ? ['virtual servers ("ipvsadm-save -n" prints them)'] : []),
  ];
  return [
    ...(isMeant && absent.length > 0
      ? [`this text of a node in ipvs mode has no ${absent.join(' and no ')}: without them, much is unknown`]
      : []),
    ...unreadNotes([...(sets?.values() ?? [])]),
    ...drainedNotes(virtualServers ?? [], connection),
  ];
}

/** Others have sets, too. */
function isOwnSet(name: string): boolean {
  return name.startsWith('KUBE-6-') || Object.hasOwn(SETS, name);
}

function unreadNotes(sets: readonly SavedSet[]): readonly string[] {
  const unread = sets.filter((set) => set.name.startsWith('KUBE-') && !isUnderstood(set));
  if (unread.length === 0) return [];
  const names = listNames(unread.map(({ name, line }) => `${name} (line ${line})`));
  return [`svcgen does not read all options of ${names}: what it holds is taken for unknown`];
}

/** Real servers that new connections do not go to. */
function drainedNotes(servers: readonly SavedServer[], connection: Connection): readonly string[] {
  const server = servers.find(
    ({ ip, port, protocol }) =>
      ip === connection.destination &&
      port === connection.port &&
      protocol.toLowerCase() === connection.protocol,
  );
  const drained = server?.realServers.filter(({ weight }) => weight === 0) ?? [];
  if (drained.length === 0) return [];
  const names = drained.map(({ ip, port, line }) => `${joinHostPort(ip, port)} (line ${line})`);
  return [`new connections do not go where the weight is 0: ${listNames(names)}`];
}
