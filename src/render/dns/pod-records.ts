import type { Pod } from '../../model/cluster.ts';
import { addressLabel } from './domain-names.ts';
import { addressRecord, type DnsRecord } from './record.ts';

/**
 * Records of pods by their addresses: `10-244-1-5.default.pod.cluster.local`. The specification asks for them though
 * they are deprecated, and for any address; a zone can hold those of pods that are there (CoreDNS' `pods verified`).
 */
export function* podRecords(pods: readonly Pod[], clusterDomain: string): Generator<DnsRecord> {
  const seen = new Set<string>();
  for (const { namespace, podIPs, phase } of pods) {
    if (phase === 'Succeeded' || phase === 'Failed') continue;
    for (const address of podIPs) {
      const name = `${addressLabel(address)}.${namespace}.pod.${clusterDomain}`;
      if (seen.has(name)) continue;
      seen.add(name);
      yield addressRecord(name, address);
    }
  }
}
