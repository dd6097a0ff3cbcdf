import { reserveNodePorts } from '../../../checks/node-port-reservations.ts';
import type { ServiceRule } from '../../../rule.ts';

/** initNodePorts of the Service's REST layer (pkg/registry/core/service/storage, 1.34). */
export const nodePortSharedByPort = {
  code: 'node-port-shared-by-port',
  category: 'api',
  severity: 'error',
  summary: 'one nodePort for two different ports',
  explanation: `One node port can serve TCP and UDP, but only when both entries of spec.ports have the same port: the API
server reserves a node port once for each port of a Service, and finds it taken for the second.`,
  check(service, report) {
    if (service.ports.length < 2) return;
    for (const index of reserveNodePorts(service).conflicts) {
      report({
        field: ['spec', 'ports', index, 'nodePort'],
        message: `nodePort ${service.ports[index]?.nodePort} is reserved for another port of this Service`,
        hint: 'give entries that share a nodePort the same port, or different nodePorts',
      });
    }
  },
} as const satisfies ServiceRule;
