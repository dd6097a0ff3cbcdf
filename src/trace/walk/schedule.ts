import type { VirtualServer } from '../../model/ipvs.ts';
import { multiply, oneIn } from './fraction.ts';
import { type Packet, sendTo } from './packet.ts';
import { withStep } from './walk-chain.ts';
import type { EndedWay, Hook, Way } from './way.ts';

/** Hooks at which IPVS takes packets, and when: just before sources, and just after destinations are translated. */
const PRIORITIES: Partial<Readonly<Record<Hook, number>>> = { INPUT: 98, OUTPUT: -99 };

/** When IPVS looks at packets of a hook; undefined: never. */
export function schedulingPriority(hook: Hook): number | undefined {
  return PRIORITIES[hook];
}

/**
 * IPVS: sends a connection to one of the real servers of its virtual server, each as often as the others. Without any
 * the client is told that the port is unreachable.
 */
export function schedule(servers: readonly VirtualServer[], hook: Hook, way: Way): readonly EndedWay[] {
  const server = way.packet.isScheduled === true ? undefined : virtualServerOf(servers, way.packet);
  if (server === undefined) return [{ ...way, verdict: { kind: 'accept' } }];
  const { realServers, persistenceSeconds } = server;
  const scheduled = withStep(way, { kind: 'schedule', hook, server });
  if (realServers.length === 0) return [{ ...scheduled, verdict: { kind: 'reject' } }];
  return realServers.map((to) => ({
    ...scheduled,
    packet: {
      ...sendTo(way.packet, to),
      isScheduled: true,
      ...(persistenceSeconds === undefined ? {} : { affinitySeconds: persistenceSeconds }),
    },
    share: multiply(way.share, oneIn(realServers.length)),
    verdict: { kind: 'accept' },
  }));
}

function virtualServerOf(servers: readonly VirtualServer[], packet: Packet): VirtualServer | undefined {
  return servers.find(
    ({ protocol, ip, port }) =>
      protocol.toLowerCase() === packet.protocol && ip === packet.destination && port === packet.port,
  );
}
