import { familyOf, ipToBigInt } from '../../model/ip.ts';

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const MAX_LABEL = 63;
const MAX_NAME = 253;

/** `--cluster-domain`'s default, as the kubelet's and kubeadm's. */
export const DEFAULT_CLUSTER_DOMAIN = 'cluster.local';

/**
 * Reads a cluster domain: labels of lower-case letters, digits and dashes. Upper case and a final dot are taken off.
 * @returns undefined when it is no domain, or so long that no Service would fit below it
 */
export function parseClusterDomain(text: string): string | undefined {
  const name = text.toLowerCase().replace(/\.$/, '');
  if (name.length > MAX_NAME - 'a.b.svc.'.length) return undefined;
  return name.split('.').every((label) => LABEL.test(label)) ? name : undefined;
}

/** Whether a name fits into DNS: 63 octets a label, 253 in all (RFC 1035). */
export function fitsDNS(name: string): boolean {
  if (name.length > MAX_NAME) return false;
  let start = 0;
  while (start <= name.length) {
    const dot = name.indexOf('.', start);
    const end = dot < 0 ? name.length : dot;
    if (end - start > MAX_LABEL) return false;
    start = end + 1;
  }
  return true;
}

/**
 * The label of an address that has no host name, CoreDNS' way: `10-244-1-5`, `fd00--5`. Zeros keep dashes from
 * standing first or last, where host names have none.
 */
export function addressLabel(ip: string): string {
  const label = ip.replace(/[.:]/g, '-');
  return `${label.startsWith('-') ? '0' : ''}${label}${label.endsWith('-') ? '0' : ''}`;
}

/** Where an address stands in the reverse tree. */
export interface ReverseName {
  /** Of its /24 or /64: `1.244.10.in-addr.arpa`. */
  readonly zone: string;
  /** `5.1.244.10.in-addr.arpa` */
  readonly name: string;
  /** Sorts addresses of one family as numbers. */
  readonly key: string;
}

/** The reverse name of a canonical address, and the zone of a size that is commonly delegated. */
export function reverseName(ip: string): ReverseName {
  return familyOf(ip) === 'IPv4' ? reverseIPv4(ip) : reverseIPv6(ip);
}

function reverseIPv4(ip: string): ReverseName {
  const octets = ip.split('.');
  const name = `${octets.toReversed().join('.')}.in-addr.arpa`;
  const key = octets.map((octet) => octet.padStart(3, '0')).join('');
  return { zone: name.slice(name.indexOf('.') + 1), name, key };
}

function reverseIPv6(ip: string): ReverseName {
  const key = ipToBigInt(ip).toString(16).padStart(32, '0');
  const nibbles = [...key].reverse();
  return {
    zone: `${nibbles.slice(16).join('.')}.ip6.arpa`,
    name: `${nibbles.join('.')}.ip6.arpa`,
    key,
  };
}
