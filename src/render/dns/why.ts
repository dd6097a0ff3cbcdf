import { didYouMean } from '../../diagnostic/did-you-mean.ts';
import { escapeJson, escapeText, guardLines } from '../../diagnostic/escape.ts';
import { count, listNames } from '../../diagnostic/report.ts';
import { isHeadless } from '../../kubernetes/services.ts';
import { type Cluster, objectKey, type Service } from '../../model/cluster.ts';
import { parseIP } from '../../model/ip.ts';
import type { DnsRecords, DnsSource } from './build.ts';
import { addressLabel, fitsDNS, reverseName } from './domain-names.ts';
import type { DnsRecord } from './record.ts';

/** What a cluster's DNS answers for one name, and why. */
export interface DnsAnswer {
  /** Complete, without the final dot. */
  readonly name: string;
  readonly records: readonly DnsRecord[];
  /** Sentences: what the records are made of, or why there are none. */
  readonly because: readonly string[];
}

interface Asked extends DnsSource {
  readonly cluster: Cluster;
  readonly name: string;
}

/**
 * Why a name has its records, or none. Names are those that a pod may ask for: `web`, `web.prod`,
 * `_http._tcp.web.prod.svc.cluster.local`, or an address for the name that it has.
 * @param namespace of the pod
 */
export function whyRecords(
  { asked, namespace }: { readonly asked: string; readonly namespace: string },
  cluster: Cluster,
  all: DnsRecords & DnsSource,
): DnsAnswer {
  const text = asked.toLowerCase().replace(/\.$/, '');
  const name = wholeName({ text, own: namespace }, cluster, all.clusterDomain);
  const zones = [all.forward, ...all.reverse];
  const records = zones.flatMap((zone) => zone.records.filter((record) => record.name === name));
  return { name, records, because: reasons({ ...all, cluster, name }, records.length > 0) };
}

/** What a resolver makes of a short name, as pods have it (`search NAMESPACE.svc.DOMAIN svc.DOMAIN DOMAIN`). */
function wholeName(
  { text, own }: { readonly text: string; readonly own: string },
  { services }: Cluster,
  domain: string,
): string {
  const address = parseIP(text);
  if (address !== undefined) return reverseName(address.ip).name;
  if (text === domain || text.endsWith(`.${domain}`) || text.endsWith('.arpa')) return text;
  const candidates = [`${own}.svc.${domain}`, `svc.${domain}`, domain].map((suffix) => `${text}.${suffix}`);
  const isKnown = (candidate: string) => {
    const place = placeIn(candidate, domain);
    return services.some(({ name, namespace }) => name === place?.service && namespace === place.namespace);
  };
  const [first = text, second = text, third = text] = candidates;
  if (/\.(?:svc|pod)$/.test(text)) return third;
  const namespace = placeIn(second, domain)?.namespace;
  const isElsewhere = text.split('.').length > 2 && services.every((each) => each.namespace !== namespace);
  if (isElsewhere && !candidates.some(isKnown)) return text;
  return candidates.find(isKnown) ?? (text.includes('.') && !text.startsWith('_') ? second : first);
}

/** `web-0`, `web` and `default` of `web-0.web.default.svc.cluster.local`. */
interface Place {
  /** What stands before the Service; "": nothing. */
  readonly prefix: string;
  readonly service: string;
  readonly namespace: string;
}

function placeIn(name: string, domain: string): Place | undefined {
  const suffix = `.svc.${domain}`;
  if (!name.endsWith(suffix)) return undefined;
  const labels = name.slice(0, -suffix.length).split('.');
  const [service, namespace] = labels.slice(-2);
  if (service === undefined || namespace === undefined) return undefined;
  return { prefix: labels.slice(0, -2).join('.'), service, namespace };
}

