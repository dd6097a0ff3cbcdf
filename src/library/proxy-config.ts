import { defaultProxyConfig } from '../kubernetes/proxy-defaults.ts';
import type { IPVSSettings } from '../model/ipvs-settings.ts';
import type { DetectLocal, ProxyConfig, ProxyMode } from '../model/proxy-config.ts';
import { defaultProxyConfigOf, MODES } from '../modes/index.ts';
import type {
  DetectLocalMode,
  KubeProxySettings,
  ProxySettings,
} from '../validate/kube-proxy-configuration.ts';
import { nodePortAddressesProblem } from '../validate/proxy-values.ts';
import type { NodeOptions } from './node-options.ts';
import { kubernetesOf, type ManifestOptions } from './options.ts';

/** What no KubeProxyConfiguration says. */
export const NO_CONFIGURATION: KubeProxySettings = { settings: {}, diagnostics: [] };

/** Settings that contradict each other, or the version of kube-proxy. */
export type SettingProblem =
  | MissingSetting
  /** `problem`: what this version does not take, as text. */
  | { readonly problem: string };

/** A detect-local mode lacks the option that it needs. */
interface MissingSetting {
  readonly mode: DetectLocalMode;
  readonly missing: 'bridgeInterface' | 'interfaceNamePrefix';
}

/** All options that settings are made of. */
export type SettingOptions = NodeOptions & Pick<ManifestOptions, 'kubernetesVersion' | 'serviceCIDRs'>;

/**
 * The settings in force: options win over the configuration, which wins over the defaults of the mode.
 * @param toldMode what something else tells of the mode
 */
export function joinSettings(
  options: SettingOptions,
  { settings }: KubeProxySettings,
  toldMode: ProxyMode = defaultProxyConfig.mode,
): ProxyConfig | SettingProblem {
  const detectLocal = detectLocalSetting(options, settings);
  if ('missing' in detectLocal) return detectLocal;
  const kubernetes = kubernetesOf(options);
  const mode = MODES[options.mode ?? settings.mode ?? toldMode];
  const defaults = defaultProxyConfigOf(mode.name);
  const nodePortAddresses = options.nodePortAddresses ?? settings.nodePortAddresses;
  // What is the default of the mode may be said in every version, whether kube-proxy has a word for it or not.
  const isDefault = nodePortAddresses?.kind === 'primary' && defaults.nodePortAddresses.kind === 'primary';
  const problem =
    isDefault || nodePortAddresses === undefined
      ? undefined
      : nodePortAddressesProblem(nodePortAddresses, kubernetes);
  if (problem !== undefined) return { problem };
  const section = settings[mode.configurationSection];
  const localhostNodePorts =
    options.localhostNodePorts ?? section?.localhostNodePorts ?? defaults.localhostNodePorts;
  return {
    mode: mode.name,
    kubernetes,
    nodeName: options.nodeName ?? settings.nodeName,
    nodeIPs: options.nodeIPs ?? settings.nodeIPs ?? defaults.nodeIPs,
    detectLocal,
    masqueradeAll: options.masqueradeAll ?? section?.masqueradeAll ?? defaults.masqueradeAll,
    masqueradeBit: options.masqueradeBit ?? section?.masqueradeBit ?? defaults.masqueradeBit,
    // Whoever asks for NodePorts on loopback addresses does not mean the primary address.
    nodePortAddresses:
      nodePortAddresses ?? (localhostNodePorts ? defaultProxyConfig : defaults).nodePortAddresses,
    localhostNodePorts,
    serviceCIDRs: options.serviceCIDRs ?? defaults.serviceCIDRs,
    conntrackTCPBeLiberal:
      options.conntrackTCPBeLiberal ?? settings.conntrackTCPBeLiberal ?? defaults.conntrackTCPBeLiberal,
    ipvs: defaults.ipvs && ipvsSettings(options, settings, defaults.ipvs),
    userspace: defaults.userspace && {
      proxyPortRange: options.proxyPortRange ?? defaults.userspace.proxyPortRange,
      udpTimeoutMilliseconds: options.udpTimeoutMilliseconds ?? defaults.userspace.udpTimeoutMilliseconds,
    },
  };
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
