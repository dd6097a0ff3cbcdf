import type { PageState } from './state.ts';

/** A gateway that only some networks may use, with a Local policy, and what one sees of it. */
const MANIFESTS = `# A load balancer brings traffic for 203.0.113.10 to the nodes. Its policy is Local: each node serves it with its own pods.
apiVersion: v1
kind: Service
metadata:
  name: gateway
  namespace: shop
spec:
  type: LoadBalancer
  externalTrafficPolicy: Local
  clusterIP: 10.96.0.90
  selector:
    app: gateway
  loadBalancerSourceRanges:
    - 198.51.100.0/24
  ports:
    - name: https
      port: 443
      targetPort: 8443
      nodePort: 30443
status:
  loadBalancer:
    ingress:
      - ip: 203.0.113.10
---
# Nobody answers here: the label of its pods is misspelled.
apiVersion: v1
kind: Service
metadata:
  name: cart
  namespace: shop
spec:
  clusterIP: 10.96.0.91
  selector:
    app: cart
    tier: web
  ports:
    - port: 80
      targetPort: 8080
`;

function pod(name: string, labels: string, node: string, ip: string, isReady = true): string {
  return `apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { ${labels} } }
spec: { nodeName: ${node}, containers: [{ name: main, image: ${name} }] }
status: { phase: Running, podIP: ${ip}, podIPs: [{ ip: ${ip} }], conditions: [{ type: Ready, status: "${isReady ? 'True' : 'False'}" }] }
`;
}

function node(name: string, zone: string, ip: string): string {
  return `apiVersion: v1
kind: Node
metadata: { name: ${name}, labels: { topology.kubernetes.io/zone: ${zone} } }
status: { addresses: [{ type: InternalIP, address: ${ip} }] }
`;
}

const CLUSTER = [
  node('worker-1', 'zone-a', '192.168.10.11'),
  node('worker-2', 'zone-b', '192.168.10.12'),
  pod('gateway-0', 'app: gateway', 'worker-1', '10.244.1.40'),
  pod('gateway-1', 'app: gateway', 'worker-1', '10.244.1.41'),
  pod('gateway-2', 'app: gateway', 'worker-2', '10.244.2.40'),
  pod('gateway-3', 'app: gateway', 'worker-2', '10.244.2.41', false),
  pod('cart-0', 'app: cart, tier: wbe', 'worker-2', '10.244.2.50'),
].join('---\n');

/** What the button Example opens. */
export const EXAMPLE: Partial<PageState> = {
  files: [
    { path: 'services.yaml', text: MANIFESTS },
    { path: 'cluster.yaml', text: CLUSTER },
  ],
  settings: {
    node: 'worker-1',
    mode: 'iptables',
    layout: '',
    family: '',
    version: '',
    clusterCIDR: '10.244.0.0/16',
  },
  service: 'shop/gateway',
  question: { from: '198.51.100.7', to: '203.0.113.10:443' },
};
