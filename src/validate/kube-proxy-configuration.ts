import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { hasErrors } from '../diagnostic/has-errors.ts';
import type { FieldPath } from '../model/field-path.ts';
import { IPVS_SCHEDULERS, type IPVSSettings } from '../model/ipvs-settings.ts';
import type { Manifest } from '../model/manifest.ts';
import type { NodePortAddresses, ProxyMode } from '../model/proxy-config.ts';
import { hintAt } from './diagnose.ts';
import { isKubeProxyConfiguration, type KubeProxyConfiguration } from './generated/shapes.js';
import { checkProxyConfiguration } from './proxy-checks.ts';
import {
  readCIDRs,
  readDualStackCIDRs,
  readInterfaceName,
  readIP,
  readNodePortAddresses,
  readSeconds,
  type ValueResult,
} from './proxy-values.ts';
import { explainShape } from './shape/explain-shape.ts';
import { readShapes } from './shape/shape.ts';

export const DETECT_LOCAL_MODES = [
  'ClusterCIDR',
  'NodeCIDR',
  'BridgeInterface',
  'InterfaceNamePrefix',
] as const;
export type DetectLocalMode = (typeof DETECT_LOCAL_MODES)[number];

/** The modes of kube-proxy 1.34 on Linux (validateProxyModeLinux, pkg/proxy/apis/config/validation). svcgen may have more. */
const KUBE_PROXY_MODES = ['iptables', 'ipvs', 'nftables'] as const satisfies readonly ProxyMode[];

/** What flags, programs and a KubeProxyConfiguration all say of a node and its proxy. undefined: they say nothing of it. */
export interface ProxyChoices {
  /** Default: iptables. */
  readonly mode?: ProxyMode | undefined;
  /** The node that rules are for; needed when a Service's policy depends on it. */
  readonly nodeName?: string | undefined;
  /** Its addresses, when they are not to come from its Node object. */
  readonly nodeIPs?: readonly string[] | undefined;
  /** The range of all pods: one CIDR, or one of each family. */
  readonly clusterCIDRs?: readonly string[] | undefined;
  /** How the node tells its own pods. Default: ClusterCIDR. */
  readonly detectLocalMode?: DetectLocalMode | undefined;
  /** For BridgeInterface. */
  readonly bridgeInterface?: string | undefined;
  /** For InterfaceNamePrefix. */
  readonly interfaceNamePrefix?: string | undefined;
  /** Where NodePorts answer. Default: everywhere, in nftables mode at the primary address. */
  readonly nodePortAddresses?: NodePortAddresses | undefined;
  /** Packets that conntrack finds invalid are not dropped. */
  readonly conntrackTCPBeLiberal?: boolean | undefined;
  readonly ipvs?: IPVSOptions | undefined;
}

/** What a KubeProxyConfiguration has in a section for each mode, and flags once. */
export interface MasqueradeChoices {
  /** All traffic to clusterIPs is masqueraded. */
  readonly masqueradeAll?: boolean | undefined;
  /** Of the packet mark: 0 to 31, default 14. */
  readonly masqueradeBit?: number | undefined;
  /** NodePorts answer on 127.0.0.1 too. Default: true, in nftables mode false. */
  readonly localhostNodePorts?: boolean | undefined;
}

/** How virtual servers of ipvs mode are made. */
export type IPVSOptions = { readonly [Name in keyof IPVSSettings]?: IPVSSettings[Name] | undefined };

/** What a KubeProxyConfiguration says. Values are canonical. */
export interface ProxySettings extends ProxyChoices {
  readonly iptables?: MasqueradeChoices | undefined;
  readonly nftables?: MasqueradeChoices | undefined;
}

const KIND = 'KubeProxyConfiguration';
const API_VERSION = 'kubeproxy.config.k8s.io/v1alpha1';

