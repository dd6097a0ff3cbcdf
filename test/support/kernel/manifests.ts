import type { JsonObject } from '../../../src/model/json.ts';
import { type Addresses, LOCAL_PODS, type PodName } from './addresses.ts';

/** Builders of manifests for the lab, as a user would write them, and the names that its machines have. */

export const NODE_NAME = 'worker-1';
export const PEER_NAME = 'worker-2';

/** A Service `default/NAME`. */
export function service(name: string, spec: JsonObject, rest: JsonObject = {}): JsonObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'default' }, spec, ...rest };
}

interface SliceParts {
  readonly ports: readonly JsonObject[];
  readonly endpoints: readonly JsonObject[];
}

/** The EndpointSlice of the Service `default/NAME`. */
export function slice(net: Addresses, name: string, { ports, endpoints }: SliceParts): JsonObject {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${name}-1`,
      namespace: 'default',
      labels: { 'kubernetes.io/service-name': name },
    },
    addressType: net.family,
    ports: [...ports],
    endpoints: [...endpoints],
  };
}

/** An endpoint of a slice: one of the lab's pods. */
export function endpoint(net: Addresses, pod: PodName, rest: JsonObject = {}): JsonObject {
  return { addresses: [net.pods[pod]], nodeName: nodeOf(pod), ...rest };
}

/** Endpoints of a slice: the lab's pods, all ready. */
export function endpoints(net: Addresses, ...pods: readonly PodName[]): JsonObject[] {
  return pods.map((pod) => endpoint(net, pod));
}

/** A Pod `default/pod-NAME` of the lab that is ready. */
export function pod(
  net: Addresses,
  name: PodName,
  parts: { labels: JsonObject; ports: JsonObject[] },
): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `pod-${name}`, namespace: 'default', labels: parts.labels },
    spec: { nodeName: nodeOf(name), containers: [{ name: 'main', image: 'example', ports: parts.ports }] },
    status: {
      phase: 'Running',
      podIP: net.pods[name],
      podIPs: [{ ip: net.pods[name] }],
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  };
}

/** A Node with a zone. */
export function node(net: Addresses, name: string, zone: string): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'topology.kubernetes.io/zone': zone } },
    spec: name === NODE_NAME ? { podCIDR: net.nodePodCIDR, podCIDRs: [net.nodePodCIDR] } : {},
  };
}

/** A Service port 80 for pods' port 8080, and the slice port that belongs to it. */
export const WEB_PORT: JsonObject = { port: 80, targetPort: 8080, protocol: 'TCP' };
export const WEB_SLICE_PORT: JsonObject = { name: '', port: 8080, protocol: 'TCP' };

function nodeOf(name: PodName): string {
  return LOCAL_PODS.some((local) => local === name) ? NODE_NAME : PEER_NAME;
}
