import type { FieldPath } from '../../../../model/field-path.ts';
import { containersOf } from '../../../checks/pod-containers.ts';
import { dnsSubdomainProblem } from '../../../formats/dns.ts';
import { downwardFieldProblem, downwardResourceProblem } from '../../../formats/downward-api.ts';
import { configKeyProblem, envNameProblem } from '../../../formats/environment.ts';
import type * as api from '../../../generated/shapes.js';
import type { PodRule, Report } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

/** ValidateEnv (1.34); names are relaxed since 1.32. */
export const containerEnvValid = {
  code: 'container-env-valid',
  category: 'api',
  severity: 'error',
  summary: 'an environment variable with an odd name or source',
  explanation: `An environment variable has a name of printable ASCII characters without "=", and either a value or one
source of it: fieldRef, resourceFieldRef, configMapKeyRef or secretKeyRef.`,
  check(pod, report, { options }) {
    const { relaxedEnvironment } = options.kubernetes.api;
    for (const { container, path } of containersOf(pod)) {
      for (const [index, variable] of (container.env ?? []).entries()) {
        const field = [...path, 'env', index];
        const name = variable?.name ?? '';
        const problem = envNameProblem(name, relaxedEnvironment);
        if (problem !== undefined)
          report({ field: [...field, 'name'], message: `variable ${quoteValue(name)} ${problem}` });
        if (variable?.valueFrom)
          checkSource(variable.valueFrom, { field: [...field, 'valueFrom'], variable }, report);
      }
    }
  },
} as const satisfies PodRule;

function checkSource(
  source: api.EnvVarSource,
  { field, variable }: { readonly field: FieldPath; readonly variable: api.EnvVar },
  report: Report,
): void {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = source;
  if (fieldRef) {
    const problem = downwardFieldProblem(fieldRef, 'env');
    if (problem !== undefined)
      report({ field: [...field, 'fieldRef', ...problem.at], message: problem.message });
  }
  if (resourceFieldRef) {
    const problem = downwardResourceProblem(resourceFieldRef, 'env');
    if (problem !== undefined)
      report({ field: [...field, 'resourceFieldRef', ...problem.at], message: problem.message });
  }
  if (configMapKeyRef) checkKey(configMapKeyRef, [...field, 'configMapKeyRef'], report);
  if (secretKeyRef) checkKey(secretKeyRef, [...field, 'secretKeyRef'], report);
  const count = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, source.fileKeyRef].filter(
    Boolean,
  ).length;
  if (count === 0) report({ field, message: 'valueFrom names no source' });
  else if (variable.value) report({ field, message: 'valueFrom beside a value' });
  else if (count > 1) report({ field, message: 'valueFrom names more than one source' });
}

function checkKey(selector: api.ConfigMapKeySelector, field: FieldPath, report: Report): void {
  const { name, key } = selector;
  const nameProblem = dnsSubdomainProblem(name ?? '');
  if (nameProblem !== undefined)
    report({ field: [...field, 'name'], message: `name ${quoteValue(name ?? '')} ${nameProblem}` });
  const keyProblem = configKeyProblem(key ?? '');
  if (keyProblem !== undefined)
    report({ field: [...field, 'key'], message: `key ${quoteValue(key ?? '')} ${keyProblem}` });
}
