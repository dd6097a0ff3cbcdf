import type { Command } from 'commander';
import type { ClusterOptions } from '../../library/options.ts';
import { type InputFlags, manifestOptions } from './input-options.ts';
import { parseDualStackCIDRs } from './values.ts';

/** Options of commands that need a complete cluster: addresses for every Service, pods behind it. */
export interface ClusterFlags {
  readonly synthesizePods?: boolean;
  readonly podCidr?: readonly string[];
  readonly loadBalancerRange?: readonly string[];
  readonly lock?: string;
  /** False: `--no-allocate`. */
  readonly allocate: boolean;
}

/** Adds the options of ClusterFlags. */
export function addClusterOptions(command: Command): Command {
  return command
    .optionsGroup('What manifests leave open:')
    .option(
      '--synthesize-pods',
      'make pods of Deployments and other workloads, and addresses for Pods that have none',
    )
    .option(
      '--pod-cidr <cidr>',
      'range of their addresses; for two families, separated by a comma',
      parseDualStackCIDRs,
    )
    .option(
      '--load-balancer-range <cidr>',
      'addresses for load balancers that have none; for two families, separated by a comma',
      parseDualStackCIDRs,
    )
    .option('--lock <file>', 'keep in a file what is allocated, so that it never changes')
    .option('--no-allocate', 'a missing clusterIP or nodePort is an error');
}

/** What flags say of the manifests, and of how they are completed; what was allocated before is in a file. */
export function clusterOptions(flags: InputFlags & ClusterFlags): ClusterOptions {
  return {
    ...manifestOptions(flags),
    synthesizePods: flags.synthesizePods,
    podCIDRs: flags.podCidr,
    loadBalancerRanges: flags.loadBalancerRange,
    allocate: flags.allocate,
  };
}
