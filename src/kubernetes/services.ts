import type { IPFamily, Service, StringMap } from '../model/cluster.ts';
import { familyOf } from '../model/ip.ts';
import { HEADLESS_LABEL, SERVICE_PROXY_NAME_LABEL } from './labels.ts';

/** clusterIP None, alone: a Service without an address of its own, which only DNS knows. */
export function isHeadless({ clusterIPs }: { readonly clusterIPs: readonly string[] }): boolean {
  return clusterIPs.length === 1 && clusterIPs[0] === 'None';
}

/** The addresses of a Service; none when it is headless. */
export function virtualIPs(service: Service): readonly string[] {
  return isHeadless(service) ? [] : service.clusterIPs;
}

/** The address of a Service in a family; undefined: it has none. */
export function clusterIPIn({ clusterIPs }: Service, family: IPFamily): string | undefined {
  return clusterIPs.find((ip) => ip !== 'None' && familyOf(ip) === family);
}

/** Whether a selector decides about the endpoints of a Service: that of an ExternalName has no effect. */
export function hasSelector({ type, selector }: Service): boolean {
  if (type === 'ExternalName') return false;
  for (const _ in selector) return true;
  return false;
}

/**
 * Whether kube-proxy looks at a Service at all (pkg/proxy/config and serviceport.go, 1.34): it is not just another
 * name, and not labelled for another proxy, or for none. The presence of these labels counts, whatever their values.
 */
export function isProxied({ type, labels }: Service): boolean {
  return type !== 'ExternalName' && isWatchedByProxy(labels);
}

/**
 * Whether kube-proxy's watches deliver an object with these labels: those of Services and of EndpointSlices share one
 * label selector (cmd/kube-proxy/app/server.go, 1.30 to 1.37).
 */
export function isWatchedByProxy(labels: StringMap): boolean {
  return labels[SERVICE_PROXY_NAME_LABEL] === undefined && labels[HEADLESS_LABEL] === undefined;
}

/**
 * Whether a load balancer asks nodes for their health, on healthCheckNodePort: only where it must tell nodes with
 * endpoints from others (`NeedsHealthCheck`, pkg/api/v1/service).
 */
export function needsHealthCheck(service: {
  readonly type: string;
  readonly externalTrafficPolicy: string;
}): boolean {
  return service.type === 'LoadBalancer' && service.externalTrafficPolicy === 'Local';
}

/** Whether it is the Service through which pods reach the API server. */
export function isAPIServer({ namespace, name }: Pick<Service, 'namespace' | 'name'>): boolean {
  return namespace === 'default' && name === 'kubernetes';
}
