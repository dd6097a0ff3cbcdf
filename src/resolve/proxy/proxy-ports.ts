import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { aboutField, aboutRun } from '../../diagnostic/report.ts';
import { isProxied, virtualIPs } from '../../kubernetes/services.ts';
import { type Cluster, objectKey, type Service, type ServicePortSpec } from '../../model/cluster.ts';
import { formatServicePortName, type ProxyPorts, proxyPortKey } from '../../model/node-state.ts';
import type { ProxyConfig } from '../../model/proxy-config.ts';
import { firstFree } from '../allocation/bands.ts';
import { hashName } from '../allocation/name-hash.ts';
import type { ResolveCode } from '../codes.ts';

/** Ports of the node for a proxy on it; undefined: the mode has none. */
interface AllocatedProxyPorts {
  readonly proxyPorts: ProxyPorts | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Gives each service port a port of the node for every set of endpoints that a policy can ask for. They depend on names
 * alone, not on the node, and move only when another name takes the same one first.
 */
export function allocateProxyPorts({ services }: Cluster, { userspace }: ProxyConfig): AllocatedProxyPorts {
  if (userspace === undefined) return { proxyPorts: undefined, diagnostics: [] };
  const { first, last } = userspace.proxyPortRange;
  const taken = new Set<number>();
  for (const { ports, healthCheckNodePort } of services) {
    for (const { nodePort } of ports) taken.add(nodePort);
    taken.add(healthCheckNodePort);
  }
  const byPool = new Map<string, number>();
  const skips = new Map<number, number>();
  const isFree = (offset: number) => !taken.has(first + offset);
  const diagnostics: Diagnostic[] = [];
  for (const [service, port] of servedPorts(services)) {
    if (port.protocol === 'SCTP') {
      diagnostics.push(refuseSCTP(service, port));
      continue;
    }
    for (const scope of scopesOf(service)) {
      const name = { namespace: service.namespace, name: service.name, port: port.name };
      const key = proxyPortKey({ name, protocol: port.protocol }, scope);
      const offset = firstFree({ size: last - first + 1, staticSize: 0 }, hashName(key), { skips, isFree });
      if (offset === undefined) {
        return {
          proxyPorts: undefined,
          diagnostics: [...diagnostics, rangeFull(formatServicePortName(name), { first, last })],
        };
      }
      taken.add(first + offset);
      byPool.set(key, first + offset);
    }
  }
  return { proxyPorts: { first, last, byPool }, diagnostics };
}

function servedPorts(services: readonly Service[]): readonly (readonly [Service, ServicePortSpec])[] {
  return services
    .filter((service) => isProxied(service) && virtualIPs(service).length > 0)
    .flatMap((service) => service.ports.map((port) => [service, port] as const));
}

function scopesOf({
  internalTrafficPolicy,
  externalTrafficPolicy,
}: Service): readonly ('cluster' | 'local')[] {
  const isLocal = internalTrafficPolicy === 'Local' || externalTrafficPolicy === 'Local';
  return isLocal ? ['cluster', 'local'] : ['cluster'];
}

function refuseSCTP(service: Service, port: ServicePortSpec): Diagnostic {
  const index = service.ports.indexOf(port);
  return aboutField<ResolveCode>('Service', service, ['spec', 'ports', index, 'protocol'], {
    code: 'proxied-protocol',
    severity: 'error',
    message: `port ${port.port} of ${objectKey(service)} is of SCTP, which no proxy of userspace mode takes`,
    hint: 'take another mode: --mode iptables, --mode ipvs or --mode nftables',
  });
}

function rangeFull(
  label: string,
  { first, last }: { readonly first: number; readonly last: number },
): Diagnostic {
  return aboutRun<ResolveCode>({
    code: 'proxy-port-free',
    severity: 'error',
    message: `no port of ${first}-${last} is left for ${label}: userspace mode takes one for each set of endpoints`,
    hint: 'give a larger range with --proxy-port-range',
  });
}