function reasons(asked: Asked, isThere: boolean): readonly string[] {
  const { name, cluster, clusterDomain: domain } = asked;
  if (name.endsWith('.arpa'))
    return isThere
      ? ['a Service, or an endpoint of a headless one, has this address']
      : [
          'no clusterIP and no endpoint of a headless Service has this address: pods behind a clusterIP have no reverse name',
        ];
  if (!fitsDNS(name))
    return ['the name does not fit into DNS: labels have at most 63 characters, whole names 253'];
  if (name.endsWith(`.pod.${domain}`)) return podReasons(asked, isThere);
  const place = placeIn(name, domain);
  if (place === undefined) return outsideReasons(name, domain, isThere);
  const service = cluster.services.find(
    (each) => each.name === place.service && each.namespace === place.namespace,
  );
  return service === undefined ? unknownService(place, cluster) : serviceReasons(service, place, asked);
}

function outsideReasons(name: string, domain: string, isThere: boolean): readonly string[] {
  if (isThere) return ['it tells the version of the DNS schema'];
  return [
    name === domain || name.endsWith(`.${domain}`)
      ? `names of Services are SERVICE.NAMESPACE.svc.${domain}, and this one has no .svc.`
      : `the cluster's DNS has names below ${domain} only, and asks other servers for all else`,
  ];
}

function podReasons({ name, clusterDomain }: Asked, isThere: boolean): readonly string[] {
  const [label = '', namespace = ''] = name.slice(0, -`.pod.${clusterDomain}`.length).split('.');
  return [
    isThere
      ? `a Pod of namespace ${namespace} has this address`
      : `no Pod of namespace ${namespace} has the address that ${label} stands for (dots and colons of an address become dashes)`,
  ];
}

function unknownService({ service, namespace }: Place, { services }: Cluster): readonly string[] {
  const elsewhere = services
    .filter(({ name }) => name === service)
    .map((each) => `${each.name}.${each.namespace}`);
  const near = didYouMean(
    service,
    services.flatMap((each) => (each.namespace === namespace ? each.name : [])),
  );
  return [
    `there is no Service ${namespace}/${service}`,
    ...(elsewhere.length > 0
      ? [`there is one of that name in another namespace: a pod reaches it as ${listNames(elsewhere)}`]
      : near === undefined
        ? []
        : [`did you mean ${near}.${namespace}?`]),
  ];
}

function serviceReasons(service: Service, place: Place, asked: Asked): readonly string[] {
  const label = `Service ${objectKey(service)}`;
  if (service.type === 'ExternalName')
    return [
      place.prefix === ''
        ? `${label} is of type ExternalName: its name is an alias (CNAME) of ${service.externalName ?? 'nothing'}, which other servers answer`
        : `${label} is of type ExternalName: there are no names below its own`,
    ];
  if (place.prefix.startsWith('_')) return serverReasons(service, label, place);
  if (isHeadless(service)) return headlessReasons(service, label, { place, asked });
  if (place.prefix !== '')
    return [
      `${label} has a clusterIP, and only headless Services (clusterIP: None) have names of their endpoints`,
    ];
  if (service.clusterIPs.length === 0) return [`${label} has no clusterIP, so its name has no address`];
  return [
    `${label} has a clusterIP: its name has ${listNames(service.clusterIPs)}, whatever its endpoints are`,
  ];
}

/** `_http._tcp`: only ports that have a name have records of type SRV. */
function serverReasons({ ports }: Service, label: string, { prefix }: Place): readonly string[] {
  const wanted = ports.find(({ name, protocol }) => prefix === `_${name}._${protocol.toLowerCase()}`);
  if (wanted !== undefined) return [`${label} has the port ${wanted.name}/${wanted.protocol}`];
  const named = ports
    .filter(({ name }) => name !== '')
    .map(({ name, protocol }) => `_${name}._${protocol.toLowerCase()}`);
  return [
    `${label} has no port that is called so, and only ports with a name have SRV records: it has ${named.length === 0 ? 'none with a name' : listNames(named)}`,
  ];
}

interface HeadlessName {
  readonly place: Place;
  readonly asked: Asked;
}

