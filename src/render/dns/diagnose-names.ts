import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { aboutField, listNames } from '../../diagnostic/report.ts';
import { objectKey, type Service } from '../../model/cluster.ts';
import { parseIP } from '../../model/ip.ts';
import type { RenderCode } from '../codes.ts';

/** Problems of ExternalName Services: names that lead back to themselves, and addresses, which are no names. */
export function* diagnoseExternalNames(
  services: readonly Service[],
  clusterDomain: string,
): Generator<Diagnostic> {
  const targets = new Map<string, string>();
  for (const service of services) {
    const target = targetOf(service);
    if (target !== undefined)
      targets.set(`${service.name}.${service.namespace}.svc.${clusterDomain}`, target);
  }
  const loops = findLoops(targets);
  for (const service of services) {
    const target = targetOf(service);
    if (target === undefined) continue;
    if (loops.has(`${service.name}.${service.namespace}.svc.${clusterDomain}`)) yield loop(service, target);
    if (parseIP(target) !== undefined) yield notAName(service, target);
  }
}

/** Records left out because their names do not fit. */
export function longName(service: Service, names: readonly string[]): Diagnostic {
  return aboutField<RenderCode>('Service', service, ['metadata', 'name'], {
    code: 'dns-name-length',
    severity: 'warning',
    message: `"${objectKey(service)}" makes names too long for DNS: ${listNames(names)}`,
    hint: 'records of these names are left out; labels have at most 63 characters, whole names 253',
  });
}

/** A host name that looks like the address of another endpoint. */
export function sharedLabel(service: Service, label: string): Diagnostic {
  return aboutField<RenderCode>('Service', service, ['metadata', 'name'], {
    code: 'dns-names-distinct',
    severity: 'warning',
    message: `"${label}" is the host name of one endpoint of "${objectKey(service)}", and stands for the address of another`,
    hint: 'the name has the addresses of both; give the pod another hostname',
  });
}

function targetOf({ type, externalName }: Service): string | undefined {
  return type === 'ExternalName' ? externalName?.replace(/\.$/, '') : undefined;
}

/** Names from which following the targets leads back to the name itself. Each is looked at once. */
function findLoops(targets: ReadonlyMap<string, string>): ReadonlySet<string> {
  const loops = new Set<string>();
  const done = new Set<string>();
  for (const start of targets.keys()) {
    const path: string[] = [];
    const onPath = new Map<string, number>();
    let name: string | undefined = start;
    while (name !== undefined && targets.has(name) && !done.has(name) && !onPath.has(name)) {
      onPath.set(name, path.length);
      path.push(name);
      name = targets.get(name);
    }
    const from = name === undefined ? undefined : onPath.get(name);
    if (from !== undefined) for (const member of path.slice(from)) loops.add(member);
    for (const member of path) done.add(member);
  }
  return loops;
}

function loop(service: Service, target: string): Diagnostic {
  return aboutField<RenderCode>('Service', service, ['spec', 'externalName'], {
    code: 'external-name-ends',
    severity: 'warning',
    message: `"${target}" leads back to "${objectKey(service)}" itself, so the name never resolves`,
    hint: 'name a host outside of this circle of Services',
  });
}

function notAName(service: Service, target: string): Diagnostic {
  return aboutField<RenderCode>('Service', service, ['spec', 'externalName'], {
    code: 'external-name-is-name',
    severity: 'warning',
    message: `"${target}" looks like an address, but DNS takes it for a host name that nobody has`,
    hint: 'for an address, make a Service without selector, and an EndpointSlice that holds it',
  });
}
