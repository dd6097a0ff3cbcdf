import type { FieldPath } from '../model/field-path.ts';
import { parseIP } from '../model/ip.ts';
import type { KubeProxyConfiguration } from './generated/shapes.js';
import { readDuration } from './proxy-values.ts';
import { quoteValue } from './shape/describe-value.ts';

/** What is wrong with a field, and which. */
export type RefuseField = (field: FieldPath, message: string) => void;

const DEFAULT_SYNC_SECONDS = 30;
const MAX_OOM_SCORE = 1000;
const MAX_PORT = 65_535;

/** By section; those of ipvs and nftables count in their mode only. */
const SYNC_SECTIONS = ['iptables', 'ipvs', 'nftables'] as const;
const CONNTRACK_NUMBERS = ['maxPerCore', 'min'] as const;
const CONNTRACK_DURATIONS = [
  'tcpEstablishedTimeout',
  'tcpCloseWaitTimeout',
  'udpTimeout',
  'udpStreamTimeout',
] as const;

/**
 * What kube-proxy refuses at its start of fields that no rule depends on (pkg/proxy/apis/config/validation, 1.34):
 * periods, addresses of its own servers, conntrack. Empty texts and zero periods are defaulted.
 */
export function checkProxyConfiguration(configuration: KubeProxyConfiguration, refuse: RefuseField): void {
  for (const section of SYNC_SECTIONS) checkSyncPeriods(configuration, section, refuse);
  checkConntrack(configuration.conntrack ?? {}, refuse);
  for (const key of ['healthzBindAddress', 'metricsBindAddress'] as const) {
    const text = configuration[key];
    if (text && !isHostPort(text)) refuse([key], `${quoteValue(text)} is no address, nor address:port`);
  }
  if ((secondsOf(configuration.configSyncPeriod, ['configSyncPeriod'], refuse) ?? 0) < 0)
    refuse(['configSyncPeriod'], 'configSyncPeriod is negative');
  const score = configuration.oomScoreAdj ?? 0;
  if (Math.abs(score) > MAX_OOM_SCORE)
    refuse(['oomScoreAdj'], `oomScoreAdj ${score} is outside -${MAX_OOM_SCORE} to ${MAX_OOM_SCORE}`);
  if ((configuration.clientConnection?.burst ?? 0) < 0)
    refuse(['clientConnection', 'burst'], 'burst is negative');
  checkDetectLocal(configuration, refuse);
}

function checkSyncPeriods(
  configuration: KubeProxyConfiguration,
  section: (typeof SYNC_SECTIONS)[number],
  refuse: RefuseField,
): void {
  if (section !== 'iptables' && configuration.mode !== section) return;
  const { syncPeriod, minSyncPeriod } = configuration[section] ?? {};
  const period = secondsOf(syncPeriod, [section, 'syncPeriod'], refuse) || DEFAULT_SYNC_SECONDS;
  const least = secondsOf(minSyncPeriod, [section, 'minSyncPeriod'], refuse) ?? 0;
  if (period < 0) refuse([section, 'syncPeriod'], 'syncPeriod is negative');
  else if (least < 0) refuse([section, 'minSyncPeriod'], 'minSyncPeriod is negative');
  else if (period < least) refuse([section, 'syncPeriod'], 'syncPeriod is less than minSyncPeriod');
}

function checkConntrack(
  conntrack: NonNullable<KubeProxyConfiguration['conntrack']>,
  refuse: RefuseField,
): void {
  for (const key of CONNTRACK_NUMBERS)
    if ((conntrack[key] ?? 0) < 0) refuse(['conntrack', key], `${key} ${conntrack[key]} is negative`);
  for (const key of CONNTRACK_DURATIONS) {
    const seconds = secondsOf(conntrack[key], ['conntrack', key], refuse) ?? 0;
    if (seconds < 0) refuse(['conntrack', key], `${key} is negative`);
  }
}

function checkDetectLocal(
  { detectLocalMode, detectLocal }: KubeProxyConfiguration,
  refuse: RefuseField,
): void {
  if (detectLocalMode === 'BridgeInterface' && !detectLocal?.bridgeInterface)
    refuse(['detectLocal', 'bridgeInterface'], 'detectLocalMode BridgeInterface needs a bridgeInterface');
  if (detectLocalMode === 'InterfaceNamePrefix' && !detectLocal?.interfaceNamePrefix) {
    const message = 'detectLocalMode InterfaceNamePrefix needs an interfaceNamePrefix';
    refuse(['detectLocal', 'interfaceNamePrefix'], message);
  }
}

/** @returns undefined when it is not given, or no duration, which is refused */
function secondsOf(
  text: string | null | undefined,
  field: FieldPath,
  refuse: RefuseField,
): number | undefined {
  if (text === null || text === undefined) return undefined;
  const seconds = readDuration(text);
  if (seconds === undefined) refuse(field, `${quoteValue(text)} is no duration like 30s or 1h15m`);
  return seconds;
}

/** `1.2.3.4`, `1.2.3.4:80`, `[::1]:80`; a missing port is defaulted. */
function isHostPort(text: string): boolean {
  if (parseIP(text) !== undefined) return true;
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text) ?? [];
  return port !== undefined && Number(port) <= MAX_PORT && parseIP(bracketed ?? plain ?? '') !== undefined;
}
