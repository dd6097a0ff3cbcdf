import { dnsLabelProblem } from '../formats/dns.ts';
import { isPortNumber, portNameProblem } from '../formats/port.ts';
import type { DefaultedService, DefaultedServicePort } from './service.ts';

const MAX_PLAIN_PORTS = 8;

/**
 * Whether a Service is one of the everyday kind, in which no rule with `skipsPlain` could find anything: type
 * ClusterIP, at most one cluster IP, canonical and of its family, ports in order, and nothing for outside clients.
 */
export function isPlainService(service: Omit<DefaultedService, 'isPlain'>): boolean {
  return (
    service.type === 'ClusterIP' &&
    service.externalIPs.length === 0 &&
    service.ingress.length === 0 &&
    service.sessionAffinity === 'None' &&
    service.externalTrafficPolicy === '' &&
    service.internalTrafficPolicy === 'Cluster' &&
    service.healthCheckNodePort === 0 &&
    service.trafficDistribution === undefined &&
    service.allocateLoadBalancerNodePorts === undefined &&
    service.loadBalancerClass === undefined &&
    service.loadBalancerSourceRanges.length === 0 &&
    hasPlainAddress(service) &&
    hasPlainPorts(service.ports)
  );
}

function hasPlainAddress(service: Omit<DefaultedService, 'isPlain'>): boolean {
  const { clusterIP, clusterIPs, clusterAddresses, ipFamilies, ipFamilyPolicy } = service;
  if (clusterIPs.length > 1 || ipFamilies.length > 1) return false;
  if (ipFamilyPolicy !== undefined && ipFamilyPolicy !== 'SingleStack') return false;
  const [family] = ipFamilies;
  if (family !== undefined && family !== 'IPv4' && family !== 'IPv6') return false;
  const [address] = clusterAddresses;
  if (clusterIPs.length === 0) return clusterIP === '';
  if (address === undefined || !address.isCanonical || clusterIPs[0] !== clusterIP) return false;
  return family === undefined || family === address.family;
}

function hasPlainPorts(ports: readonly DefaultedServicePort[]): boolean {
  if (ports.length === 0 || ports.length > MAX_PLAIN_PORTS) return false;
  if (!ports.every(isPlainPort)) return false;
  if (ports.length === 1) return true;
  const names = new Set(ports.map(({ name }) => name));
  const numbers = new Set(ports.map(({ port }) => port));
  return names.size === ports.length && numbers.size === ports.length && !names.has('');
}

function isPlainPort({
  name,
  protocol,
  port,
  targetPort,
  nodePort,
  appProtocol,
}: DefaultedServicePort): boolean {
  if (nodePort !== 0 || appProtocol !== undefined || !isPortNumber(port)) return false;
  if (protocol !== 'TCP' && protocol !== 'UDP' && protocol !== 'SCTP') return false;
  if (name !== '' && dnsLabelProblem(name) !== undefined) return false;
  return typeof targetPort === 'number'
    ? isPortNumber(targetPort)
    : portNameProblem(targetPort) === undefined;
}
