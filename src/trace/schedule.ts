import { type Fraction, shareOf } from '../lang/packet/fraction.ts';
import type { HostRealServer, HostServer } from '../lang/packet/host.ts';
import { type Packet, sendTo } from '../lang/packet/packet.ts';
import type { Hook } from '../lang/packet/rules.ts';
import { withItem } from '../lang/packet/way.ts';
import type { IPVSScheduler } from '../model/ipvs-settings.ts';
import type { EndedFlow, Flow, Journey } from './flows.ts';

/** Hooks at which IPVS takes packets, and when: just before sources, and just after destinations are translated. */
const PRIORITIES: Partial<Readonly<Record<Hook, number>>> = { INPUT: 98, OUTPUT: -99 };

/** When IPVS looks at packets of a hook; undefined: never. */
export function schedulingPriority(hook: Hook): number | undefined {
  return PRIORITIES[hook];
}

/**
 * IPVS: sends a connection to one of the real servers of its virtual server, each as often as the others, or as its weight
 * says. Without any the client is told that the port is unreachable.
 */
export function schedule(
  servers: readonly HostServer[],
  { hook, journey }: { readonly hook: Hook; readonly journey: Journey },
  flow: Flow,
): readonly EndedFlow[] {
  const server = flow.packet.isScheduled === true ? undefined : virtualServerOf(servers, flow.packet);
  if (server === undefined) return [{ ...flow, verdict: { kind: 'accept' }, by: [] }];
  const { realServers, persistenceSeconds, unclear } = server;
  const steps = withItem(flow.steps, { kind: 'schedule', hook, server });
  const scheduled = { ...flow, steps, by: [] };
  if (unclear !== undefined) return [{ ...scheduled, verdict: { kind: 'lost', reason: unclear } }];
  if (realServers.length === 0) return [{ ...scheduled, verdict: { kind: 'reject' } }];
  const shares = sharesOf(server);
  return realServers.map((to, index) => ({
    ...scheduled,
    packet: {
      ...sendTo(flow.packet, to),
      isScheduled: true,
      ...(server.isProxy === true ? { rewrittenSource: 'masquerade' } : {}),
      ...(persistenceSeconds === undefined ? {} : { affinitySeconds: persistenceSeconds }),
    },
    share: journey.diagrams.scaled(flow.share, shares(index)),
    verdict: { kind: 'accept' },
  }));
}

/** They take all servers for equals, whatever their weights. */
const WITHOUT_WEIGHTS: ReadonlySet<IPVSScheduler | undefined> = new Set(['rr', 'lc', 'dh']);

function sharesOf({ scheduler, realServers }: HostServer): (index: number) => Fraction {
  const isEqual = WITHOUT_WEIGHTS.has(scheduler);
  const weightOf = (server: HostRealServer | undefined) => (isEqual ? 1 : (server?.weight ?? 1));
  const total = realServers.reduce((sum, server) => sum + weightOf(server), 0);
  return (index) => shareOf(weightOf(realServers[index]), total);
}

function virtualServerOf(servers: readonly HostServer[], packet: Packet): HostServer | undefined {
  return servers.find(
    ({ protocol, ip, port }) =>
      protocol.toLowerCase() === packet.protocol && ip === packet.destination && port === packet.port,
  );
}
