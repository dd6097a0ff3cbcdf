import type { DnsRecords } from './build.ts';
import type { DnsZone } from './record.ts';

/** Prints all zones as one JSON object, a record a line. Names are complete, without the final dot. */
export function* printDnsJSON(
  { forward, reverse }: DnsRecords,
  { ttl }: { readonly ttl: number },
): Generator<string> {
  yield `{\n  "clusterDomain": ${JSON.stringify(forward.origin)},\n  "ttl": ${ttl},\n  "zones": [`;
  let separator = '\n';
  for (const zone of [forward, ...reverse]) {
    yield separator;
    yield* printZoneObject(zone);
    separator = ',\n';
  }
  yield '\n  ]\n}\n';
}

function* printZoneObject({ origin, records }: DnsZone): Generator<string> {
  yield `    {\n      "origin": ${JSON.stringify(origin)},\n      "records": [`;
  let separator = '\n';
  for (const record of records) {
    yield `${separator}        ${JSON.stringify(record)}`;
    separator = ',\n';
  }
  yield records.length === 0 ? ']\n    }' : '\n      ]\n    }';
}
