import { bitsOf, familyOf, ipToBigInt, parseCIDR, parseIP } from '../../../model/ip.ts';
import { l4Protocol } from '../../packet/l4-protocol.ts';
import { quoteWords } from '../../text/quote-words.ts';
import type { Match } from '../ruleset.ts';
import type { ArgumentGroup } from './arguments.ts';
import { MODULES } from './modules.ts';

/** What a group of arguments asks of packets. A match that always holds is left out, as `iptables-save` does. */
export function readMatch(group: ArgumentGroup): Match | undefined {
  const match = knownMatch(group);
  return match === 'always' ? undefined : (match ?? { kind: 'unknown', text: quoteWords(group.words) });
}

function knownMatch(group: ArgumentGroup): Match | 'always' | undefined {
  const { option, negated, value, rest } = group;
  if (option === '-m') return negated ? undefined : MODULES.get(value)?.(rest);
  if (rest.length > 0 || value === '') return undefined;
  const not = negated ? { negated } : {};
  switch (option) {
    case '-s':
    case '-d':
      return addressMatch(option === '-s' ? 'source' : 'destination', value, not);
    case '-i':
      return { kind: 'in-interface', name: value, ...not };
    case '-o':
      return { kind: 'out-interface', name: value, ...not };
    case '-p':
      return protocolMatch(value, not);
    default:
      return undefined;
  }
}

interface Not {
  readonly negated?: boolean;
}

function addressMatch(kind: 'source' | 'destination', value: string, not: Not): Match | 'always' | undefined {
  const cidr = canonicalCIDR(value);
  if (cidr === undefined) return undefined;
  if (cidr.endsWith('/0') && not.negated !== true) return 'always';
  return { kind, cidr, ...not };
}

function protocolMatch(value: string, not: Not): Match | 'always' {
  if (value === 'all' || value === '0') return 'always';
  const protocol = l4Protocol(value);
  return protocol === undefined
    ? { kind: 'other-protocol', name: value, ...not }
    : { kind: 'protocol', protocol, ...not };
}

/** `10.0.0.1`, `10.0.0.0/8` and `10.0.0.0/255.0.0.0`, with a prefix length. */
function canonicalCIDR(value: string): string | undefined {
  const slash = value.indexOf('/');
  const text = slash < 0 ? value : value.slice(0, slash);
  const host = parseIP(text);
  if (host === undefined || host.family !== familyOf(text)) return undefined;
  const bits = bitsOf(host.family);
  const length = slash < 0 ? `${bits}` : value.slice(slash + 1);
  if (length === `${bits}`) return `${host.ip}/${bits}`;
  return parseCIDR(`${host.ip}/${/[.:]/.test(length) ? maskLength(length) : length}`)?.cidr;
}

/** How many bits a mask sets; undefined: it is none, or one with gaps. */
function maskLength(text: string): number | undefined {
  const mask = parseIP(text);
  if (mask === undefined) return undefined;
  const bits = ipToBigInt(mask.ip).toString(2).padStart(bitsOf(mask.family), '0');
  return /^1*0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : undefined;
}
