import type { Command } from 'commander';
import type { ProjectField } from '../project/project.ts';
import { addClusterOptions } from './cluster-options.ts';
import { addInputOptions } from './input-options.ts';
import { addProxyOptions } from './proxy-options.ts';
import { parseLayout } from './values.ts';

/**
 * What a project file may say, in the order of `svcgen config`. It stands in a repository, whose authors need not be those who run
 * svcgen. So there is nothing here that writes (-o, --output-dir, --lock), that runs programs (-k, --helm), or that
 * reads what is elsewhere (stdin, rules of a node): that takes the command line.
 */
export const PROJECT_FIELDS: readonly ProjectField[] = [
  { name: 'paths', flag: undefined, isPath: true },
  { name: 'ignore', flag: '--ignore' },
  { name: 'ignoreVcs', flag: '--no-ignore-vcs' },
  { name: 'kubernetesVersion', flag: '--kubernetes-version' },
  { name: 'serviceClusterIPRange', flag: '--service-cluster-ip-range', isJoined: true },
  { name: 'serviceNodePortRange', flag: '--service-node-port-range' },
  { name: 'relaxedServiceNames', flag: '--relaxed-service-names' },
  { name: 'duplicates', flag: '--duplicates' },
  { name: 'strict', flag: '--strict' },
  { name: 'disable', flag: '--disable' },
  { name: 'warningsAsErrors', flag: '--warnings-as-errors' },
  { name: 'config', flag: '--config', isPath: true },
  { name: 'mode', flag: '--mode' },
  { name: 'node', flag: '--node' },
  { name: 'nodeIP', flag: '--node-ip' },
  { name: 'clusterCIDR', flag: '--cluster-cidr', isJoined: true },
  { name: 'layout', flag: '--layout' },
  { name: 'synthesizePods', flag: '--synthesize-pods' },
  { name: 'podCIDR', flag: '--pod-cidr', isJoined: true },
  { name: 'loadBalancerRange', flag: '--load-balancer-range', isJoined: true },
  { name: 'allocate', flag: '--no-allocate' },
  { name: 'expect', flag: '--expect', isPath: true },
];

/** Adds all options that a project file may set, and with them what they take. */
export function addProjectOptions(command: Command): Command {
  addInputOptions(command);
  addProxyOptions(command);
  addClusterOptions(command);
  return command
    .optionsGroup('Commands:')
    .option('--layout <layout>', 'how rules are laid out: kube-proxy or compact', parseLayout)
    .option('--expect <file>', 'a file of expectations for svcgen test; repeatable', collectFiles);
}

/** Files of an option that may be given several times. */
export function collectFiles(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}
