import { type Command, Option } from 'commander';
import { defaultProxyConfig } from '../../kubernetes/proxy-defaults.ts';
import type { PortRange } from '../../kubernetes/ranges.ts';
import type { SettingOptions } from '../../library/proxy-config.ts';
import { IPVS_SCHEDULERS, type IPVSScheduler } from '../../model/ipvs-settings.ts';
import { type NodePortAddresses, PROXY_MODES, type ProxyMode } from '../../model/proxy-config.ts';
import { DETECT_LOCAL_MODES, type DetectLocalMode } from '../../validate/kube-proxy-configuration.ts';
import type { InputFlags } from './input-options.ts';
import {
  collectIPs,
  parseCIDRs,
  parseDualStackCIDRs,
  parseInteger,
  parseInterfaceName,
  parseMilliseconds,
  parseMode,
  parseNodePortAddresses,
  parsePortRange,
  parseSeconds,
} from './values.ts';

/** Options that say what the node is like, under kube-proxy's names where it has them. */
export interface ProxyFlags {
  readonly config?: string;
  readonly mode?: ProxyMode;
  readonly node?: string;
  readonly nodeIp?: readonly string[];
  readonly clusterCidr?: readonly string[];
  readonly detectLocalMode?: DetectLocalMode;
  readonly podBridgeInterface?: string;
  readonly podInterfaceNamePrefix?: string;
  readonly masqueradeAll?: boolean;
  readonly iptablesMasqueradeBit?: number;
  readonly nodeportAddresses?: NodePortAddresses;
  readonly iptablesLocalhostNodeports?: boolean;
  readonly conntrackTcpBeLiberal?: boolean;
  readonly ipvsScheduler?: IPVSScheduler;
  readonly ipvsStrictArp?: boolean;
  readonly ipvsExcludeCidrs?: readonly string[];
  readonly ipvsTcpTimeout?: number;
  readonly ipvsTcpfinTimeout?: number;
  readonly ipvsUdpTimeout?: number;
  readonly proxyPortRange?: PortRange;
  readonly udpTimeout?: number;
}

/** Adds the options of ProxyFlags. */
export function addProxyOptions(command: Command): Command {
  addAlias(command, { alias: 'proxy-mode', name: 'mode', parse: parseMode });
  addAlias(command, { alias: 'hostname-override', name: 'node', parse: (name) => name });
  return command
    .optionsGroup('Node (as kube-proxy; these win over --config):')
    .option('--config <file>', 'a KubeProxyConfiguration, or the kube-proxy ConfigMap')
    .option('--mode <mode>', `proxy mode: ${modeNames()}`, parseMode)
    .option('--node <name>', 'the node that the rules are for')
    .option(
      '--node-ip <address>',
      "the node's addresses, if not from its Node object; repeatable",
      collectIPs,
    )
    .option(
      '--cluster-cidr <cidr>',
      'range of the pods; for two families, separated by a comma',
      parseDualStackCIDRs,
    )
    .addOption(
      new Option(
        '--detect-local-mode <mode>',
        "how the node's own pods are told (default: ClusterCIDR)",
      ).choices(DETECT_LOCAL_MODES),
    )
    .option('--pod-bridge-interface <name>', 'bridge of the pods, for BridgeInterface', parseInterfaceName)
    .option('--pod-interface-name-prefix <prefix>', 'for InterfaceNamePrefix', parseInterfaceName)
    .option('--masquerade-all', 'masquerade all traffic to cluster IPs')
    .option('--iptables-masquerade-bit <bit>', 'bit of the packet mark (default: 14)', parseInteger(0, 31))
    .option(
      '--nodeport-addresses <cidrs>',
      'where NodePorts answer: CIDRs, primary, localhost or all, separated by commas (default: all, in nftables mode primary)',
      parseNodePortAddresses,
    )
    .option(
      '--iptables-localhost-nodeports',
      'NodePorts answer on 127.0.0.1 too (default: true, in nftables mode false)',
    )
    .option('--conntrack-tcp-be-liberal', 'packets that conntrack finds INVALID are not dropped')
    .addOption(
      new Option('--ipvs-scheduler <name>', 'how IPVS chooses endpoints (default: rr)').choices(
        IPVS_SCHEDULERS,
      ),
    )
    .option('--ipvs-strict-arp', 'neighbours see addresses of Services on no interface')
    .option(
      '--ipvs-exclude-cidrs <cidrs>',
      'virtual servers that are never removed: CIDRs separated by commas',
      parseCIDRs,
    )
    .option('--ipvs-tcp-timeout <time>', 'of idle connections, like 15m (default: as it is)', parseSeconds)
    .option('--ipvs-tcpfin-timeout <time>', 'after a FIN', parseSeconds)
    .option('--ipvs-udp-timeout <time>', 'of UDP', parseSeconds)
    .option(
      '--proxy-port-range <range>',
      'ports of the node for the proxy of userspace mode (default: 20000-29999)',
      parsePortRange,
    )
    .option(
      '--udp-timeout <time>',
      'in userspace mode: silence after which a client over UDP is a new one (default: 250ms)',
      parseMilliseconds,
    );
}

/** Takes kube-proxy's name of an option that has a shorter one here. The help does not speak of it. */
function addAlias<Value>(
  command: Command,
  {
    alias,
    name,
    parse,
  }: { readonly alias: string; readonly name: string; readonly parse: (value: string) => Value },
): void {
  const option = new Option(`--${alias} <value>`).argParser(parse).hideHelp();
  command.addOption(option);
  command.on(`option:${alias}`, () => {
    command.setOptionValueWithSource(name, command.getOptionValue(option.attributeName()), 'cli');
  });
}

/** `iptables (default), ipvs or nftables`. */
function modeNames(): string {
  const names = PROXY_MODES.map((name) => (name === defaultProxyConfig.mode ? `${name} (default)` : name));
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

/** All flags that the settings of a node are made of. */
export type SettingFlags = ProxyFlags &
  Pick<InputFlags, 'kubernetesVersion' | 'serviceClusterIpRange' | 'fromProject'>;

/** What flags say of the node. */
export function nodeOptions(flags: SettingFlags): SettingOptions {
  return {
    kubernetesVersion: flags.kubernetesVersion,
    serviceCIDRs: flags.serviceClusterIpRange,
    mode: flags.mode,
    nodeName: flags.node,
    nodeIPs: flags.nodeIp,
    clusterCIDRs: flags.clusterCidr,
    detectLocalMode: flags.detectLocalMode,
    bridgeInterface: flags.podBridgeInterface,
    interfaceNamePrefix: flags.podInterfaceNamePrefix,
    masqueradeAll: flags.masqueradeAll,
    masqueradeBit: flags.iptablesMasqueradeBit,
    nodePortAddresses: flags.nodeportAddresses,
    proxyPortRange: flags.proxyPortRange,
    udpTimeoutMilliseconds: flags.udpTimeout,
    localhostNodePorts: flags.iptablesLocalhostNodeports,
    conntrackTCPBeLiberal: flags.conntrackTcpBeLiberal,
    ipvs: {
      scheduler: flags.ipvsScheduler,
      strictARP: flags.ipvsStrictArp,
      excludeCIDRs: flags.ipvsExcludeCidrs,
      tcpTimeoutSeconds: flags.ipvsTcpTimeout,
      tcpFinTimeoutSeconds: flags.ipvsTcpfinTimeout,
      udpTimeoutSeconds: flags.ipvsUdpTimeout,
    },
  };
}
