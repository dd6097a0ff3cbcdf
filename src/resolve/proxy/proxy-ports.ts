import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { aboutField, aboutRun } from '../../diagnostic/report.ts';
import { isProxied, virtualIPs } from '../../kubernetes/services.ts';
import { objectKey, type Service, type ServicePortSpec } from '../../model/cluster.ts';
import {
  type EndpointPool,
  formatServicePortName,
  proxyPortKey,
  type UserspaceNode,
} from '../../model/node-state.ts';
import type { ProxyConfig } from '../../model/proxy-config.ts';
import {
  type AllocationLock,
  allocationLock,
  type LockedService,
  lockedProxyKey,
} from '../allocation/allocation-lock.ts';
import { firstFree } from '../allocation/bands.ts';
import { hashName } from '../allocation/name-hash.ts';
import type { ResolveCode } from '../codes.ts';

interface AllocatedProxyPorts {
  /** undefined: the mode has no proxy, or there are errors. */
  readonly node: UserspaceNode | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** A set of endpoints that needs a port of the node. */
interface Wanted {
  readonly service: Service;
  readonly port: ServicePortSpec;
  readonly scope: EndpointPool['scope'];
  /** `proxyPortKey`. */
  readonly key: string;
}

type Range = { readonly first: number; readonly last: number };

/**
 * Gives each service port a port of the node for every set of endpoints that a policy can ask for. They depend on names
 * alone, not on the node. Locked ones come first, so that they move only when a Service asks for one as a nodePort.
 */
export function allocateProxyPorts(
  services: readonly Service[],
  { userspace }: ProxyConfig,
): AllocatedProxyPorts {
  if (userspace === undefined) return { node: undefined, diagnostics: [] };
  const range = userspace.proxyPortRange;
  const taken = new Set<number>();
  for (const { ports, healthCheckNodePort } of services) {
    for (const { nodePort } of ports) taken.add(nodePort);
    taken.add(healthCheckNodePort);
  }
  const { wanted, diagnostics: refused } = wantedPorts(services);
  const { proxyPorts, lost } = keepLocked(wanted, range, taken);
  const full = fillUp(
    wanted.filter(({ key }) => !proxyPorts.has(key)),
    { range, taken, proxyPorts },
  );
  const diagnostics = [...refused, ...lost, ...full];
  return { node: full.length > 0 ? undefined : { settings: userspace, proxyPorts }, diagnostics };
}

function wantedPorts(services: readonly Service[]) {
  const wanted: Wanted[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const service of services) {
    if (!isProxied(service) || virtualIPs(service).length === 0) continue;
    for (const port of service.ports) {
      if (port.protocol === 'SCTP') diagnostics.push(refuseSCTP(service, port));
      else
        for (const scope of scopesOf(service))
          wanted.push({ service, port, scope, key: keyOf(service, port, scope) });
    }
  }
  return { wanted, diagnostics };
}

function scopesOf({
  internalTrafficPolicy,
  externalTrafficPolicy,
}: Service): readonly EndpointPool['scope'][] {
  const isLocal = internalTrafficPolicy === 'Local' || externalTrafficPolicy === 'Local';
  return isLocal ? ['cluster', 'local'] : ['cluster'];
}

function keyOf({ namespace, name }: Service, port: ServicePortSpec, scope: EndpointPool['scope']): string {
  return proxyPortKey({ name: { namespace, name, port: port.name }, protocol: port.protocol }, scope);
}

/** What is locked, as far as it is free and in range. */
function keepLocked(wanted: readonly Wanted[], { first, last }: Range, taken: Set<number>) {
  const proxyPorts = new Map<string, number>();
  const lost: Diagnostic[] = [];
  for (const each of wanted) {
    const value = each.service.lockedProxyPorts?.[lockedProxyKey(each.port, each.scope)];
    if (value === undefined) continue;
    if (value < first || value > last) lost.push(lostPort(each, value, `is outside ${first}-${last}`));
    else if (taken.has(value)) lost.push(lostPort(each, value, 'is taken by now'));
    else proxyPorts.set(each.key, value);
    taken.add(value);
  }
  return { proxyPorts, lost };
}

interface Pool {
  readonly range: Range;
  readonly taken: Set<number>;
  readonly proxyPorts: Map<string, number>;
}

/** @returns an error when there are not enough of them */
function fillUp(wanted: readonly Wanted[], { range, taken, proxyPorts }: Pool): readonly Diagnostic[] {
  const { first, last } = range;
  const skips = new Map<number, number>();
  const isFree = (offset: number) => !taken.has(first + offset);
  for (const { service, port, key } of wanted) {
    const offset = firstFree({ size: last - first + 1, staticSize: 0 }, hashName(key), { skips, isFree });
    if (offset === undefined) return [rangeFull(service, port, range)];
    taken.add(first + offset);
    proxyPorts.set(key, first + offset);
  }
  return [];
}

/** The lock with the ports of a node's proxy in it, and without those that nothing needs any more. */
export function lockProxyPorts(
  lock: AllocationLock,
  services: readonly Service[],
  proxyPorts: ReadonlyMap<string, number>,
): AllocationLock {
  const locked = new Map<string, LockedService>();
  for (const [key, { proxyPorts: _, ...values }] of Object.entries(lock.services))
    if (Object.keys(values).length > 0) locked.set(key, values);
  for (const service of services) {
    const entries = service.ports.flatMap((port) =>
      scopesOf(service).flatMap((scope) => {
        const value = proxyPorts.get(keyOf(service, port, scope));
        return value === undefined ? [] : [[lockedProxyKey(port, scope), value] as const];
      }),
    );
    if (entries.length === 0) continue;
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    const key = objectKey(service);
    locked.set(key, { ...locked.get(key), proxyPorts: Object.fromEntries(entries) });
  }
  return allocationLock(locked);
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

function lostPort({ service, port }: Wanted, value: number, why: string): Diagnostic {
  const index = service.ports.indexOf(port);
  return aboutField<ResolveCode>('Service', service, ['spec', 'ports', index], {
    code: 'locked-value-usable',
    severity: 'warning',
    message: `the proxy of port ${port.port} cannot stay at ${value} as locked: it ${why}`,
    hint: 'it moves to another port of --proxy-port-range, which the lock holds from now on',
  });
}

function rangeFull({ namespace, name }: Service, port: ServicePortSpec, { first, last }: Range): Diagnostic {
  const label = formatServicePortName({ namespace, name, port: port.name });
  return aboutRun<ResolveCode>({
    code: 'proxy-port-free',
    severity: 'error',
    message: `no port of ${first}-${last} is left for ${label}: userspace mode takes one for each set of endpoints`,
    hint: 'give a larger range with --proxy-port-range',
  });
}
