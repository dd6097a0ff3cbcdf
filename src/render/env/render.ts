import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { aboutField, aboutRun, listNames } from '../../diagnostic/report.ts';
import { isAPIServer, virtualIPs } from '../../kubernetes/services.ts';
import { isShellName } from '../../lang/text/quote.ts';
import type { Cluster, ObjectMeta, Service } from '../../model/cluster.ts';
import type { RenderCode } from '../codes.ts';
import { type EnvFormat, isForShells, printEnv } from './print.ts';
import { type EnvVariable, variablesOf } from './variables.ts';

/** For whom variables are made, and as what. */
export interface EnvAudience {
  readonly namespace: string;
  /** Name of a pod in that namespace; undefined: any pod that has service links. */
  readonly pod?: string;
  readonly format: EnvFormat;
}

/** The text, in chunks, and what the user should know about it. */
export interface EnvRendering {
  readonly text: Iterable<string>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The service variables that the kubelet gives a pod, by name of the Service. Where two Services make one variable,
 * the kubelet leaves to chance which one wins; here it is the one whose name comes later. Services must have their
 * addresses: run it on what `allocate` gives.
 */
export function renderEnv(cluster: Cluster, options: EnvAudience): EnvRendering {
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
  const text = { [Symbol.iterator]: () => printEnv([...variables.values()], options.format) };
  return { text, diagnostics };
}

function notForShells(service: Service): Diagnostic {
  return aboutField<RenderCode>('Service', service, ['metadata', 'name'], {
    code: 'env-name-for-shells',
    severity: 'warning',
    message: `"${service.name}" starts with a digit, as its variables would: shells have no such names`,
    hint: 'its variables are left out; --output docker, json and yaml have them',
  });
}

function sameVariable({ name, service }: EnvVariable, other: EnvVariable): Diagnostic {
  return aboutField<RenderCode>('Service', service, ['metadata', 'name'], {
    code: 'env-names-distinct',
    severity: 'warning',
    message: `"${service.name}" and "${other.service.name}" both make the variable ${name}`,
    hint: `the value of "${service.name}" is printed; a kubelet takes either: rename one of them`,
    related: [
      { message: `"${other.service.name}" is here`, span: other.service.locate(['metadata', 'name']) },
    ],
  });
}

/** The Services whose variables a pod gets, by name. */
interface EnvScope {
  readonly services: readonly Service[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The Services that the kubelet tells a pod of (`getServiceEnvVarMap`, 1.34): those of its namespace, unless it has
 * `enableServiceLinks: false`, and always `kubernetes` of `default`, which a Service of that name in the pod's own
 * namespace hides. Sorted by name.
 */
function envScope(cluster: Cluster, target: EnvAudience): EnvScope {
  const { namespace } = target;
  const pod = cluster.pods.find((each) => each.namespace === namespace && each.name === target.pod);
  const problem =
    unknownNamespace(cluster, namespace) ?? (pod === undefined ? unknownPod(cluster, target) : undefined);
  if (problem !== undefined) return { services: [], diagnostics: [problem] };
  const services = new Map<string, Service>();
  for (const service of cluster.services) {
    if (isAPIServer(service)) services.set(service.name, service);
  }
  if (pod?.enableServiceLinks !== false) {
    for (const service of cluster.services) {
      if (service.namespace === namespace && virtualIPs(service).length > 0)
        services.set(service.name, service);
    }
  }
  return { services: [...services.values()].sort((a, b) => (a.name < b.name ? -1 : 1)), diagnostics: [] };
}

/** undefined: something of the input is in it. */
export function unknownNamespace(cluster: Cluster, namespace: string): Diagnostic | undefined {
  const lists: readonly (readonly ObjectMeta[])[] = [
    cluster.services,
    cluster.pods,
    cluster.endpoints,
    cluster.endpointSlices,
    cluster.workloads,
  ];
  const seen = new Set(lists.flatMap((list) => list.map((object) => object.namespace)));
  if (seen.has(namespace)) return undefined;
  return aboutRun<RenderCode>({
    code: 'namespace-known',
    severity: 'error',
    message: `no object in the input is in namespace "${namespace}"`,
    hint:
      seen.size === 0
        ? 'the input holds no Services: give the files or folders that do'
        : `--namespace takes one of ${listNames([...seen].sort())}`,
  });
}

function unknownPod(cluster: Cluster, { namespace, pod }: EnvAudience): Diagnostic | undefined {
  if (pod === undefined) return undefined;
  const names = cluster.pods.filter((each) => each.namespace === namespace).map(({ name }) => name);
  return aboutRun<RenderCode>({
    code: 'pod-known',
    severity: 'error',
    message: `there is no pod "${pod}" in namespace "${namespace}"`,
    hint:
      names.length === 0
        ? 'the input holds no pods of that namespace: leave out --pod for the variables that any pod gets'
        : `--pod takes one of ${listNames(names)}`,
  });
}
