/** What a resource record says. Names are complete, without the final dot. */
type DnsData =
  | { readonly type: 'A' | 'AAAA'; readonly address: string }
  | {
      readonly type: 'SRV';
      readonly priority: number;
      readonly weight: number;
      readonly port: number;
      readonly target: string;
    }
  | { readonly type: 'CNAME' | 'PTR'; readonly target: string }
  | { readonly type: 'TXT'; readonly text: string };

/** A resource record of class IN. */
export type DnsRecord = { readonly name: string } & DnsData;

/** Records under one origin, which are served together. */
export interface DnsZone {
  readonly origin: string;
  readonly records: readonly DnsRecord[];
}

/** A or AAAA. */
export function addressRecord(name: string, address: string): DnsRecord {
  return { name, type: address.includes(':') ? 'AAAA' : 'A', address };
}

/** Priority and weight are free; these are CoreDNS' for a single server. */
export function serverRecord(name: string, port: number, target: string): DnsRecord {
  return { name, type: 'SRV', priority: 0, weight: 100, port, target };
}
