import type { ServiceRule } from '../../../rule.ts';

/** validateServicePort (1.34). */
export const servicePortNamed = {
  code: 'service-port-named',
  category: 'api',
  severity: 'error',
  summary: 'an unnamed port beside others',
  explanation: `With more than one port, all of them need names: Endpoints and EndpointSlices refer to a Service's ports
by name.`,
  check({ ports }, report) {
    if (ports.length < 2) return;
    ports.forEach(({ name, port }, index) => {
      if (name !== '') return;
      report({
        field: ['spec', 'ports', index, 'name'],
        message: `port ${port} has no name, but there are ${ports.length} ports`,
        hint: 'give every port a name',
      });
    });
  },
} as const satisfies ServiceRule;
