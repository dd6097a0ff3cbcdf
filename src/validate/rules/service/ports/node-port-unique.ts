import { reportRepeated } from '../../../checks/repeated.ts';
import type { ServiceRule } from '../../../rule.ts';

/** ValidateService (1.34). */
export const nodePortUnique: ServiceRule = {
  code: 'node-port-unique',
  severity: 'error',
  skipsPlain: true,
  explanation: `A node port leads to one port of one Service: two entries of spec.ports with the same nodePort and
protocol contradict each other.`,
  failingExample: `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: NodePort
  ports:
    - {name: http, port: 80, nodePort: 30080}
    - {name: https, port: 443, nodePort: 30080}
`,
  passingExample: `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: NodePort
  ports:
    - {name: http, port: 80, nodePort: 30080}
    - {name: http3, port: 80, nodePort: 30080, protocol: UDP}
`,
  check({ ports }, report) {
    reportRepeated(ports, {
      keyOf: ({ protocol, nodePort }) => (nodePort === 0 ? '' : `${nodePort}/${protocol}`),
      toFinding: ({ protocol, nodePort }, index, first) => ({
        field: ['spec', 'ports', index, 'nodePort'],
        message: `nodePort ${nodePort}/${protocol} is that of spec.ports[${first}] too`,
        hint: 'choose another number, or leave it out to get one',
      }),
      report,
    });
  },
};
