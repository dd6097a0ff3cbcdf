import { defaultProxyConfig } from '../kubernetes/proxy-defaults.ts';
import type { IPVSSettings } from '../model/ipvs-settings.ts';
import type { DetectLocal, NodePortAddresses, ProxyConfig } from '../model/proxy-config.ts';
import { defaultProxyConfigOf, MODES } from '../modes/index.ts';
import type { Mode } from '../modes/mode.ts';
import type {
  DetectLocalMode,
  KubeProxySettings,
  ProxySettings,
} from '../validate/kube-proxy-configuration.ts';
import type { NodeOptions } from './node-options.ts';
import { kubernetesOf, type ManifestOptions } from './options.ts';

/** What a KubeProxyConfiguration says. */
export interface ConfigurationFile extends KubeProxySettings {
  /** A configuration says something by saying nothing. */
  readonly isGiven: boolean;
}

export const NO_CONFIGURATION: ConfigurationFile = { isGiven: false, settings: {}, diagnostics: [] };

/** A detect-local mode lacks the option that it needs. */
export interface MissingSetting {
  readonly mode: DetectLocalMode;
  readonly missing: 'bridgeInterface' | 'interfaceNamePrefix';
}

/** All options that settings are made of. */
export type SettingOptions = NodeOptions & Pick<ManifestOptions, 'kubernetesVersion'>;

/** The settings in force: options win over the configuration, which wins over the defaults of the mode. */
export function joinSettings(options: SettingOptions, file: ConfigurationFile): ProxyConfig | MissingSetting {
  const { settings } = file;
  const detectLocal = detectLocalSetting(options, settings);
  if ('missing' in detectLocal) return detectLocal;
  const mode = MODES[options.mode ?? settings.mode ?? defaultProxyConfig.mode];
  const defaults = defaultProxyConfigOf(mode.name);
  const section = settings[mode.configuration.section];
  return {
    mode: mode.name,
    kubernetes: kubernetesOf(options),
    nodeName: options.nodeName ?? settings.nodeName,
    nodeIPs: options.nodeIPs ?? settings.nodeIPs ?? defaults.nodeIPs,
    detectLocal,
    masqueradeAll: options.masqueradeAll ?? section?.masqueradeAll ?? defaults.masqueradeAll,
    masqueradeBit: options.masqueradeBit ?? section?.masqueradeBit ?? defaults.masqueradeBit,
    nodePortAddresses: nodePortAddressesSetting(options, file, mode),
    localhostNodePorts:
      options.localhostNodePorts ?? section?.localhostNodePorts ?? defaults.localhostNodePorts,
    conntrackTCPBeLiberal:
      options.conntrackTCPBeLiberal ?? settings.conntrackTCPBeLiberal ?? defaults.conntrackTCPBeLiberal,
    ipvs: defaults.ipvs && ipvsSettings(options, settings, defaults.ipvs),
  };
}

/** Everywhere, unless it is said. */
function nodePortAddressesSetting(
  { nodePortAddresses }: NodeOptions,
  { isGiven, settings }: ConfigurationFile,
  { configuration }: Mode,
): NodePortAddresses {
  if (nodePortAddresses !== undefined) return nodePortAddresses;
  const inFile = settings.nodePortAddresses ?? defaultProxyConfig.nodePortAddresses;
  const isSilent = isGiven && inFile.kind === 'all';
  return isSilent ? configuration.nodePortAddresses : inFile;
}

function ipvsSettings(
  { ipvs: wanted = {} }: NodeOptions,
  { ipvs = {} }: ProxySettings,
  defaults: IPVSSettings,
): IPVSSettings {
  return {
    scheduler: wanted.scheduler ?? ipvs.scheduler ?? defaults.scheduler,
    strictARP: wanted.strictARP ?? ipvs.strictARP ?? defaults.strictARP,
    excludeCIDRs: wanted.excludeCIDRs ?? ipvs.excludeCIDRs ?? defaults.excludeCIDRs,
    tcpTimeoutSeconds: wanted.tcpTimeoutSeconds ?? ipvs.tcpTimeoutSeconds ?? defaults.tcpTimeoutSeconds,
    tcpFinTimeoutSeconds:
      wanted.tcpFinTimeoutSeconds ?? ipvs.tcpFinTimeoutSeconds ?? defaults.tcpFinTimeoutSeconds,
    udpTimeoutSeconds: wanted.udpTimeoutSeconds ?? ipvs.udpTimeoutSeconds ?? defaults.udpTimeoutSeconds,
  };
}

function detectLocalSetting(options: NodeOptions, file: ProxySettings): DetectLocal | MissingSetting {
  const mode = options.detectLocalMode ?? file.detectLocalMode ?? 'ClusterCIDR';
  switch (mode) {
    case 'ClusterCIDR': {
      const cidrs = options.clusterCIDRs ?? file.clusterCIDRs;
      return cidrs === undefined ? { kind: 'none' } : { kind: 'cluster-cidr', cidrs };
    }
    case 'NodeCIDR':
      return { kind: 'node-cidr' };
    case 'BridgeInterface': {
      const name = options.bridgeInterface ?? file.bridgeInterface;
      return name === undefined ? { mode, missing: 'bridgeInterface' } : { kind: 'bridge-interface', name };
    }
    case 'InterfaceNamePrefix': {
      const prefix = options.interfaceNamePrefix ?? file.interfaceNamePrefix;
      return prefix === undefined
        ? { mode, missing: 'interfaceNamePrefix' }
        : { kind: 'interface-prefix', prefix };
    }
  }
}
