import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { aboutField, count, listNames } from '../../diagnostic/report.ts';
import { isProxied } from '../../kubernetes/services.ts';
import { type Cluster, objectKey, type Service } from '../../model/cluster.ts';
import { familyOf } from '../../model/ip.ts';
import {
  type HealthCheck,
  LARGE_CLUSTER_ENDPOINTS,
  type NodeState,
  type ServicePort,
} from '../../model/node-state.ts';
import type { RenderTarget } from '../../model/proxy-config.ts';
import type { ResolveCode } from '../codes.ts';
import { checkNftables } from './nftables-checks.ts';
import {
  checkNodeAddresses,
  checkNodePortMatch,
  checkPodCIDRs,
  ipvsNode,
  localDetector,
  masqueradedClients,
  nodePortMatch,
  servesLoopback,
} from './node-settings.ts';
import { checkNode, type Dependent, type NodeView, nodeIPOf, viewNode } from './node-view.ts';
import { allocateProxyPorts } from './proxy-ports.ts';
import {
  type ResolvableService,
  type ResolvedService,
  resolvableBy,
  type ServiceResolver,
  serviceResolver,
} from './service-resolver.ts';

export interface ResolveResult {
  readonly state: NodeState;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Decides what one node has to serve in one IP family: kube-proxy's semantics, version 1.34. Services without a
 * clusterIP of the family are left out; one that has none at all is an error, so allocate first. The state must not be
 * rendered when a diagnostic is an error.
 * @param resolver one that is shared by nodes of the cluster, with the same settings and family
 */
export function resolve(cluster: Cluster, target: RenderTarget, resolver?: ServiceResolver): ResolveResult {
  const { family } = target;
  const services = resolvableBy(resolver ?? serviceResolver(cluster, family), cluster, family);
  return resolveAmong(cluster, target, services);
}

/** The same with Services of the cluster in the family that nodes with the same settings share. */
export function resolveAmong(
  cluster: Cluster,
  target: RenderTarget,
  resolvable: readonly ResolvableService[],
): ResolveResult {
  const { config, family } = target;
  const node = viewNode(cluster.nodes, config);
  const services = resolveServices(target, { node, resolvable });
  const { servicePorts, endpointCount, healthChecks, dependents, unallocated } = services;
  const nodePortAddresses = nodePortMatch(target, node);
  const detector = localDetector(config.detectLocal, family, node);
  const ipvs = ipvsNode(target, node, nodePortAddresses);
  const proxy = allocateProxyPorts(cluster.services, config);
  const state: NodeState = {
    family,
    proxy: config.kubernetes.proxy,
    servicePorts,
    isLargeCluster: endpointCount > LARGE_CLUSTER_ENDPOINTS,
    nodeName: node.name,
    nodeIP: nodeIPOf(node, family),
    localDetector: detector,
    masqueraded: masqueradedClients(config, detector),
    nodePortAddresses,
    masqueradeBit: config.masqueradeBit,
    localhostNodePorts: servesLoopback(target, nodePortAddresses),
    dropInvalid: !config.conntrackTCPBeLiberal,
    serviceCIDRs: serviceCIDRsOf(cluster, target),
    healthChecks,
    ipvs,
    userspace: proxy.node,
  };
  const diagnostics = [
    ...unallocatedError(unallocated),
    ...proxy.diagnostics,
    ...checkNode(cluster, node, dependents),
    ...checkPodCIDRs(config.detectLocal, node),
    ...checkNodePorts(state, target, node),
    ...checkNftables(state, config),
    ...checkBoundAddresses(cluster, state, node),
  ];
  return { state, diagnostics };
}

function checkNodePorts(state: NodeState, target: RenderTarget, node: NodeView): readonly Diagnostic[] {
  if (state.servicePorts.every(({ nodePort }) => nodePort === 0)) return [];
  const problems = checkNodePortMatch(state.nodePortAddresses, target, node);
  return problems.length > 0 ? problems : checkNodeAddresses(state.ipvs, target, node);
}

/** Of ServiceCIDR objects, or, where clusters have one by default, what the API server makes that of. */
function serviceCIDRsOf({ serviceCIDRs }: Cluster, { config, family }: RenderTarget): readonly string[] {
  const hasDefault = serviceCIDRs.length === 0 && config.kubernetes.proxy.nftables.dropsUnallocated;
  const cidrs = hasDefault ? config.serviceCIDRs : serviceCIDRs.flatMap((object) => object.cidrs);
  return [...new Set(cidrs)].filter((cidr) => familyOf(cidr) === family);
}

/**
 * In ipvs mode a node has the external addresses of Services itself, on kube-ipvs0: whatever it sends to another node at such
 * an address, it answers itself (kubernetes/kubernetes#104679, #127410).
 */
function checkBoundAddresses(
  { services, nodes }: Cluster,
  { family, ipvs }: NodeState,
  own: NodeView,
): readonly Diagnostic[] {
  if (
    ipvs === undefined ||
    services.every(
      ({ externalIPs, loadBalancerIngress }) => externalIPs.length + loadBalancerIngress.length === 0,
    )
  )
    return [];
  const owners = new Map(
    nodes
      .filter((node) => node.name !== own.name)
      .flatMap(({ name, addresses }) => addresses.map((ip) => [ip, name] as const)),
  );
  return services.filter(isProxied).flatMap((service) =>
    boundAddresses(service).flatMap(({ ip, field }) => {
      const owner = owners.get(ip);
      if (owner === undefined || familyOf(ip) !== family || own.addresses.includes(ip)) return [];
      return [
        aboutField<ResolveCode>('Service', service, field, {
          code: 'external-address-not-a-node',
          severity: 'warning',
          message: `${ip} is an address of node "${owner}": in ipvs mode other nodes take it for their own, and cannot reach that node by it`,
          hint: 'use an address that no node has, or another --mode',
        }),
      ];
    }),
  );
}

function boundAddresses({ externalIPs, loadBalancerIngress }: Service) {
  return [
    ...externalIPs.map((ip, index) => ({ ip, field: ['spec', 'externalIPs', index] })),
    ...loadBalancerIngress.flatMap(({ ip }) =>
      ip === undefined ? [] : [{ ip, field: ['status', 'loadBalancer', 'ingress'] }],
    ),
  ];
}

interface ResolvedServices {
  readonly servicePorts: readonly ServicePort[];
  readonly endpointCount: number;
  readonly healthChecks: readonly HealthCheck[];
  readonly dependents: readonly Dependent[];
  /** They have ports, and no address that anybody could reach them at. */
  readonly unallocated: readonly Service[];
}

interface Place {
  readonly node: NodeView;
  readonly resolvable: readonly ResolvableService[];
}

function resolveServices({ config, family }: RenderTarget, { node, resolvable }: Place): ResolvedServices {
  const view = {
    node,
    nodeIP: nodeIPOf(node, family),
    facts: config.kubernetes.proxy,
    isIPVS: config.ipvs !== undefined,
  };
  const servicePorts: ServicePort[] = [];
  const healthChecks: HealthCheck[] = [];
  const dependents: Dependent[] = [];
  const unallocated: Service[] = [];
  let endpointCount = 0;
  for (const { service, on } of resolvable) {
    const onNode = on(view);
    if (onNode === undefined) {
      if (lacksAddress(service)) unallocated.push(service);
      continue;
    }
    let dependence: Dependent['dependence'] | undefined;
    for (const resolved of onNode.ports) {
      servicePorts.push(resolved.servicePort);
      endpointCount += resolved.endpointCount;
      dependence ??= resolved.dependence;
    }
    if (dependence !== undefined) dependents.push({ service, dependence });
    if (onNode.vips.healthCheckNodePort !== 0) healthChecks.push(healthCheckOf(service, onNode));
  }
  return { servicePorts, endpointCount, healthChecks, dependents, unallocated };
}

function healthCheckOf({ namespace, name }: Service, { vips, ports }: ResolvedService): HealthCheck {
  const addresses = new Set(ports.flatMap(({ localReady }) => localReady));
  return { namespace, name, port: vips.healthCheckNodePort, localEndpoints: addresses.size };
}

function lacksAddress(service: Service): boolean {
  return service.clusterIPs.length === 0 && service.ports.length > 0 && isProxied(service);
}

/** One error for all Services: the first says where. */
function unallocatedError(services: readonly Service[]): readonly Diagnostic[] {
  const [first] = services;
  if (first === undefined) return [];
  const names = listNames(services.map(objectKey));
  return [
    aboutField<ResolveCode>('Service', first, ['spec', 'clusterIP'], {
      code: 'address-not-allocated',
      severity: 'error',
      message: `${count(services.length, 'Service')} with ports but without clusterIP (${names}) cannot be served`,
      hint: 'call allocate() on the cluster first, or set spec.clusterIP',
    }),
  ];
}
