import { containersOf } from '../../../checks/pod-containers.ts';
import { dnsSubdomainProblem, maskTrailingDash } from '../../../formats/dns.ts';
import { envNameProblem } from '../../../formats/environment.ts';
import type { PodRule } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

/** ValidateEnvFrom (1.34); a name may end with '-' here, as for generated ones. */
export const containerEnvFromValid = {
  code: 'container-env-from-valid',
  category: 'api',
  severity: 'error',
  summary: 'an entry of envFrom with an odd prefix or source',
  explanation: `An entry of envFrom takes all keys of one ConfigMap or one Secret, and puts an optional prefix in front of
their names.`,
  check(pod, report, { options }) {
    const { relaxedEnvironment } = options.kubernetes.api;
    for (const { container, path } of containersOf(pod)) {
      for (const [index, entry] of (container.envFrom ?? []).entries()) {
        const field = [...path, 'envFrom', index];
        const problem = entry?.prefix ? envNameProblem(entry.prefix, relaxedEnvironment) : undefined;
        if (problem !== undefined)
          report({
            field: [...field, 'prefix'],
            message: `prefix ${quoteValue(entry?.prefix ?? '')} ${problem}`,
          });
        for (const key of ['configMapRef', 'secretRef'] as const) {
          const reference = entry?.[key];
          const name = reference?.name ?? '';
          const nameProblem = reference ? dnsSubdomainProblem(maskTrailingDash(name)) : undefined;
          if (nameProblem !== undefined)
            report({ field: [...field, key, 'name'], message: `name ${quoteValue(name)} ${nameProblem}` });
        }
        const count = [entry?.configMapRef, entry?.secretRef].filter(Boolean).length;
        if (count === 1) continue;
        const message = `an entry of envFrom names ${count === 0 ? 'no source' : 'two sources'}`;
        report({ field: [...path, 'envFrom'], place: field, message });
      }
    }
  },
} as const satisfies PodRule;