function headlessReasons(service: Service, label: string, { place, asked }: HeadlessName): readonly string[] {
  const endpoints = asked
    .slicesOf(service)
    .filter(({ addressType }) => addressType !== 'FQDN')
    .flatMap((slice) => slice.endpoints);
  const isPublished = (ready: boolean) => ready || service.publishNotReadyAddresses;
  const published = endpoints.filter(({ ready }) => isPublished(ready));
  const hidden = endpoints.length - published.length;
  const notReady =
    hidden === 0
      ? []
      : [
          `${count(hidden, 'endpoint')} of ${label} ${hidden === 1 ? 'is' : 'are'} not ready and left out (spec.publishNotReadyAddresses would publish them)`,
        ];
  if (endpoints.length === 0)
    return [
      `${label} is headless, and there is no endpoint: neither an EndpointSlice nor a Pod that its selector selects`,
    ];
  if (place.prefix === '')
    return [
      `${label} is headless: its name has the addresses of its ready endpoints, ${published.length} of ${endpoints.length}`,
      ...notReady,
    ];
  const labelsOf = (each: (typeof endpoints)[number]) =>
    each.hostname ?? each.addresses.map(addressLabel).join();
  const found = endpoints.find((each) => labelsOf(each) === place.prefix);
  if (found !== undefined && !isPublished(found.ready))
    return [
      `${label} has an endpoint of this name, but it is not ready (spec.publishNotReadyAddresses would publish it)`,
    ];
  if (found !== undefined) return [`${label} is headless, and has an endpoint of this name`];
  return [
    `${label} is headless, and no endpoint of it is called ${place.prefix}: there ${published.length === 1 ? 'is' : 'are'} ${listNames(published.map(labelsOf))}`,
    ...podOfThatName(place, asked.cluster),
  ];
}

/** A Pod has a name in DNS only with its hostname, under the Service that it names: a StatefulSet sees to both. */
function podOfThatName(
  { prefix, service, namespace }: Place,
  { pods, workloads }: Cluster,
): readonly string[] {
  const pod = pods.find((each) => each.namespace === namespace && each.name === prefix);
  const owner = workloads.find(
    (each) =>
      each.kind === 'StatefulSet' &&
      each.namespace === namespace &&
      /^-\d+$/.test(prefix.slice(each.name.length)) &&
      prefix.startsWith(each.name),
  );
  if (owner !== undefined && owner.serviceName !== service)
    return [
      `pods of StatefulSet ${objectKey(owner)} have names below its spec.serviceName, which is ${owner.serviceName === undefined || owner.serviceName === '' ? 'not set' : owner.serviceName}`,
    ];
  if (pod === undefined) return [];
  return [
    `Pod ${objectKey(pod)} has ${pod.hostname === undefined ? 'no spec.hostname' : `hostname ${pod.hostname}`} and ${pod.subdomain === undefined ? 'no spec.subdomain' : `subdomain ${pod.subdomain}`}: for this name it needs hostname ${prefix} and subdomain ${service}`,
  ];
}

/** Text for people: the answer first. */
export function printDnsAnswer({ name, records, because }: DnsAnswer): string {
  const head =
    records.length === 0 ? `${name} has no record` : `${name} has ${count(records.length, 'record')}`;
  const lines = records.map((record) => `  ${record.type} ${dataText(record)}`);
  const block = lines.length === 0 ? [] : ['', ...lines];
  return guardLines(`${[head, ...block, '', ...because].map(escapeText).join('\n')}\n`);
}

/** One JSON object: `{"name","records":[{name,type,…}],"because":[…]}`. */
export function printJsonDnsAnswer(answer: DnsAnswer): string {
  return `${escapeJson(JSON.stringify(answer, undefined, 2))}\n`;
}

function dataText(record: DnsRecord): string {
  switch (record.type) {
    case 'A':
    case 'AAAA':
      return record.address;
    case 'SRV':
      return `port ${record.port} of ${record.target}`;
    case 'CNAME':
    case 'PTR':
      return record.target;
    case 'TXT':
      return record.text;
  }
}
