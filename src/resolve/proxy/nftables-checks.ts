import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { aboutRun, count, listNames } from '../../diagnostic/report.ts';
import { NFT_COMMENT_LENGTH } from '../../lang/text/quote.ts';
import type { KubernetesVersion, NftablesFacts } from '../../model/kubernetes-version.ts';
import {
  type Delivery,
  formatServicePortName,
  type NodeState,
  type ServicePort,
} from '../../model/node-state.ts';
import type { ProxyConfig } from '../../model/proxy-config.ts';
import type { ResolveCode } from '../codes.ts';

/**
 * What keeps kube-proxy's nftables mode from programming anything, in versions that do not see to it: nft takes a
 * transaction as a whole or not at all. What svcgen makes of it loads.
 */
export function checkNftables(state: NodeState, { mode, kubernetes }: ProxyConfig): readonly Diagnostic[] {
  if (mode !== 'nftables') return [];
  return [
    ...checkMode(kubernetes),
    ...checkComments(state, kubernetes),
    ...checkInterface(state, kubernetes),
  ];
}

function checkMode({ name, proxy }: KubernetesVersion): Diagnostic[] {
  if (proxy.nftables.isOnByDefault) return [];
  return [
    aboutRun<ResolveCode>({
      code: 'mode-in-version',
      severity: 'warning',
      message: `kube-proxy ${name} has nftables mode only with the feature gate NFTablesProxyMode, which is off by default`,
      hint: 'set featureGates: {NFTablesProxyMode: true} in its configuration, or use 1.31 or later',
    }),
  ];
}

function checkComments({ servicePorts }: NodeState, { name, proxy }: KubernetesVersion): Diagnostic[] {
  if (proxy.nftables.cutsComments) return [];
  const labels = servicePorts
    .filter((servicePort) => hasComment(servicePort, proxy.nftables))
    .map((servicePort) => formatServicePortName(servicePort.name))
    .filter((label) => label.length > NFT_COMMENT_LENGTH);
  if (labels.length === 0) return [];
  return [
    aboutRun<ResolveCode>({
      code: 'element-comments-fit',
      severity: 'warning',
      message: `kube-proxy ${name} programs nothing in nftables mode while there are comments of more than ${NFT_COMMENT_LENGTH} bytes: ${count(labels.length, 'element')} would be named ${listNames(labels)}; they are cut here`,
      hint: 'shorten the name of the Service, its namespace or the port, or give it endpoints',
    }),
  ];
}

/** Elements of Services that refuse traffic have comments, in some versions those of source ranges too. */
function hasComment(
  { internal, external, admitted }: ServicePort,
  { commentsFirewallElements }: NftablesFacts,
): boolean {
  const isRefused = (delivery: Delivery | undefined) =>
    delivery?.kind === 'reject' || delivery?.kind === 'drop';
  return (
    isRefused(internal) ||
    isRefused(external?.fromOutside) ||
    (commentsFirewallElements && admitted !== undefined)
  );
}

function checkInterface({ localDetector }: NodeState, { name, proxy }: KubernetesVersion): Diagnostic[] {
  if (localDetector.kind !== 'interface-prefix' || proxy.nftables.interfaceMatch === 'iifname') return [];
  return [
    aboutRun<ResolveCode>({
      code: 'interface-prefix-loads',
      severity: 'warning',
      message: `kube-proxy ${name} programs nothing in nftables mode with detect-local mode InterfaceNamePrefix: it asks for interfaces by index, where there are no prefixes; here they are asked for by name`,
      hint: 'use another --detect-local-mode, or a kube-proxy since 1.33.6 or 1.34.2',
    }),
  ];
}
