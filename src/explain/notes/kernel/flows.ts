import { count, listNames } from '../../../diagnostic/report.ts';
import type { UdpFlow } from '../../../lang/packet/kernel-facts.ts';
import { joinHostPort } from '../../../model/ip.ts';
import type { ServedQuestion } from './kernel-question.ts';

/** Conntrack sends what belongs to a flow where the flow went, whatever rules say now. */
export function flowNotes({ connection, served, kernel, isLive }: ServedQuestion): readonly string[] {
  const { protocol, destination, port } = connection;
  if (protocol !== 'udp') return [];
  const to = joinHostPort(destination, port);
  const isKnown = kernel !== undefined && kernel.settings.size > 0;
  if (!isKnown) {
    return isLive
      ? [
          `UDP: a client that keeps its source port stays at the endpoint of its flow, even when that is gone: conntrack -L -p udp --orig-dst ${destination}`,
        ]
      : [];
  }
  const flows = kernel.flows.filter((flow) => flow.destination === destination && flow.port === port);
  const ends = new Set(served.map((way) => joinHostPort(way.destination, way.port)));
  const stale = flows.filter((flow) => !ends.has(endOf(flow)));
  if (stale.length === 0) return [];
  const gone = [...new Set(stale.map(endOf))];
  return [
    `conntrack still sends ${count(stale.length, 'flow')} of UDP from ${to} to ${listNames(gone)}, where these rules lead nobody; to do: ${[
      ...new Set(
        stale.map(({ endpoint }) => `conntrack -D -p udp --orig-dst ${destination} --reply-src ${endpoint}`),
      ),
    ]
      .slice(0, 3)
      .join('; ')}`,
  ];
}

function endOf({ endpoint, endpointPort }: UdpFlow): string {
  return joinHostPort(endpoint, endpointPort);
}
