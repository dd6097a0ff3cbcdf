import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { Cluster } from '../model/cluster.ts';
import type { NodeState, ServicePort } from '../model/node-state.ts';
import type { RenderTarget } from '../model/proxy-config.ts';
import { checkNodeAddresses, ipvsNode } from './ipvs-node.ts';
import { checkPodCIDRs, localDetector } from './local-detector.ts';
import { checkNode, type Dependent } from './node-dependence.ts';
import { checkNodePortMatch, nodePortMatch } from './node-port-addresses.ts';
import { type NodeView, nodeIPOf, viewNode } from './node-view.ts';
import { resolvePort, type ServiceOnNode } from './service-ports.ts';
import { sliceLookup } from './service-slices.ts';
import { serviceVIPs } from './service-vips.ts';

export interface ResolveResult {
  readonly state: NodeState;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Decides what one node has to serve in one IP family: kube-proxy's semantics, version 1.34. Services without a
 * clusterIP of the family are left out, so allocate first. The state is complete whatever the diagnostics say; it
 * must not be rendered when one of them is an error.
 */
export function resolve(cluster: Cluster, target: RenderTarget): ResolveResult {
  const { config, family } = target;
  const node = viewNode(cluster.nodes, config);
  const { servicePorts, endpointCount, dependents } = resolveServices(cluster, target, node);
  const nodePortAddresses = nodePortMatch(target, node);
  const ipvs = ipvsNode(target, node, nodePortAddresses);
  const state: NodeState = {
    family,
    servicePorts,
    endpointCount,
    nodeIP: nodeIPOf(node, family),
    localDetector: localDetector(config.detectLocal, family, node),
    nodePortAddresses,
    masqueradeAll: config.masqueradeAll,
    masqueradeBit: config.masqueradeBit,
    localhostNodePorts: config.localhostNodePorts && family === 'IPv4',
    dropInvalid: !config.conntrackTCPBeLiberal,
    ipvs,
  };
  const diagnostics = [
    ...checkNode(cluster, node, dependents),
    ...checkPodCIDRs(config.detectLocal, node),
    ...checkNodePorts(state, target, node),
  ];
  return { state, diagnostics };
}

function checkNodePorts(state: NodeState, target: RenderTarget, node: NodeView): readonly Diagnostic[] {
  if (state.servicePorts.every(({ nodePort }) => nodePort === 0)) return [];
  const problems = checkNodePortMatch(state.nodePortAddresses, target, node);
  return problems.length > 0 ? problems : checkNodeAddresses(state.ipvs, target, node);
}

interface ResolvedServices {
  readonly servicePorts: readonly ServicePort[];
  readonly endpointCount: number;
  readonly dependents: readonly Dependent[];
}

function resolveServices(
  cluster: Cluster,
  { config, family }: RenderTarget,
  node: NodeView,
): ResolvedServices {
  const isIPVS = config.mode === 'ipvs';
  const slicesOf = sliceLookup(cluster);
  const nodeIP = nodeIPOf(node, family);
  const servicePorts: ServicePort[] = [];
  const dependents: Dependent[] = [];
  let endpointCount = 0;
  for (const service of cluster.services) {
    const vips = serviceVIPs(service, family, nodeIP);
    if (vips === undefined) continue;
    const slices = slicesOf(service).filter(({ addressType }) => addressType === family);
    const onNode: ServiceOnNode = { service, vips, slices, isIPVS };
    let dependence: Dependent['dependence'] | undefined;
    for (const port of service.ports) {
      const resolved = resolvePort(onNode, port, node);
      servicePorts.push(resolved.servicePort);
      endpointCount += resolved.endpointCount;
      dependence ??= resolved.dependence;
    }
    if (dependence !== undefined) dependents.push({ service, dependence });
  }
  return { servicePorts, endpointCount, dependents };
}
