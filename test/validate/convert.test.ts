import { expect, test } from 'vitest';
import { parse } from '../../src/parse/parse.ts';
import { defaultValidateOptions, type ValidateOptions } from '../../src/validate/options.ts';
import { validate } from '../../src/validate/validate.ts';
import { kubernetesVersion } from '../support/versions.ts';

function clusterOf(text: string, options: Partial<ValidateOptions> = {}) {
  const { manifests } = parse([{ path: 'x.yaml', bytes: new TextEncoder().encode(text) }]);
  return validate(manifests, { ...defaultValidateOptions, ...options });
}

const SERVICE = `apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:`;

test('a Service is defaulted as the API server does', () => {
  const { services } = clusterOf(`${SERVICE} {ports: [{port: 80}]}`).cluster;
  expect(services).toMatchObject([
    {
      namespace: 'shop',
      name: 'web',
      type: 'ClusterIP',
      clusterIPs: [],
      ipFamilies: [],
      ipFamilyPolicy: undefined,
      ports: [{ name: '', protocol: 'TCP', port: 80, targetPort: 80, nodePort: 0, appProtocol: undefined }],
      selector: {},
      externalTrafficPolicy: 'Cluster',
      internalTrafficPolicy: 'Cluster',
      sessionAffinitySeconds: undefined,
      allocateLoadBalancerNodePorts: true,
      healthCheckNodePort: 0,
      loadBalancerIngress: [],
    },
  ]);
});

test('targetPort 0 and "" mean the port, affinity ClientIP lasts three hours', () => {
  const text = `${SERVICE}
  sessionAffinity: ClientIP
  ports: [{name: a, port: 80, targetPort: 0}, {name: b, port: 81, targetPort: ""}, {name: c, port: 82, targetPort: x}]`;
  const [service] = clusterOf(text).cluster.services;
  expect(service?.ports.map(({ targetPort }) => targetPort)).toEqual([80, 81, 'x']);
  expect(service?.sessionAffinitySeconds).toBe(10_800);
});

test('addresses become canonical, with a warning each where the API server looks at them', () => {
  const text = `${SERVICE}
  type: LoadBalancer
  clusterIP: 010.96.0.9
  externalIPs: ["::ffff:192.0.2.1", "FD00:0::1"]
  loadBalancerSourceRanges: [" 10.1.2.3/08 "]
  ports: [{port: 80}]
status: {loadBalancer: {ingress: [{ip: "2001:DB8::1"}, {hostname: lb.example.com}, {ip: 192.0.2.9, ipMode: Proxy}]}}`;
  const { cluster, diagnostics } = clusterOf(text, { kubernetes: kubernetesVersion('1.35') });
  expect(cluster.services).toMatchObject([
    {
      clusterIPs: ['10.96.0.9'],
      ipFamilies: ['IPv4'],
      externalIPs: ['192.0.2.1', 'fd00::1'],
      loadBalancerSourceRanges: ['10.0.0.0/8'],
      loadBalancerIngress: [
        { ip: '2001:db8::1', ipMode: 'VIP' },
        { ip: '192.0.2.9', ipMode: 'Proxy' },
      ],
    },
  ]);
  expect(diagnostics.map(({ code }) => code)).toEqual(Array.from({ length: 4 }, () => 'address-canonical'));
});

test('source ranges come from the annotation when the field is empty', () => {
  const text = (ranges: string) => `apiVersion: v1
kind: Service
metadata: {name: web, annotations: {service.beta.kubernetes.io/load-balancer-source-ranges: " 10.0.0.0/8, 192.0.2.0/24 "}}
spec: {type: LoadBalancer, loadBalancerSourceRanges: ${ranges}, ports: [{port: 80}]}`;
  const rangesOf = (ranges: string) => clusterOf(text(ranges)).cluster.services[0]?.loadBalancerSourceRanges;
  expect(rangesOf('[]')).toEqual(['10.0.0.0/8', '192.0.2.0/24']);
  expect(rangesOf('[172.16.0.0/12]')).toEqual(['172.16.0.0/12']);
});

test('conditions of a slice that are absent mean ready, serving, not terminating', () => {
  const text = `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
endpoints:
  - {addresses: [010.1.2.3]}
  - {addresses: [10.1.2.4], conditions: {ready: false, serving: true, terminating: true}, zone: a, hints: {forZones: [{name: a}], forNodes: [{name: node-1}]}}
ports: [{port: 80}, {name: any, port: null}]`;
  const { endpointSlices } = clusterOf(text, { kubernetes: kubernetesVersion('1.35') }).cluster;
  expect(endpointSlices).toMatchObject([
    {
      serviceName: 'web',
      namespace: 'default',
      endpoints: [
        {
          addresses: ['10.1.2.3'],
          ready: true,
          serving: true,
          terminating: false,
          zoneHints: [],
          nodeHints: [],
        },
        {
          addresses: ['10.1.2.4'],
          ready: false,
          serving: true,
          terminating: true,
          zoneHints: ['a'],
          nodeHints: ['node-1'],
        },
      ],
      ports: [
        { name: '', protocol: 'TCP', port: 80 },
        { name: 'any', port: undefined },
      ],
    },
  ]);
});

