import { assertNever, invariant } from '../../diagnostic/invariant.ts';
import type { IPFamily, Protocol } from '../../model/cluster.ts';
import { joinHostPort } from '../../model/ip.ts';
import type { IPVSSettings } from '../../model/ipvs-settings.ts';
import { lengthOf, printParts } from '../text/in-parts.ts';
import { restoreWord } from '../text/quote.ts';
import type { IPSet, IPSetEntry, IPVSRuleset, VirtualServer } from './ruleset.ts';

/** The interface that has the addresses of virtual servers; it need not be up. */
const DUMMY_DEVICE = 'kube-ipvs0';

/** How many entries a hash takes when nothing is said. */
const DEFAULT_MAX_ENTRIES = 65_536;

const SERVICE_OPTIONS: Readonly<Record<Protocol, string>> = { TCP: '-t', UDP: '-u', SCTP: '--sctp-service' };

/** Lines for `ip -batch -`. */
export function* addressLines(rulesets: readonly IPVSRuleset[]): Generator<string> {
  yield `link add ${DUMMY_DEVICE} type dummy\n`;
  for (const { family, addresses } of rulesets)
    for (const ip of addresses) yield `addr replace ${withLength(ip, family)} dev ${DUMMY_DEVICE}\n`;
}

/** `address/length`, one a line. */
export function* addressList(rulesets: readonly IPVSRuleset[]): Generator<string> {
  for (const { family, addresses } of rulesets)
    yield* printParts(addresses, { linesOf: (ip) => [`${withLength(ip, family)}\n`], between: '' });
}

function withLength(ip: string, family: IPFamily): string {
  return `${restoreWord(ip)}/${family === 'IPv4' ? 32 : 128}`;
}

/** Lines for `ipset restore -exist`: all sets are made before the first entry. */
export function* setLines(rulesets: readonly IPVSRuleset[]): Generator<string> {
  const sets = rulesets.flatMap((ruleset) => ruleset.sets);
  for (const set of sets) yield `create ${restoreWord(set.name)} ${setParameters(set)}\n`;
  for (const { name, entries } of sets) {
    const start = `add ${restoreWord(name)} `;
    yield* printParts(entries, { linesOf: (entry) => [`${start}${formatSetEntry(entry)}\n`], between: '' });
  }
}

/** Type and options of a set, as `ipset create` takes them. */
function setParameters(set: IPSet): string {
  const { type, entries } = set;
  const options = setKind(set);
  if (type === 'bitmap:port') return options;
  const count = lengthOf(entries);
  return count > DEFAULT_MAX_ENTRIES ? `${options} maxelem ${powerOfTwoFrom(count)}` : options;
}

/** Type and options of a set that say what it can hold, not how much of it. */
export function setKind({ type, family }: Pick<IPSet, 'type' | 'family'>): string {
  return type === 'bitmap:port'
    ? `${type} range 0-65535`
    : `${type} family ${family === 'IPv4' ? 'inet' : 'inet6'}`;
}

function powerOfTwoFrom(number: number): number {
  return 2 ** Math.ceil(Math.log2(number));
}

/** An entry as `ipset save` prints it. */
export function formatSetEntry(entry: IPSetEntry): string {
  switch (entry.kind) {
    case 'ip':
      return restoreWord(entry.ip);
    case 'net':
      return restoreWord(entry.net);
    case 'net-port':
      return `${restoreWord(entry.net)},${entry.protocol}:${formatPort(entry.port)}`;
    case 'port':
      return formatPort(entry.port);
    case 'ip-port':
      return `${restoreWord(entry.ip)},${entry.protocol}:${formatPort(entry.port)}`;
    case 'ip-port-peer':
      return `${restoreWord(entry.ip)},${entry.protocol}:${formatPort(entry.port)},${restoreWord(entry.peer)}`;
    default:
      return assertNever(entry);
  }
}

/** Lines for `ipvsadm --restore`, spelled as `ipvsadm --save --numeric` spells them. */
export function* virtualServerLines(rulesets: readonly IPVSRuleset[]): Generator<string> {
  for (const { virtualServers } of rulesets) yield* printParts(virtualServers, { linesOf, between: '' });
}

function linesOf(server: VirtualServer): readonly string[] {
  return Array.from(serverLines(server), (line) => `${line}\n`);
}

/** A virtual server and its real servers, without line breaks. */
export function* serverLines(server: VirtualServer): Generator<string> {
  const service = formatVirtualService(server);
  yield `-A ${service}${serviceParameters(server)}`;
  for (const { hostPort } of server.realServers) yield `-a ${service} -r ${restoreWord(hostPort)} -m -w 1`;
}

/** Nothing when the kernel's timeouts are to stay. 0 leaves a single one as it is. */
export function timeoutLine(settings: IPVSSettings): readonly string[] {
  const seconds = [settings.tcpTimeoutSeconds, settings.tcpFinTimeoutSeconds, settings.udpTimeoutSeconds];
  return seconds.every((each) => each === 0) ? [] : [`--set ${seconds.join(' ')}\n`];
}

function formatVirtualService({ protocol, ip, port }: VirtualServer): string {
  return `${SERVICE_OPTIONS[protocol]} ${restoreWord(joinHostPort(ip, Number(formatPort(port))))}`;
}

/** The hash of `mh` takes the client's port too, as kube-proxy has it. */
function serviceParameters({ scheduler, persistenceSeconds }: VirtualServer): string {
  const persistence = persistenceSeconds === undefined ? '' : ` -p ${persistenceSeconds}`;
  return ` -s ${scheduler}${persistence}${scheduler === 'mh' ? ' -b mh-port' : ''}`;
}

function formatPort(port: number): string {
  invariant(Number.isInteger(port) && port > 0 && port <= 65_535, 'a port is out of range');
  return `${port}`;
}
