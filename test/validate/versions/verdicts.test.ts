import { describe, expect, test } from 'vitest';
import { versionsFrom, versionsWith } from '../../support/versions.ts';

const ALL = versionsFrom('1.30');

const service = (spec: string, name = 'web') =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {ports: [{port: 80}], ${spec}}`;
const pod = (spec: string, container = '') => `
apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: web, image: nginx, ${container}}], ${spec}}`;
const slice = (type: string, address: string) => `
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
addressType: ${type}
endpoints: [{addresses: ["${address}"]}]`;
const endpoints = (ip: string) => `
apiVersion: v1
kind: Endpoints
metadata: {name: web}
subsets: [{addresses: [{ip: "${ip}"}], ports: [{port: 80}]}]`;
const serviceCIDR = (cidr: string, version = 'v1') => `
apiVersion: networking.k8s.io/${version}
kind: ServiceCIDR
metadata: {name: more}
spec: {cidrs: ["${cidr}"]}`;
const statefulSet = (spec: string, container = 'image: db') => `
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  ${spec}
  selector: {matchLabels: {app: db}}
  template: {metadata: {labels: {app: db}}, spec: {containers: [{name: db, ${container}}]}}`;
const node = (cidr: string) =>
  `apiVersion: v1\nkind: Node\nmetadata: {name: a}\nspec: {podCIDR: "${cidr}", podCIDRs: ["${cidr}"]}`;
const required = (value: string) =>
  `affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: In, values: ["${value}"]}]}]}}}`;
const REQUIRED =
  'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0]';

type Case = readonly [what: string, text: string, verdict: string, versions: readonly string[]];

/** What each API server refuses, and in which versions. */
const REFUSED: readonly Case[] = [
  [
    'a name with a digit first',
    service('', '1web'),
    'object-name-valid metadata.name',
    versionsFrom('1.30', '1.35'),
  ],
  ['a name with a dot', service('', 'a.b'), 'object-name-valid metadata.name', ALL],
  [
    'a load balancer at port 10250',
    service('type: LoadBalancer').replace('80', '10250'),
    'load-balancer-port-free spec.ports[0]',
    versionsFrom('1.30', '1.32'),
  ],
  [
    'port 10250 of a NodePort Service',
    service('type: NodePort').replace('80', '10250'),
    'load-balancer-port-free spec.ports[0]',
    [],
  ],
  [
    'trafficDistribution PreferClose',
    service('trafficDistribution: PreferClose'),
    'traffic-distribution-known spec.trafficDistribution',
    [],
  ],
  [
    'trafficDistribution PreferSameNode',
    service('trafficDistribution: PreferSameNode'),
    'traffic-distribution-known spec.trafficDistribution',
    versionsFrom('1.31', '1.33'),
  ],
  [
    'trafficDistribution ""',
    service('trafficDistribution: ""'),
    'traffic-distribution-known spec.trafficDistribution',
    versionsFrom('1.31'),
  ],
  [
    'leading zeros in a clusterIP',
    service('clusterIP: 010.96.0.9'),
    'address-strict spec.clusterIPs[0]',
    versionsFrom('1.36'),
  ],
  [
    'a mapped external IP',
    service('externalIPs: ["::ffff:192.0.2.1"]'),
    'address-strict spec.externalIPs[0]',
    versionsFrom('1.36'),
  ],
  ['a long external IP', service('externalIPs: ["FD00::1"]'), 'address-strict spec.externalIPs[0]', []],
  [
    'host bits in a source range',
    service('type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.1/8]'),
    'address-strict spec.LoadBalancerSourceRanges[0]',
    versionsFrom('1.36'),
  ],
  [
    'spaces around a source range',
    service('type: LoadBalancer, loadBalancerSourceRanges: [" 10.0.0.0/8 "]'),
    'address-strict spec.LoadBalancerSourceRanges[0]',
    [],
  ],
  [
    'a source range of the annotation with a long prefix length',
    service('type: LoadBalancer').replace(
      'name: web',
      'name: web, annotations: {service.beta.kubernetes.io/load-balancer-source-ranges: 10.0.0.0/08}',
    ),
    'address-strict metadata.annotations[service.beta.kubernetes.io/load-balancer-source-ranges]',
    versionsFrom('1.36'),
  ],
  [
    'an odd loadBalancerIP',
    service('type: LoadBalancer, loadBalancerIP: 192.000.2.1'),
    'address-strict spec.loadBalancerIP',
    [],
  ],
  [
    'leading zeros in a slice',
    slice('IPv4', '10.0.0.01'),
    'address-strict endpoints[0].addresses[0]',
    versionsFrom('1.36'),
  ],
  [
    'long IPv6 in a slice',
    slice('IPv6', 'FD00::1'),
    'slice-address-valid endpoints[0].addresses[0]',
    versionsFrom('1.33'),
  ],
  [
    'leading zeros in Endpoints',
    endpoints('10.0.0.01'),
    'address-strict subsets[0].addresses[0].ip',
    versionsFrom('1.36'),
  ],
  ['long IPv6 in Endpoints', endpoints('FD00::1'), 'address-strict subsets[0].addresses[0].ip', []],
  ['host bits in a podCIDR', node('10.1.2.3/24'), 'address-strict spec.podCIDRs[0]', versionsFrom('1.36')],
  [
    'leading zeros in a host alias',
    pod('hostAliases: [{ip: 10.0.0.01, hostnames: [a]}]'),
    'address-strict spec.hostAliases[0].ip',
    versionsFrom('1.36'),
  ],
  [
    'a mapped name server',
    pod('dnsConfig: {nameservers: ["::ffff:10.0.0.1"]}'),
    'address-strict spec.dnsConfig.nameservers[0]',
    versionsFrom('1.36'),
  ],
  [
    'host bits in a ServiceCIDR',
    serviceCIDR('10.96.0.1/16'),
    'service-cidrs-valid spec.cidrs[0]',
    versionsFrom('1.33'),
  ],
  [
    'host bits in a ServiceCIDR v1beta1',
    serviceCIDR('10.96.0.1/16', 'v1beta1'),
    'service-cidrs-valid spec.cidrs[0]',
    versionsFrom('1.33'),
  ],
  [
    'a serviceName with a dot',
    statefulSet('serviceName: a.b'),
    'stateful-set-service-name spec.serviceName',
    versionsFrom('1.33'),
  ],
  [
    'a container without image in a StatefulSet',
    statefulSet('serviceName: db', 'image: ""'),
    'container-image-valid spec.template.spec.containers[0].image',
    versionsFrom('1.34'),
  ],
  [
    'a container without image',
    pod('', 'image: ""').replace('image: nginx, ', ''),
    'container-image-valid spec.containers[0].image',
    ALL,
  ],
  [
    'a variable "A B"',
    pod('', 'env: [{name: A B}]'),
    'container-env-valid spec.containers[0].env[0].name',
    versionsFrom('1.30', '1.31'),
  ],
  [
    'a prefix that begins with a digit',
    pod('', 'envFrom: [{prefix: 1A, configMapRef: {name: a}}]'),
    'container-env-from-valid spec.containers[0].envFrom[0].prefix',
    versionsFrom('1.30', '1.31'),
  ],
  [
    'a search domain with an underscore',
    pod('dnsConfig: {searches: [_tcp.example.com]}'),
    'pod-dns-config-valid spec.dnsConfig.searches[0]',
    versionsFrom('1.30', '1.32'),
  ],
  [
    'the root as search domain',
    pod('dnsConfig: {searches: ["."]}'),
    'pod-dns-config-valid spec.dnsConfig.searches[0]',
    versionsFrom('1.30', '1.32'),
  ],
  [
    'no sleep at all',
    pod('', 'lifecycle: {preStop: {sleep: {seconds: 0}}}'),
    'container-lifecycle-valid spec.containers[0].lifecycle.preStop.sleep',
    versionsFrom('1.30', '1.32'),
  ],
  [
    'an affinity to no label value',
    pod(required('a b')),
    `pod-affinity-valid ${REQUIRED}.values[0]`,
    versionsFrom('1.33'),
  ],
  [
    'restartPolicy of a container',
    pod('', 'restartPolicy: Never'),
    'init-container-fields spec.containers[0].restartPolicy',
    versionsFrom('1.30', '1.33'),
  ],
  [
    'an odd restartPolicy of a container',
    pod('', 'restartPolicy: Sometimes'),
    'init-container-fields spec.containers[0].restartPolicy',
    [...versionsFrom('1.30', '1.33'), ...versionsFrom('1.35')],
  ],
  [
    'an init container that is never restarted',
    pod('initContainers: [{name: a, image: a, restartPolicy: Never}]'),
    'init-container-fields spec.initContainers[0].restartPolicy',
    versionsFrom('1.30', '1.34'),
  ],
];

test.each(REFUSED)('%s', (_, text, verdict, versions) => {
  expect(versionsWith(text, `error ${verdict}`)).toEqual(versions);
});

describe('ServiceCIDR', () => {
  test.each([
    ['v1alpha1', versionsFrom('1.30', '1.33')],
    ['v1beta1', versionsFrom('1.31', '1.36')],
    ['v1', versionsFrom('1.33')],
  ])('%s: where it is not served, that is said', (version, served) => {
    const text = serviceCIDR('10.96.0.0/16', version);
    const notServed = versionsWith(text, 'warning api-version-served apiVersion');
    expect(ALL.filter((name) => !notServed.includes(name))).toEqual(served);
  });
});
