import type { PortRange } from '../kubernetes/ranges.ts';
import { KUBERNETES_VERSIONS, parseKubernetesVersion } from '../kubernetes/versions.ts';
import { readDualStackCIDRs, readIP, type ValueResult } from '../validate/proxy-values.ts';
import type { WithDiagnostics } from './conclude.ts';
import type { ClusterOptions } from './options.ts';
import { listOf, optionReader } from './read-options.ts';

/** Options as they were given, with values that are canonical. */
export interface CheckedClusterOptions extends WithDiagnostics {
  readonly options: ClusterOptions;
  /** Of the node where synthesized pods are. */
  readonly nodeIPs: readonly string[];
}

interface GivenOptions extends ClusterOptions {
  readonly nodeIPs?: readonly string[] | undefined;
}

/** Checks what a program wants a cluster to be like. */
export function checkClusterOptions({ nodeIPs, ...options }: GivenOptions): CheckedClusterOptions {
  const { read, diagnostics } = optionReader();
  const { serviceCIDRs, podCIDRs, loadBalancerRanges, nodePortRange, kubernetesVersion } = options;
  return {
    options: {
      ...options,
      serviceCIDRs: read(['serviceCIDRs'], serviceCIDRs, dualStackCIDRs),
      podCIDRs: read(['podCIDRs'], podCIDRs, dualStackCIDRs),
      loadBalancerRanges: read(['loadBalancerRanges'], loadBalancerRanges, dualStackCIDRs),
      nodePortRange: read(['nodePortRange'], nodePortRange, portRange),
      kubernetesVersion: read(['kubernetesVersion'], kubernetesVersion, knownVersion),
    },
    nodeIPs: read(['nodeIPs'], nodeIPs, listOf(readIP)) ?? [],
    diagnostics,
  };
}

/** One CIDR, or one of each family. */
export function dualStackCIDRs(cidrs: readonly string[]): ValueResult<readonly string[]> {
  return readDualStackCIDRs(cidrs.join(','));
}

/** Two ports, the lower one first. */
export function portRange({ first, last }: PortRange): ValueResult<PortRange> {
  if ([first, last].every(Number.isInteger) && first >= 1 && first <= last && last <= 65_535)
    return { kind: 'value', value: { first, last } };
  return { kind: 'problem', message: `${first}-${last} is no range of ports` };
}

function knownVersion(text: string): ValueResult<string> {
  if (parseKubernetesVersion(text) !== undefined) return { kind: 'value', value: text };
  const known = `${KUBERNETES_VERSIONS.join(', ')}, and their patch releases`;
  return { kind: 'problem', message: `${JSON.stringify(text)} is none of ${known}` };
}
