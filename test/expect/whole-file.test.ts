import { expect, test } from 'vitest';
import { testTraffic } from '../../src/index.ts';

/** A shop on two nodes: its front is on one of them alone, and only one of its ports has endpoints. */
const MANIFESTS = `
apiVersion: v1
kind: Node
metadata: { name: edge-1, labels: { role: edge, topology.kubernetes.io/zone: b } }
status: { addresses: [{ type: InternalIP, address: 192.168.7.11 }] }
---
apiVersion: v1
kind: Node
metadata: { name: inner-1, labels: { topology.kubernetes.io/zone: a } }
status: { addresses: [{ type: InternalIP, address: 192.168.7.12 }] }
---
apiVersion: v1
kind: Service
metadata: { name: front, namespace: shop }
spec:
  type: LoadBalancer
  clusterIP: 10.96.1.1
  externalTrafficPolicy: Local
  ports: [{ name: https, port: 443, nodePort: 30443 }, { name: metrics, port: 9090, nodePort: 30090 }]
status: { loadBalancer: { ingress: [{ ip: 203.0.113.80 }, { ip: 203.0.113.81 }] } }
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: front-1, namespace: shop, labels: { kubernetes.io/service-name: front } }
addressType: IPv4
ports: [{ name: https, port: 8443 }]
endpoints:
  - { addresses: [10.244.1.10], nodeName: edge-1 }
  - { addresses: [10.244.1.11], nodeName: edge-1 }
  - { addresses: [10.244.1.12], nodeName: edge-1 }
---
apiVersion: v1
kind: Service
metadata: { name: api, namespace: shop }
spec: { clusterIP: 10.96.1.2, selector: { app: api }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: v1
kind: Service
metadata: { name: reports, namespace: shop, annotations: { svcgen/ignore: selector-matches-pods } }
spec: { clusterIP: 10.96.1.3, selector: { app: reports }, ports: [{ port: 80 }] }
${[
  'front 0 1.10 edge-1',
  'front 1 1.11 edge-1',
  'front 2 1.12 edge-1',
  'api 0 2.20 inner-1',
  'api 1 1.21 edge-1',
]
  .map((line) => line.split(' '))
  .map(
    ([app, index, ip, node]) => `---
apiVersion: v1
kind: Pod
metadata: { name: ${app}-${index}, namespace: shop, labels: { app: ${app} } }
spec: { nodeName: ${node}, containers: [{ name: a, image: a }] }
status: { phase: Running, podIPs: [{ ip: 10.244.${ip} }], conditions: [{ type: Ready, status: "True" }] }
`,
  )
  .join('')}`;

/** Everything that a file can say, once: with a comment where somebody may have guessed another word. */
const EXPECTATIONS = `
settings: { clusterCIDR: 10.244.0.0/16, modes: [iptables, nftables] }   # every case runs in each
cases:
  - name: outside reaches the shop through every load balancer address
    from: outside
    to: [loadBalancer of shop/front:https, nodePort of shop/front:https]
    at: { nodes: { role: edge } }             # not "on", which YAML 1.1 reads as true
    expect: { reaches: { pods: { app: front }, count: 3, evenly: true }, source: kept }
  - name: metrics stay inside
    from: outside
    to: each port of shop/front
    at: edge-1
    expect: { only: [https] }
  - name: zone a can go
    change: [{ remove: { pods: {}, zone: a } }]   # or terminating, notReady; nodes; a patch
    from: shop/front-0
    to: shop/api:http
    expect: reaches
  - to: shop/reports
    from: node
    expect: { rejected: no-endpoints }        # rejected | dropped | unreachable, with the reason's code
`;

function run(text: string, manifests = MANIFESTS) {
  const { report, diagnostics } = testTraffic(
    [{ path: 'shop.yaml', text: manifests }],
    [{ path: 'shop.traffic.yaml', text }],
  );
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const failed = report?.cases.filter(({ failures }) => failures.length > 0).map(({ name }) => name);
  return { errors, failed };
}

test('a file holds what each of its cases says', () => {
  expect(run(EXPECTATIONS)).toEqual({ errors: [], failed: [] });
});

test.each([
  ['externalTrafficPolicy: Local', 'externalTrafficPolicy: Cluster', 'outside reaches the shop'],
  ['{ addresses: [10.244.1.12], nodeName: edge-1 }', '{ addresses: [10.244.1.12] }', 'outside reaches'],
  [
    '[{ name: https, port: 8443 }]',
    '[{ name: https, port: 8443 }, { name: metrics, port: 9 }]',
    'metrics stay',
  ],
  [
    'nodeName: edge-1, containers: [{ name: a, image: a }] }\nstatus: { phase: Running, podIPs: [{ ip: 10.244.1.21',
    'nodeName: inner-1, containers: [{ name: a, image: a }] }\nstatus: { phase: Running, podIPs: [{ ip: 10.244.1.21',
    'zone a can go',
  ],
  ['selector: { app: reports }', 'selector: { app: api }', 'node to shop/reports'],
])('%s, as %s, breaks it', (text, other, name) => {
  expect(MANIFESTS).toContain(text);
  const { errors, failed } = run(EXPECTATIONS, MANIFESTS.replace(text, other));
  expect(errors).toEqual([]);
  expect(failed?.map((each) => each.slice(0, name.length))).toEqual([name]);
});

test.each([
  ['at: edge-1', 'on: edge-1', 'the nodes of a case are its "at"'],
  ['at: edge-1', '"on": edge-1', 'the nodes of a case are its "at"'],
  ['pods: { app: front }', 'selector: { app: front }', 'write pods: LABELS'],
  ['{ remove: { pods: {}, zone: a } }', '{ remove: pods, where: { zone: a } }', 'zone: ZONE'],
  ['no-endpoints', 'no endpoints', 'did you mean "no-endpoints"?'],
])('%s, as %s, is refused, with what is meant', (text, other, hint) => {
  const { errors, failed } = run(EXPECTATIONS.replace(text, other));
  expect(failed).toBeUndefined();
  expect(errors.map((each) => each.hint).join()).toContain(hint);
  expect(errors[0]?.span?.file).toBe('shop.traffic.yaml');
});

test('a case that fails says which labels keep pods from a Service', () => {
  const text = 'cases: [{ from: node, to: shop/api, at: edge-1, expect: reaches }]';
  const manifests = MANIFESTS.replace('selector: { app: api }', 'selector: { app: apis }');
  const { report } = testTraffic(
    [{ path: 'shop.yaml', text: manifests }],
    [{ path: 'a.traffic.yaml', text }],
  );
  const [failure] = report?.cases.flatMap(({ failures }) => failures) ?? [];
  expect(failure?.differences).toEqual(['it is rejected: no-endpoints']);
  expect(failure?.explanation?.verdict.text).toContain(
    'selector app=apis matches no pod, but pod shop/api-0 has app=api',
  );
});