export function isProxyConfiguration({ apiVersion, kind }: Pick<Manifest, 'apiVersion' | 'kind'>): boolean {
  return kind === KIND && apiVersion === API_VERSION;
}

export interface KubeProxySettings {
  readonly settings: ProxySettings;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads a KubeProxyConfiguration (kubeproxy.config.k8s.io/v1alpha1, up to 1.34) as far as rules depend on it: the
 * rest (health checks, timeouts, …) has no effect here, and is only checked. Unknown fields are
 * warnings, as in kube-proxy, which ignores them.
 */
export function readKubeProxyConfiguration(manifest: Manifest): KubeProxySettings {
  const diagnostics = checkShape(manifest);
  if (hasErrors(diagnostics)) return { settings: {}, diagnostics };
  // Only unknown fields can be left that differ from the type, and nobody reads those.
  const configuration = manifest.value as KubeProxyConfiguration;
  const reader = { manifest, diagnostics };
  const settings = readSettings(configuration, reader);
  checkProxyConfiguration(configuration, (field, message) => {
    accept({ kind: 'problem', message }, field, reader);
  });
  return { settings, diagnostics };
}

function checkShape(manifest: Manifest): Diagnostic[] {
  if (isKubeProxyConfiguration(manifest.value)) return [];
  return explainShape(manifest.value, 'kube-proxy-configuration', readShapes()).map((finding): Diagnostic => {
    const { code, field, place = field, message, at, more } = finding;
    const span = manifest.locate(place, at);
    const hint = hintAt(finding, span);
    return {
      code,
      severity: code === 'unknown-field' ? 'warning' : 'error',
      object: KIND,
      field,
      span,
      related: [],
      message: message.replace('the API server', 'kube-proxy'),
      ...(hint === undefined ? {} : { hint }),
      ...(more === undefined ? {} : { more: { count: more, files: new Set([manifest.file]) } }),
    };
  });
}

interface Reader {
  readonly manifest: Manifest;
  readonly diagnostics: Diagnostic[];
}

function readSettings(configuration: KubeProxyConfiguration, reader: Reader): ProxySettings {
  const { iptables, nftables, conntrack, detectLocal } = configuration;
  const text = <Value>(
    field: FieldPath,
    given: string | null | undefined,
    read: (text: string) => ValueResult<Value>,
  ) => (isGiven(given) ? accept(read(given), field, reader) : undefined);
  return {
    mode: text(['mode'], configuration.mode, oneOf(KUBE_PROXY_MODES)),
    nodeName: isGiven(configuration.hostnameOverride) ? configuration.hostnameOverride.trim() : undefined,
    nodeIPs: specificIP(text(['bindAddress'], configuration.bindAddress, readIP)),
    detectLocalMode: text(['detectLocalMode'], configuration.detectLocalMode, oneOf(DETECT_LOCAL_MODES)),
    clusterCIDRs: text(['clusterCIDR'], configuration.clusterCIDR, readDualStackCIDRs),
    bridgeInterface: text(
      ['detectLocal', 'bridgeInterface'],
      detectLocal?.bridgeInterface,
      readInterfaceName,
    ),
    interfaceNamePrefix: text(
      ['detectLocal', 'interfaceNamePrefix'],
      detectLocal?.interfaceNamePrefix,
      readInterfaceName,
    ),
    iptables: iptables
      ? {
          ...masquerading(iptables, 'iptables', reader),
          localhostNodePorts: iptables.localhostNodePorts ?? undefined,
        }
      : undefined,
    nodePortAddresses: nodePortAddresses(configuration.nodePortAddresses, reader),
    conntrackTCPBeLiberal: conntrack?.tcpBeLiberal ?? undefined,
    ipvs: readIPVSSettings(configuration.ipvs ?? {}, reader),
    nftables: nftables ? masquerading(nftables, 'nftables', reader) : undefined,
  };
}

function readIPVSSettings(ipvs: NonNullable<KubeProxyConfiguration['ipvs']>, reader: Reader): IPVSOptions {
  const seconds = (field: 'tcpTimeout' | 'tcpFinTimeout' | 'udpTimeout') => {
    const text = ipvs[field];
    return isGiven(text) ? accept(readSeconds(text), ['ipvs', field], reader) : undefined;
  };
  const { scheduler, strictARP, excludeCIDRs } = ipvs;
  return {
    scheduler: isGiven(scheduler)
      ? accept(oneOf(IPVS_SCHEDULERS)(scheduler), ['ipvs', 'scheduler'], reader)
      : undefined,
    strictARP: strictARP ?? undefined,
    excludeCIDRs: excludedCIDRs(excludeCIDRs, reader),
    tcpTimeoutSeconds: seconds('tcpTimeout'),
    tcpFinTimeoutSeconds: seconds('tcpFinTimeout'),
    udpTimeoutSeconds: seconds('udpTimeout'),
  };
}

function excludedCIDRs(
  entries: readonly (string | null)[] | null | undefined,
  reader: Reader,
): readonly string[] | undefined {
  const texts = entries?.map((entry) => entry ?? '');
  if (texts === undefined) return undefined;
  const wrong = texts.findIndex((text) => readCIDRs([text]).kind === 'problem');
  const field = wrong < 0 ? ['ipvs', 'excludeCIDRs'] : ['ipvs', 'excludeCIDRs', wrong];
  return accept(readCIDRs(texts), field, reader);
}

/** Strings that are empty are defaulted. */
function isGiven(text: string | null | undefined): text is string {
  return text !== undefined && text !== null && text !== '';
}

function oneOf<Value extends string>(allowed: readonly Value[]): (text: string) => ValueResult<Value> {
  return (text) => {
    const value = allowed.find((each) => each === text);
    if (value !== undefined) return { kind: 'value', value };
    return { kind: 'problem', message: `${JSON.stringify(text)} is none of ${allowed.join(', ')}` };
  };
}

/** `0.0.0.0` and `::` leave the node's address to the Node object. */
function specificIP(ip: string | undefined): readonly string[] | undefined {
  return ip === undefined || ip === '0.0.0.0' || ip === '::' ? undefined : [ip];
}

function masquerading(
  section: NonNullable<KubeProxyConfiguration['iptables' | 'nftables']>,
  name: 'iptables' | 'nftables',
  reader: Reader,
): MasqueradeChoices {
  const masqueradeAll = section.masqueradeAll ?? undefined;
  const bit = section.masqueradeBit ?? undefined;
  if (bit === undefined || (bit >= 0 && bit <= 31)) return { masqueradeAll, masqueradeBit: bit };
  const message = `${bit} is no bit of the packet mark: they are 0 to 31`;
  accept({ kind: 'problem', message }, [name, 'masqueradeBit'], reader);
  return { masqueradeAll };
}

function nodePortAddresses(
  entries: readonly (string | null)[] | null | undefined,
  reader: Reader,
): NodePortAddresses | undefined {
  // An empty list says nothing, as in kube-proxy.
  if (entries === null || entries === undefined || entries.length === 0) return undefined;
  const texts = entries.map((entry) => entry ?? '');
  const wrong = texts.findIndex((text) => readNodePortAddresses([text]).kind === 'problem');
  const field = wrong < 0 ? ['nodePortAddresses'] : ['nodePortAddresses', wrong];
  return accept(readNodePortAddresses(texts), field, reader);
}

/** The value; a problem becomes a diagnostic instead. */
function accept<Value>(result: ValueResult<Value>, field: FieldPath, reader: Reader): Value | undefined {
  if (result.kind === 'value') return result.value;
  const { manifest, diagnostics } = reader;
  diagnostics.push({
    code: 'proxy-config-values',
    severity: 'error',
    object: KIND,
    field,
    span: manifest.locate(field),
    related: [],
    message: result.message,
  });
  return undefined;
}
