import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { hasErrors } from '../diagnostic/has-errors.ts';
import { IPVS_SCHEDULERS } from '../model/ipvs-settings.ts';
import { type NodePortAddresses, PROXY_MODES, type ProxyConfig } from '../model/proxy-config.ts';
import { DETECT_LOCAL_MODES, type KubeProxySettings } from '../validate/kube-proxy-configuration.ts';
import {
  MAX_MILLISECONDS,
  MAX_SECONDS,
  readCIDRs,
  readInterfaceName,
  readIP,
  readNodePortAddresses,
  type ValueResult,
} from '../validate/proxy-values.ts';
import { dualStackCIDRs, portRange } from './check-cluster-options.ts';
import type { WithDiagnostics } from './conclude.ts';
import type { NodeOptions } from './node-options.ts';
import { sourceFileOf } from './options.ts';
import { optionProblem } from './problem.ts';
import { joinSettings, NO_CONFIGURATION, type SettingOptions } from './proxy-config.ts';
import { readConfiguration } from './read-configuration.ts';
import { listOf, oneOf, optionReader, wholeNumber } from './read-options.ts';

/** The settings of a node's proxy. */
export interface ReadNode extends WithDiagnostics {
  /** undefined: there are errors. */
  readonly config: ProxyConfig | undefined;
}

/** Reads what a program says of a node. */
export function readNode(given: SettingOptions): ReadNode {
  const { options, diagnostics } = checkNodeOptions(given);
  const file = readConfigurationOption(given);
  const found = [...diagnostics, ...file.diagnostics];
  if (hasErrors(found)) return { config: undefined, diagnostics: found };
  const config = joinSettings(options, file);
  if ('problem' in config)
    return {
      config: undefined,
      diagnostics: [...found, optionProblem(['nodePortAddresses'], config.problem)],
    };
  if (!('missing' in config)) return { config, diagnostics: found };
  const message = `detect-local mode ${config.mode} needs ${config.missing}`;
  return { config: undefined, diagnostics: [...found, optionProblem(['detectLocalMode'], message)] };
}

function readConfigurationOption({ configuration }: NodeOptions): KubeProxySettings {
  if (configuration === undefined) return NO_CONFIGURATION;
  const file = 'text' in configuration ? sourceFileOf(configuration) : configuration;
  return readConfiguration(file);
}

interface CheckedNodeOptions {
  readonly options: SettingOptions;
  readonly diagnostics: readonly Diagnostic[];
}

function checkNodeOptions(given: SettingOptions): CheckedNodeOptions {
  const { read, diagnostics } = optionReader();
  const { ipvs } = given;
  // What is wrong with them is said where manifests are read.
  const ranges = optionReader().read(['serviceCIDRs'], given.serviceCIDRs, dualStackCIDRs);
  const seconds = (name: 'tcpTimeoutSeconds' | 'tcpFinTimeoutSeconds' | 'udpTimeoutSeconds') =>
    read(['ipvs', name], ipvs?.[name], wholeNumber(0, MAX_SECONDS));
  return {
    options: {
      ...given,
      serviceCIDRs: ranges,
      mode: read(['mode'], given.mode, oneOf(PROXY_MODES)),
      nodeIPs: read(['nodeIPs'], given.nodeIPs, listOf(readIP)),
      clusterCIDRs: read(['clusterCIDRs'], given.clusterCIDRs, dualStackCIDRs),
      detectLocalMode: read(['detectLocalMode'], given.detectLocalMode, oneOf(DETECT_LOCAL_MODES)),
      bridgeInterface: read(['bridgeInterface'], given.bridgeInterface, readInterfaceName),
      interfaceNamePrefix: read(['interfaceNamePrefix'], given.interfaceNamePrefix, readInterfaceName),
      masqueradeBit: read(['masqueradeBit'], given.masqueradeBit, wholeNumber(0, 31)),
      nodePortAddresses: read(['nodePortAddresses'], given.nodePortAddresses, nodePortAddresses),
      proxyPortRange: read(['proxyPortRange'], given.proxyPortRange, portRange),
      udpTimeoutMilliseconds: read(
        ['udpTimeoutMilliseconds'],
        given.udpTimeoutMilliseconds,
        wholeNumber(1, MAX_MILLISECONDS),
      ),
      ipvs: ipvs && {
        ...ipvs,
        scheduler: read(['ipvs', 'scheduler'], ipvs.scheduler, oneOf(IPVS_SCHEDULERS)),
        excludeCIDRs: read(['ipvs', 'excludeCIDRs'], ipvs.excludeCIDRs, readCIDRs),
        tcpTimeoutSeconds: seconds('tcpTimeoutSeconds'),
        tcpFinTimeoutSeconds: seconds('tcpFinTimeoutSeconds'),
        udpTimeoutSeconds: seconds('udpTimeoutSeconds'),
      },
    },
    diagnostics,
  };
}

function nodePortAddresses(addresses: NodePortAddresses): ValueResult<NodePortAddresses> {
  if (addresses.kind !== 'cidrs') return { kind: 'value', value: addresses };
  const { cidrs, primary } = addresses;
  return readNodePortAddresses(primary === true ? [...cidrs, 'primary'] : cidrs);
}
