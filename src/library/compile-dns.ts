import { assertNever } from '../diagnostic/invariant.ts';
import { isHeadless } from '../kubernetes/services.ts';
import type { Cluster } from '../model/cluster.ts';
import { buildDns } from '../render/dns/build.ts';
import { DEFAULT_CLUSTER_DOMAIN, parseClusterDomain } from '../render/dns/domain-names.ts';
import { renderHosts } from '../render/dns/print-hosts.ts';
import { printDnsJSON } from '../render/dns/print-json.ts';
import { DEFAULT_TTL, MAX_TTL, printZone, type ZoneOptions } from '../render/dns/print-zone.ts';
import { printDnsAnswer, printJsonDnsAnswer, whyRecords } from '../render/dns/why.ts';
import { sliceLookup } from '../resolve/proxy/service-slices.ts';
import type { ValueResult } from '../validate/proxy-values.ts';
import { compileCluster, type Made } from './cluster-output.ts';
import type { Compiled } from './compile.ts';
import { compiledText } from './compiled-text.ts';
import { type LoadedManifests, load, type Manifests } from './load.ts';
import type { ClusterOptions, PolicyOptions } from './options.ts';
import { oneOf, optionReader, wholeNumber } from './read-options.ts';

export const dnsFormats = ['zone', 'hosts', 'json'] as const;
export type DnsFormat = (typeof dnsFormats)[number];

/** What files of zones end in. */
export const ZONE_SUFFIX = '.zone';

/** In which form. */
export interface DnsForm {
  /** Default: cluster.local. */
  readonly clusterDomain?: string | undefined;
  /** Seconds that answers may be kept. Default: 5. */
  readonly ttl?: number | undefined;
  /** Default: zone. */
  readonly format?: DnsFormat | undefined;
  /** Instead of all records, what one name has and why: `web.default`, `web-0.web`, `10.96.0.80`; as JSON in format `json`. */
  readonly why?: string | undefined;
  /** Of the pod that asks `why`. Default: `default`. */
  readonly namespace?: string | undefined;
}

export interface DnsOptions extends ClusterOptions, DnsForm {}

/**
 * The DNS records of the Services, as `svcgen dns` prints them. Artifacts: in format `zone` one for each zone, by its
 * origin, that of the cluster domain first; else one that is called as the format.
 */
export function compileDns(manifests: Manifests, options: DnsOptions = {}): Compiled<string> {
  return compileDnsOf(load(manifests, options), options);
}

/** The same of what has been read. */
export function compileDnsOf(loaded: LoadedManifests, options: DnsForm & PolicyOptions): Compiled<string> {
  const { read, diagnostics } = optionReader();
  const format = read(['format'], options.format, oneOf(dnsFormats)) ?? 'zone';
  const clusterDomain =
    read(['clusterDomain'], options.clusterDomain, readClusterDomain) ?? DEFAULT_CLUSTER_DOMAIN;
  const ttl = read(['ttl'], options.ttl, wholeNumber(0, MAX_TTL)) ?? DEFAULT_TTL;
  return compileCluster(loaded, options, (cluster) => {
    const made =
      options.why === undefined
        ? makeTexts(cluster, format, { clusterDomain, ttl })
        : answerName(
            cluster,
            { asked: options.why, namespace: options.namespace ?? 'default' },
            { clusterDomain, format },
          );
    const serving = {
      withoutServices: 'there is no record of any',
      withoutEndpoints: cluster.services.some(isHeadless) ? 'headless ones have no records' : undefined,
    };
    return { texts: made.texts, serving, diagnostics: [...diagnostics, ...made.diagnostics] };
  });
}

function readClusterDomain(text: string): ValueResult<string> {
  const value = parseClusterDomain(text);
  if (value !== undefined) return { kind: 'value', value };
  return { kind: 'problem', message: `${JSON.stringify(text)} is no domain name like cluster.local` };
}

/** What is doubtful about other names is not asked for. */
function answerName(
  cluster: Cluster,
  why: { readonly asked: string; readonly namespace: string },
  { clusterDomain, format }: { readonly clusterDomain: string; readonly format: DnsFormat },
): Made<string> {
  const source = { clusterDomain, slicesOf: sliceLookup(cluster) };
  const answer = whyRecords(why, cluster, { ...buildDns(cluster, source), ...source });
  const chunks = () => [format === 'json' ? printJsonDnsAnswer(answer) : printDnsAnswer(answer)];
  return { texts: [['why', compiledText({ fileName: 'why.txt', chunks })]], diagnostics: [] };
}

function makeTexts(cluster: Cluster, format: DnsFormat, options: ZoneOptions): Made<string> {
  const { clusterDomain, ttl } = options;
  const records = buildDns(cluster, { clusterDomain, slicesOf: sliceLookup(cluster) });
  const { forward, reverse, diagnostics } = records;
  switch (format) {
    case 'zone': {
      const zones = [forward, ...reverse].map((zone) => {
        const fileName = `${zone.origin}${ZONE_SUFFIX}`;
        return [zone.origin, compiledText({ fileName, chunks: () => printZone(zone, options) })] as const;
      });
      return { texts: zones, diagnostics };
    }
    case 'hosts': {
      const hosts = renderHosts(forward);
      return {
        texts: [[format, compiledText({ fileName: 'hosts', chunks: () => hosts.text })]],
        diagnostics: [...diagnostics, ...hosts.diagnostics],
      };
    }
    case 'json': {
      const chunks = () => printDnsJSON(records, { ttl });
      return { texts: [[format, compiledText({ fileName: 'dns.json', chunks })]], diagnostics };
    }
    default:
      return assertNever(format);
  }
}
