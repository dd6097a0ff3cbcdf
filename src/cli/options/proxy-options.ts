import { type Command, Option } from 'commander';
import { defaultProxyConfig } from '../../kubernetes/proxy-defaults.ts';
import { IPVS_SCHEDULERS, type IPVSScheduler, type IPVSSettings } from '../../model/ipvs-settings.ts';
import {
  type DetectLocal,
  type NodePortAddresses,
  PROXY_MODES,
  type ProxyConfig,
  type ProxyMode,
} from '../../model/proxy-config.ts';
import { defaultProxyConfigOf, MODES } from '../../modes/index.ts';
import type { Mode } from '../../modes/mode.ts';
import {
  DETECT_LOCAL_MODES,
  type DetectLocalMode,
  type ProxySettings,
} from '../../validate/kube-proxy-configuration.ts';
import type { InputFlags } from './input-options.ts';
import {
  collectIPs,
  parseCIDRs,
  parseDualStackCIDRs,
  parseInteger,
  parseInterfaceName,
  parseMode,
  parseNodePortAddresses,
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
}

/** Adds the options of ProxyFlags. */
export function addProxyOptions(command: Command): Command {
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
      'where NodePorts answer: CIDRs separated by commas, or primary (default: everywhere)',
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
    .option('--ipvs-udp-timeout <time>', 'of UDP', parseSeconds);
}

/** `iptables (default), ipvs or nftables`. */
function modeNames(): string {
  const names = PROXY_MODES.map((name) => (name === defaultProxyConfig.mode ? `${name} (default)` : name));
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

/** Flags win over the `--config` file, which wins over the defaults. @returns what is missing, as text */
export function proxyConfig(
  flags: ProxyFlags & Pick<InputFlags, 'kubernetesVersion'>,
  file: ProxySettings,
): ProxyConfig | string {
  const detectLocal = detectLocalSetting(flags, file);
  if (typeof detectLocal === 'string') return detectLocal;
  const mode = MODES[flags.mode ?? file.mode ?? defaultProxyConfig.mode];
  const defaults = defaultProxyConfigOf(mode.name);
  const section = file[mode.configuration.section];
  return {
    mode: mode.name,
    kubernetes: flags.kubernetesVersion ?? defaults.kubernetes,
    nodeName: flags.node ?? file.nodeName,
    nodeIPs: flags.nodeIp ?? file.nodeIPs ?? defaults.nodeIPs,
    detectLocal,
    masqueradeAll: flags.masqueradeAll ?? section?.masqueradeAll ?? defaults.masqueradeAll,
    masqueradeBit: flags.iptablesMasqueradeBit ?? section?.masqueradeBit ?? defaults.masqueradeBit,
    nodePortAddresses: nodePortAddressesSetting(flags, file, mode),
    localhostNodePorts:
      flags.iptablesLocalhostNodeports ?? section?.localhostNodePorts ?? defaults.localhostNodePorts,
    conntrackTCPBeLiberal:
      flags.conntrackTcpBeLiberal ?? file.conntrackTCPBeLiberal ?? defaults.conntrackTCPBeLiberal,
    ipvs: defaults.ipvs && ipvsSettings(flags, file, defaults.ipvs),
  };
}

/** Everywhere, unless it is said. A KubeProxyConfiguration says something by saying nothing. */
function nodePortAddressesSetting(
  { nodeportAddresses, config }: ProxyFlags,
  file: ProxySettings,
  { configuration }: Mode,
): NodePortAddresses {
  if (nodeportAddresses !== undefined) return nodeportAddresses;
  const inFile = file.nodePortAddresses ?? defaultProxyConfig.nodePortAddresses;
  const isSilent = config !== undefined && inFile.kind === 'all';
  return isSilent ? configuration.nodePortAddresses : inFile;
}

function ipvsSettings(flags: ProxyFlags, { ipvs = {} }: ProxySettings, defaults: IPVSSettings): IPVSSettings {
  return {
    scheduler: flags.ipvsScheduler ?? ipvs.scheduler ?? defaults.scheduler,
    strictARP: flags.ipvsStrictArp ?? ipvs.strictARP ?? defaults.strictARP,
    excludeCIDRs: flags.ipvsExcludeCidrs ?? ipvs.excludeCIDRs ?? defaults.excludeCIDRs,
    tcpTimeoutSeconds: flags.ipvsTcpTimeout ?? ipvs.tcpTimeoutSeconds ?? defaults.tcpTimeoutSeconds,
    tcpFinTimeoutSeconds:
      flags.ipvsTcpfinTimeout ?? ipvs.tcpFinTimeoutSeconds ?? defaults.tcpFinTimeoutSeconds,
    udpTimeoutSeconds: flags.ipvsUdpTimeout ?? ipvs.udpTimeoutSeconds ?? defaults.udpTimeoutSeconds,
  };
}

function detectLocalSetting(flags: ProxyFlags, file: ProxySettings): DetectLocal | string {
  const mode = flags.detectLocalMode ?? file.detectLocalMode ?? 'ClusterCIDR';
  switch (mode) {
    case 'ClusterCIDR': {
      const cidrs = flags.clusterCidr ?? file.clusterCIDRs;
      return cidrs === undefined ? { kind: 'none' } : { kind: 'cluster-cidr', cidrs };
    }
    case 'NodeCIDR':
      return { kind: 'node-cidr' };
    case 'BridgeInterface': {
      const name = flags.podBridgeInterface ?? file.bridgeInterface;
      return name === undefined ? needs(mode, '--pod-bridge-interface') : { kind: 'bridge-interface', name };
    }
    case 'InterfaceNamePrefix': {
      const prefix = flags.podInterfaceNamePrefix ?? file.interfaceNamePrefix;
      return prefix === undefined
        ? needs(mode, '--pod-interface-name-prefix')
        : { kind: 'interface-prefix', prefix };
    }
  }
}

function needs(mode: DetectLocalMode, flag: string): string {
  return `detect-local mode ${mode} needs ${flag}, or detectLocal in the --config file`;
}
