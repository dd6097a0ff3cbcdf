import type { ClusterRule } from '../../rule.ts';
import { nodePortFinding } from './node-port-finding.ts';

/** The API server's allocator of node ports (pkg/registry/core/service/portallocator, 1.34). */
export const healthCheckNodePortNotTaken: ClusterRule = {
  code: 'health-check-node-port-not-taken',
  severity: 'error',
  explanation: `A load balancer asks every node on the healthCheckNodePort whether it has local endpoints. The number comes
from the same range and the same allocator as nodePorts, which gives each number to one Service. Two Services that
share it would answer for each other.`,
  failingExample: `apiVersion: v1
kind: Service
metadata:
  name: api
spec:
  type: NodePort
  ports:
    - port: 80
      nodePort: 30999
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  externalTrafficPolicy: Local
  healthCheckNodePort: 30999
  ports:
    - port: 80
      nodePort: 30080
`,
  passingExample: `apiVersion: v1
kind: Service
metadata:
  name: api
spec:
  type: NodePort
  ports:
    - port: 80
      nodePort: 30998
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  externalTrafficPolicy: Local
  healthCheckNodePort: 30999
  ports:
    - port: 80
      nodePort: 30080
`,
  *check(_, { view }) {
    for (const conflict of view.nodePortConflicts) {
      if (conflict.claim.kind === 'healthCheckNodePort') yield nodePortFinding(conflict);
    }
  },
};