test('pods: sidecar ports count, other init containers do not; podIP is podIPs of old', () => {
  const { pods } = clusterOf(`apiVersion: v1
kind: Pod
metadata: {name: web-1, deletionTimestamp: "2024-05-01T10:00:00Z"}
spec:
  initContainers:
    - {name: prepare, image: a, ports: [{name: never, containerPort: 1}]}
    - {name: proxy, image: a, restartPolicy: Always, ports: [{name: proxy, containerPort: 2}]}
  containers:
    - {name: web, image: a, ports: [{name: http, containerPort: 3, protocol: UDP}]}
status: {phase: Running, podIP: 10.1.2.3, conditions: [{type: Ready, status: "True"}]}`).cluster;
  expect(pods).toMatchObject([
    {
      podIPs: ['10.1.2.3'],
      isReady: true,
      isTerminating: true,
      enableServiceLinks: true,
      containerPorts: [
        { name: 'http', containerPort: 3, protocol: 'UDP' },
        { name: 'proxy', containerPort: 2, protocol: 'TCP' },
      ],
    },
  ]);
});

test('nodes: internal addresses first, names left out', () => {
  const { nodes } = clusterOf(`apiVersion: v1
kind: Node
metadata: {name: node-1, namespace: ignored, labels: {topology.kubernetes.io/zone: a}}
spec: {podCIDR: 10.244.1.0/24}
status: {addresses: [{type: Hostname, address: node-1}, {type: ExternalIP, address: 192.0.2.1}, {type: InternalIP, address: 10.0.0.1}]}`).cluster;
  expect(nodes).toMatchObject([
    { namespace: '', addresses: ['10.0.0.1', '192.0.2.1'], podCIDRs: ['10.244.1.0/24'], zone: 'a' },
  ]);
});

test('workloads: templates wherever the kind has them', () => {
  const template =
    '{metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: a, ports: [{containerPort: 80}]}]}}';
  const workload = (
    kind: string,
    spec: string,
  ) => `apiVersion: ${kind.endsWith('Job') ? 'batch/v1' : 'apps/v1'}
kind: ${kind}
metadata: {name: web}
spec: ${spec}`;
  const selector = '{matchLabels: {app: web}}';
  const { cluster, diagnostics } = clusterOf(
    [
      workload('Deployment', `{replicas: 3, selector: ${selector}, template: ${template}}`),
      workload('DaemonSet', `{selector: ${selector}, template: ${template}}`),
      workload('Job', `{parallelism: 2, template: ${template}}`),
      workload('CronJob', `{schedule: "* * * * *", jobTemplate: {spec: {template: ${template}}}}`),
    ].join('\n---\n'),
  );
  expect(diagnostics).toEqual([]);
  expect(
    cluster.workloads.map(({ kind, replicas, template: { labels } }) => [kind, replicas, labels.app]),
  ).toEqual([
    ['Deployment', 3, 'web'],
    ['DaemonSet', 1, 'web'],
    ['Job', 2, 'web'],
    ['CronJob', 1, 'web'],
  ]);
});

test('volumes of a StatefulSet come from its claim templates too', () => {
  const statefulSet = (name: string) => `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  selector: {matchLabels: {app: db}}
  volumeClaimTemplates: [{metadata: {name: data}, spec: {}}]
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: db, image: a, volumeMounts: [{name: ${name}, mountPath: /data}]}]}`;
  expect(clusterOf(statefulSet('data')).diagnostics).toEqual([]);
  expect(clusterOf(statefulSet('logs')).diagnostics.map(({ code }) => code)).toEqual([
    'container-mounts-valid',
  ]);
});

test('a generated name is the same for the same object', () => {
  const text =
    'apiVersion: v1\nkind: Pod\nmetadata: {generateName: web-}\nspec: {containers: [{name: a, image: a}]}';
  const nameOf = () => clusterOf(text).cluster.pods[0]?.name;
  expect(nameOf()).toMatch(/^web-[a-z2-7]{5}$/);
  expect(nameOf()).toBe(nameOf());
});

test('sorted by namespace, then name', () => {
  const service = (namespace: string, name: string) =>
    `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec: {ports: [{port: 80}]}`;
  const text = [service('b', 'a'), service('a', 'b'), service('a-b', 'a'), service('a', 'a')].join('\n---\n');
  const { services } = clusterOf(text).cluster;
  expect(services.map(({ namespace, name }) => `${namespace}/${name}`)).toEqual([
    'a/a',
    'a/b',
    'a-b/a',
    'b/a',
  ]);
});
