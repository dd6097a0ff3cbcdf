import { reportRepeated } from '../../../checks/repeated.ts';
import type { ServiceRule } from '../../../rule.ts';

/** ValidateService (1.34). */
export const servicePortUnique: ServiceRule = {
  code: 'service-port-unique',
  severity: 'error',
  skipsPlain: true,
  explanation: `Two entries of spec.ports with the same port and protocol would be two answers to one question. The same
port with TCP and UDP is fine.`,
  failingExample: `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
    - {name: http, port: 80, targetPort: 8080}
    - {name: admin, port: 80, targetPort: 9090}
`,
  passingExample: `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
    - {name: http, port: 80, targetPort: 8080}
    - {name: http3, port: 80, targetPort: 8080, protocol: UDP}
`,
  check({ ports }, report) {
    reportRepeated(ports, {
      keyOf: ({ protocol, port }) => `${port}/${protocol}`,
      toFinding: ({ protocol, port }, index, first) => ({
        field: ['spec', 'ports', index],
        message: `port ${port}/${protocol} is that of spec.ports[${first}] too`,
        hint: 'remove one of the two, or choose another port or protocol',
      }),
      report,
    });
  },
};
