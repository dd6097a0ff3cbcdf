import type { IPFamily } from '../../../model/cluster.ts';
import { bitsOf, parseCIDR, parseIP } from '../../../model/ip.ts';
import { l4Protocol } from '../../packet/l4-protocol.ts';
import { readNumber } from '../../text/numbers.ts';
import {
  IPSET_TYPES,
  type IPSetEntry,
  type IPSetType,
  type SavedElement,
  type SavedSet,
} from '../ruleset.ts';
import type { WordedLine, Wrong } from './words.ts';

/** Options of sets that say how much room they take, not what they hold, each with a value. */
const ROOM: ReadonlySet<string> = new Set(['hashsize', 'maxelem', 'bucketsize', 'initval']);

/** Names may have spaces; types have a colon and no comma at the end. */
const SET = /^create (.+?) ((?:hash|bitmap|list):\S+)(?: |$)/;

/** A set that has no elements yet, of a line `create NAME TYPE …`. */
export function readSet({ text, line, behind, words }: WordedLine): OpenSet | Wrong {
  const [, name, typeName = ''] = SET.exec(text) ?? [];
  if (name === undefined) {
    const at = words[2] ?? behind;
    return { at, expected: 'a name and a type of sets (create NAME hash:ip …)' };
  }
  const type = IPSET_TYPES.find((each) => each === typeName);
  const options = text.slice(`create ${name} ${typeName}`.length).trim().split(/ +/);
  const { family, others } = readOptions(options, type);
  const members = typeName === 'list:set' ? { members: [] } : {};
  return { line, text, name, type, family, options: others, elements: [], ...members };
}

interface SetOptions {
  readonly family: SavedSet['family'];
  readonly others: string;
}

/** Options that only make room, and the range of all ports, are left out. */
function readOptions(words: readonly string[], type: IPSetType | undefined): SetOptions {
  const others: string[] = [];
  let family: SetOptions['family'] = 'IPv4';
  for (let index = 0; index < words.length; index += 1) {
    const [word = '', value] = [words[index], words[index + 1]];
    const isFamily = word === 'family' && (value === 'inet' || value === 'inet6');
    if (isFamily) family = value === 'inet' ? 'IPv4' : 'IPv6';
    const isRange = type === 'bitmap:port' && word === 'range' && value === '0-65535';
    if (isFamily || isRange || (ROOM.has(word) && value !== undefined)) index += 1;
    else if (word !== '') others.push(word);
  }
  return { family, others: others.join(' ') };
}

/** A set that is being read. */
export interface OpenSet extends Omit<SavedSet, 'elements' | 'members'> {
  readonly elements: SavedElement[];
  readonly members?: string[];
}

/** An element of a line `add NAME ELEMENT …`; undefined: of a set that Services have no use for. */
export function readAdded(
  { text, line, words, behind }: WordedLine,
  set: OpenSet,
): SavedElement | undefined | Wrong {
  const { type, family, name } = set;
  const [at, ...options] = words.slice(2 + name.split(' ').length - 1);
  if (type === undefined) {
    if (at !== undefined) set.members?.push(at.text);
    return undefined;
  }
  const read = readElement(at?.text ?? '', { type, family });
  if (typeof read === 'string') return { at: at ?? behind, expected: read };
  return { line, text, entry: read, options: options.map(({ text: word }) => word).join(' ') };
}

/** The set that a line is about. Most names have no spaces. */
export function setOf(
  { text, words, behind }: WordedLine,
  sets: ReadonlyMap<string, OpenSet>,
): OpenSet | Wrong {
  const at = words[1] ?? behind;
  const found = sets.get(at.text);
  if (found !== undefined) return found;
  for (const set of sets.values()) if (text.startsWith(`add ${set.name} `)) return set;
  return { at, expected: 'a set that a line "create" above makes' };
}

interface ElementOf {
  readonly type: IPSetType;
  readonly family: IPFamily;
}

/**
 * An element as `ipset save` prints it.
 * @returns what was expected, as text, when it is none of the type; undefined: it is about what no Service has
 */
function readElement(text: string, { type, family }: ElementOf): IPSetEntry | string | undefined {
  if (type === 'bitmap:port') {
    const port = readPort(text);
    if (port === undefined) return 'a port';
    return port === 0 ? undefined : { kind: 'port', port };
  }
  const [address = '', service, peer, ...rest] = text.split(',');
  const isNet = type.startsWith('hash:net');
  const ip = isNet ? readNet({ text: address, family }) : readAddress(address, family);
  const parts = type.split(',').length;
  const isOfType = rest.length === 0 && text.split(',').length === parts;
  if (ip === undefined || !isOfType) return `an element of ${type} (${EXAMPLES[type]}) of ${family}`;
  if (service === undefined) return isNet ? { kind: 'net', net: ip } : { kind: 'ip', ip };
  const read = readService(service, { ip, peer: undefined });
  if (isNet && typeof read === 'object' && read.kind === 'ip-port')
    return { kind: 'net-port', net: ip, protocol: read.protocol, port: read.port };
  return readService(service, { ip, peer: peer === undefined ? undefined : { text: peer, type, family } });
}

const EXAMPLES: Readonly<Record<IPSetType, string>> = {
  'hash:ip': 'ADDRESS',
  'hash:ip,port': 'ADDRESS,tcp:PORT',
  'hash:ip,port,ip': 'ADDRESS,tcp:PORT,ADDRESS',
  'hash:ip,port,net': 'ADDRESS,tcp:PORT,CIDR',
  'hash:net': 'CIDR',
  'hash:net,port': 'CIDR,tcp:PORT',
  'bitmap:port': 'PORT',
};

interface Rest {
  readonly ip: string;
  readonly peer: (ElementOf & { readonly text: string }) | undefined;
}

function readService(text: string, { ip, peer: wanted }: Rest): IPSetEntry | string | undefined {
  const [, name = '', number] = /^([a-z0-9-]+):(.+)$/.exec(text) ?? [];
  const protocol = l4Protocol(name);
  if (name !== '' && protocol === undefined) return undefined;
  const port = readPort(number);
  if (protocol === undefined || port === undefined) return 'a protocol and port (tcp:80)';
  if (port === 0) return undefined;
  if (wanted === undefined) return { kind: 'ip-port', ip, protocol, port };
  const peer = wanted.type === 'hash:ip,port,net' ? readNet(wanted) : readAddress(wanted.text, wanted.family);
  if (peer === undefined)
    return `an address${wanted.type === 'hash:ip,port,net' ? ' or CIDR' : ''} at its end`;
  return { kind: 'ip-port-peer', ip, protocol, port, peer };
}

/** Sets can hold port 0, too. */
function readPort(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,5}$/.test(text) ? readNumber(text, 65_535) : undefined;
}

function readAddress(text: string, family: IPFamily): string | undefined {
  const parsed = parseIP(text);
  return parsed?.family === family ? parsed.ip : undefined;
}

/** The length of a single address is left out. */
function readNet({ text, family }: { readonly text: string; readonly family: IPFamily }): string | undefined {
  if (!text.includes('/')) return readAddress(text, family);
  const parsed = parseCIDR(text);
  if (parsed?.family !== family || parsed.prefixLength === 0) return undefined;
  return parsed.prefixLength === bitsOf(family) ? parsed.network : parsed.cidr;
}
