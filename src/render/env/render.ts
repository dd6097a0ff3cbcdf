import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { aboutField } from '../../diagnostic/report.ts';
import { isShellName } from '../../lang/text/quote.ts';
import type { Cluster, Service } from '../../model/cluster.ts';
import { type EnvFormat, isForShells, printEnv } from './print.ts';
import { type EnvTarget, envScope } from './scope.ts';
import { type EnvVariable, variablesOf } from './variables.ts';

export interface EnvOptions extends EnvTarget {
  readonly format: EnvFormat;
}

/** The text, in chunks, and what the user should know of it. */
export interface EnvRendering {
  readonly text: Iterable<string>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The service variables that the kubelet gives a pod, by name of the Service. Where two Services make one variable,
 * the kubelet leaves to chance which one wins; here it is the one whose name comes later. Services must have their
 * addresses: run it on what `allocate` gives.
 */
export function renderEnv(cluster: Cluster, options: EnvOptions): EnvRendering {
  const { services, diagnostics: problems } = envScope(cluster, options);
  const diagnostics: Diagnostic[] = [...problems];
  const usable = services.filter((service) => {
    if (!isForShells(options.format) || isShellName(service.name.replaceAll('-', '_'))) return true;
    diagnostics.push(notForShells(service));
    return false;
  });
  const variables = new Map<string, EnvVariable>();
  for (const variable of usable.flatMap(variablesOf)) {
    const other = variables.get(variable.name);
    if (other !== undefined) diagnostics.push(sameVariable(variable, other));
    variables.delete(variable.name);
    variables.set(variable.name, variable);
  }
  return { text: printEnv([...variables.values()], options.format), diagnostics };
}

function notForShells(service: Service): Diagnostic {
  return aboutField('Service', service, ['metadata', 'name'], {
    code: 'env-name-for-shells',
    severity: 'warning',
    message: `"${service.name}" starts with a digit, as its variables would: shells have no such names`,
    hint: 'its variables are left out; --output docker, json and yaml have them',
  });
}

function sameVariable({ name, service }: EnvVariable, other: EnvVariable): Diagnostic {
  return aboutField('Service', service, ['metadata', 'name'], {
    code: 'env-names-distinct',
    severity: 'warning',
    message: `"${service.name}" and "${other.service.name}" both make the variable ${name}`,
    hint: `the value of "${service.name}" is printed; a kubelet takes either: rename one of them`,
    related: [
      { message: `"${other.service.name}" is here`, span: other.service.locate(['metadata', 'name']) },
    ],
  });
}
