import type { IPFamily } from '../../../model/cluster.ts';
import { bitsOf, parseCIDR, parseIP } from '../../../model/ip.ts';
import { l4Protocol } from '../../packet/l4-protocol.ts';
import { readNumber } from '../../text/numbers.ts';
import type { IPSetEntry, IPSetType } from '../ruleset.ts';

interface ElementOf {
  readonly type: IPSetType;
  readonly family: IPFamily;
}

/**
 * An element as `ipset save` prints it.
 * @returns what was expected, as text, when it is none of the type; undefined: it is about what no Service has
 */
export function readElement(text: string, { type, family }: ElementOf): IPSetEntry | string | undefined {
  if (type === 'bitmap:port') {
    const port = readPort(text);
    if (port === undefined) return 'a port';
    return port === 0 ? undefined : { kind: 'port', port };
  }
  const [address = '', service, peer, ...rest] = text.split(',');
  const ip = readAddress(address, family);
  const parts = type.split(',').length;
  const isOfType = rest.length === 0 && text.split(',').length === parts;
  if (ip === undefined || !isOfType) return `an element of ${type} (${EXAMPLES[type]}) of ${family}`;
  if (service === undefined) return { kind: 'ip', ip };
  return readService(service, { ip, peer: peer === undefined ? undefined : { text: peer, type, family } });
}

const EXAMPLES: Readonly<Record<IPSetType, string>> = {
  'hash:ip': 'ADDRESS',
  'hash:ip,port': 'ADDRESS,tcp:PORT',
  'hash:ip,port,ip': 'ADDRESS,tcp:PORT,ADDRESS',
  'hash:ip,port,net': 'ADDRESS,tcp:PORT,CIDR',
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
