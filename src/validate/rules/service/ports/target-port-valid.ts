import { portProblem } from '../../../formats/port.ts';
import type { ServiceRule } from '../../../rule.ts';
import { describeValue } from '../../../shape/describe-value.ts';

/** ValidatePortNumOrName (1.34), after defaulting: 0 and "" mean the Service's own port. */
export const targetPortValid = {
  code: 'target-port-valid',
  category: 'api',
  severity: 'error',
  summary: 'a targetPort that is neither a port number nor the name of a container port',
  explanation: `targetPort is what the pods listen on: a number from 1 to 65535, or the name of a container port, which
has at most 15 lower case letters, digits and '-', and a letter among them. A number in quotes is a name, and no valid
one.`,
  check({ ports }, report) {
    ports.forEach(({ targetPort }, index) => {
      const problem = portProblem(targetPort);
      if (problem === undefined) return;
      report({
        field: ['spec', 'ports', index, 'targetPort'],
        message: `targetPort ${describeValue(targetPort)} ${problem}`,
        ...(/^[1-9]\d*$/.test(String(targetPort)) && typeof targetPort === 'string'
          ? { hint: `write it without quotes: ${targetPort}` }
          : {}),
      });
    });
  },
} as const satisfies ServiceRule;
