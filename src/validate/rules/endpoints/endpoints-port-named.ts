import { visitPorts } from '../../checks/endpoints-address.ts';
import type { EndpointsRule } from '../../rule.ts';

/** validateEndpointPort (1.34). */
export const endpointsPortNamed = {
  code: 'endpoints-port-named',
  category: 'api',
  severity: 'error',
  summary: 'an unnamed endpoint port beside others',
  explanation: `With more than one port in a subset, all of them need names: they are matched with the Service's ports by
name.`,
  check(endpoints, report) {
    visitPorts(endpoints, ({ name, port }, pathOf, count) => {
      if (name || count < 2) return;
      report({
        field: pathOf('name'),
        message: `port ${port ?? 0} has no name, but the subset has ${count} ports`,
        hint: 'give every port the name of its Service port',
      });
    });
  },
} as const satisfies EndpointsRule;
