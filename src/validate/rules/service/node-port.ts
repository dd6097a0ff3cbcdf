import { needsHealthCheck } from '../../../kubernetes/services.ts';
import { reserveNodePorts } from '../../checks/node-port-reservations.ts';
import { reportRepeated } from '../../checks/repeated.ts';
import type { ServiceRule } from '../../rule.ts';

/** The node port allocator (pkg/registry/core/service/portallocator, 1.34). */
export const nodePortInRange = {
  code: 'node-port-in-range',
  category: 'api',
  severity: 'error',
  onlyWith: ['nodePort'],
  summary: "a nodePort outside the cluster's range",
  explanation: `The API server hands out node ports from one range, 30000-32767 unless --service-node-port-range says
otherwise, and refuses others: below are the ports of the node's own services and of outgoing connections.`,
  check({ type, ports }, report, { options }) {
    if (type !== 'NodePort' && type !== 'LoadBalancer') return;
    const { first, last } = options.nodePortRange;
    ports.forEach(({ nodePort }, index) => {
      if (nodePort === 0 || (nodePort >= first && nodePort <= last)) return;
      report({
        field: ['spec', 'ports', index, 'nodePort'],
        message: `nodePort ${nodePort} is outside ${first}-${last}`,
        hint: 'choose a port in the range, or leave nodePort out to get one',
      });
    });
  },
} as const satisfies ServiceRule;

/** initNodePorts of the Service's REST layer (pkg/registry/core/service/storage, 1.34). */
export const nodePortSharedByPort = {
  code: 'node-port-shared-by-port',
  category: 'api',
  severity: 'error',
  onlyWith: ['nodePort'],
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

/** ValidateService (1.34). ExternalName tolerates nodePorts, and nothing comes of them. */
export const nodePortType = {
  code: 'node-port-type',
  category: 'api',
  severity: 'error',
  onlyWith: ['nodePort'],
  summary: 'a nodePort on a Service of type ClusterIP',
  explanation: `A ClusterIP Service is not reached through ports of nodes: nodePort belongs to the types NodePort and
LoadBalancer.`,
  check({ type, ports }, report) {
    if (type !== 'ClusterIP') return;
    ports.forEach(({ nodePort }, index) => {
      if (nodePort === 0) return;
      report({
        field: ['spec', 'ports', index, 'nodePort'],
        message: `nodePort ${nodePort} on a Service of type ClusterIP`,
        hint: 'set spec.type to NodePort, or leave nodePort out',
      });
    });
  },
} as const satisfies ServiceRule;

/** ValidateService (1.34). */
export const nodePortUnique = {
  code: 'node-port-unique',
  category: 'api',
  severity: 'error',
  onlyWith: ['nodePort'],
  summary: 'two entries with one nodePort and protocol',
  explanation: `A node port leads to one port of one Service: two entries of spec.ports with the same nodePort and
protocol contradict each other.`,
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
} as const satisfies ServiceRule;

/** The node port allocator (pkg/registry/core/service/portallocator, 1.34). */
export const healthCheckNodePortInRange = {
  code: 'health-check-node-port-in-range',
  category: 'api',
  severity: 'error',
  onlyWith: ['healthCheckNodePort'],
  summary: "a healthCheckNodePort outside the cluster's range",
  explanation: `healthCheckNodePort is handed out from the same range as nodePorts: 30000-32767 unless
--service-node-port-range says otherwise.`,
  check(service, report, { options }) {
    const { healthCheckNodePort: port } = service;
    const { first, last } = options.nodePortRange;
    if (port === 0 || !needsHealthCheck(service) || (port >= first && port <= last)) return;
    report({
      field: ['spec', 'healthCheckNodePort'],
      message: `healthCheckNodePort ${port} is outside ${first}-${last}`,
      hint: 'choose a port in the range, or leave it out to get one',
    });
  },
} as const satisfies ServiceRule;

/** validateServiceExternalTrafficPolicy (1.34). */
export const healthCheckNodePortType = {
  code: 'health-check-node-port-type',
  category: 'api',
  severity: 'error',
  onlyWith: ['healthCheckNodePort'],
  summary: 'healthCheckNodePort without LoadBalancer and Local policy',
  explanation: `On healthCheckNodePort a node tells the load balancer whether it has endpoints of the Service. That matters
only for type LoadBalancer with externalTrafficPolicy Local; elsewhere the field is refused.`,
  check(service, report) {
    if (service.healthCheckNodePort === 0 || needsHealthCheck(service)) return;
    report({
      field: ['spec', 'healthCheckNodePort'],
      message: 'healthCheckNodePort without type LoadBalancer and externalTrafficPolicy Local',
      hint: 'leave healthCheckNodePort out',
    });
  },
} as const satisfies ServiceRule;

/** allocHealthCheckNodePort of the Service's REST layer (pkg/registry/core/service/storage, 1.34). */
export const healthCheckNodePortUnique = {
  code: 'health-check-node-port-unique',
  category: 'api',
  severity: 'error',
  onlyWith: ['healthCheckNodePort'],
  summary: 'a healthCheckNodePort that is a nodePort of the Service too',
  explanation: `healthCheckNodePort is reserved like a nodePort, so it cannot be one of the Service's own nodePorts.`,
  check(service, report) {
    const { healthCheckNodePort: port } = service;
    if (port === 0 || !needsHealthCheck(service) || !reserveNodePorts(service).reserved.has(port)) return;
    report({
      field: ['spec', 'healthCheckNodePort'],
      message: `healthCheckNodePort ${port} is a nodePort of this Service too`,
      hint: 'choose another number, or leave it out to get one',
    });
  },
} as const satisfies ServiceRule;
