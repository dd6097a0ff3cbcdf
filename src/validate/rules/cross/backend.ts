import { didYouMean } from '../../../diagnostic/did-you-mean.ts';
import { listNames } from '../../../diagnostic/report.ts';
import { isHeadless } from '../../../kubernetes/services.ts';
import type { ObjectMeta, Service } from '../../../model/cluster.ts';
import type { ClusterFinding } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';
import type { ClusterContext, ClusterRule } from './cluster-rule.ts';
import type { BackendRef } from './view/backend-refs.ts';
import type { ClusterView } from './view/cluster-view.ts';
import { findMovable, type Movable } from './view/movable.ts';
import type { Candidate } from './view/pod-selection.ts';

/** Controllers of Ingresses and routes answer with an error (503, as a rule) where a backend is missing. */
export const backendServiceExists = {
  code: 'backend-service-exists',
  category: 'cross',
  severity: 'warning',
  summary: 'an Ingress or a route that names a Service which is not there, or a port that it does not have',
  explanation: `The backend of an Ingress, or of an HTTPRoute and its like, is a Service by name and one of its ports. Where there is
none, controllers answer requests with an error. Only namespaces of which the input holds Services are looked at. A Service
that a chart or an operator makes is silenced with the annotation svcgen/ignore: backend-service-exists; where the input has the
custom resource that it seems to be made for, or a Service of that name that a kustomization may put into the namespace, this is an info.`,
  *check(cluster, context) {
    const { isKnown, areTogether } = neighboursOf(context);
    const movable = findMovable(cluster, context.options.unfinished);
    for (const ref of context.view.backendRefs) {
      const { kind, object, name, namespace } = ref;
      if (!isKnown(object, namespace, name)) {
        const origin = originOf(ref, movable, context.view);
        yield {
          kind,
          object,
          field: ref.field,
          message: `there is no Service ${quoteValue(name)} in namespace ${namespace}`,
          ...(origin ?? hintOfNames(name, context.view.serviceNames(namespace))),
        };
        continue;
      }
      const service = context.view.serviceOf(namespace, name);
      if (service === undefined || service.type === 'ExternalName' || hasPort(service, ref)) continue;
      if (!areTogether(object, service)) continue;
      const ports = service.ports.map((port) =>
        port.name === '' ? port.port : `${port.name} (${port.port})`,
      );
      const message = `Service ${namespace}/${name} has no port ${typeof ref.port === 'string' ? quoteValue(ref.port) : ref.port}`;
      yield {
        kind,
        object,
        field: ref.portField,
        message,
        hint: `${ports.length === 1 ? 'its only port is' : 'its ports are'} ${listNames(ports.map(String))}`,
      };
    }
  },
} as const satisfies ClusterRule;

/** The StatefulSet controller makes no Service: DNS knows pods under the one that is named, if it is there. */
export const statefulSetHasService = {
  code: 'stateful-set-has-service',
  category: 'cross',
  severity: 'warning',
  summary: 'a StatefulSet whose serviceName is no Service in the input',
  explanation: `Pods of a StatefulSet have names in DNS (web-0.NAME) when there is a headless Service of the name that
spec.serviceName says, which nobody makes by itself. Many StatefulSets never use these names: it is a warning where a Service
has nearly that name, and the StatefulSet itself another one, or where one is headless and selects these pods, else an info. Only namespaces of which the input holds Services are
looked at.`,
  *check({ workloads }, context) {
    const { isKnown } = neighboursOf(context);
    const { view } = context;
    let governed: ReadonlySet<Candidate> | undefined;
    for (const workload of workloads) {
      const { kind, namespace, name, serviceName = '' } = workload;
      if (serviceName === '' || isKnown(workload, namespace, serviceName)) continue;
      const names = view.serviceNames(namespace);
      governed ??= underHeadless(view);
      const isSlip =
        governed.has(workload) || (serviceName !== name && didYouMean(serviceName, names) !== undefined);
      yield {
        kind,
        object: workload,
        field: ['spec', 'serviceName'],
        message: `there is no Service ${quoteValue(serviceName)} in namespace ${namespace}, so DNS will not know these pods`,
        ...(isSlip ? {} : ({ severity: 'info' } as const)),
        ...hintOfNames(serviceName, names),
      };
    }
  },
} as const satisfies ClusterRule;

/** Pods and workloads that headless Services select. Services with one selector share their list. */
function underHeadless({ services, pods }: ClusterView): ReadonlySet<Candidate> {
  const lists = new Set(
    services.flatMap(({ service }) => (isHeadless(service) ? [pods.selectedBy(service)] : [])),
  );
  return new Set([...lists].flat());
}

/** Tells of Services whether an object may rely on them. */
interface Neighbours {
  /** It is there, or nobody can tell: its namespace has no Services here, or the Service has errors of its own. */
  readonly isKnown: (object: ObjectMeta, namespace: string, name: string) => boolean;
  /** The object and the Service are meant for one cluster. */
  readonly areTogether: (object: ObjectMeta, service: Service) => boolean;
}

/**
 * Where files of a tree may be alternatives to each other, a Service counts as missing only where the object's own folder has
 * some of its namespace, and it lacks a port only where both are in one file.
 */
function neighboursOf({ view, withheld, options }: ClusterContext): Neighbours {
  const fileOf = ({ locate }: ObjectMeta) => locate([]).file;
  const folderOf = (object: ObjectMeta) => options.folders.get(fileOf(object));
  let foldersOf: ReadonlyMap<string, ReadonlySet<string | undefined>> | undefined;
  const hasServices = (object: ObjectMeta, namespace: string) => {
    if (view.serviceNames(namespace).length === 0) return false;
    if (!options.alternatives) return true;
    foldersOf ??= groupFolders(view.services, folderOf);
    return foldersOf.get(namespace)?.has(folderOf(object)) === true;
  };
  return {
    isKnown: (object, namespace, name) =>
      view.serviceOf(namespace, name) !== undefined ||
      withheld.has(`Service ${namespace}/${name}`) ||
      !hasServices(object, namespace),
    areTogether: (object, service) => !options.alternatives || fileOf(object) === fileOf(service),
  };
}

/** By namespace. */
function groupFolders(
  services: readonly { readonly service: Service }[],
  folderOf: (object: ObjectMeta) => string | undefined,
): ReadonlyMap<string, ReadonlySet<string | undefined>> {
  const folders = new Map<string, Set<string | undefined>>();
  for (const { service } of services) {
    const known = folders.get(service.namespace) ?? new Set();
    folders.set(service.namespace, known.add(folderOf(service)));
  }
  return folders;
}

function hasPort({ ports }: Service, { port }: BackendRef): boolean {
  if (port === undefined) return true;
  return ports.some((each) => (typeof port === 'number' ? each.port === port : each.name === port));
}

/** What makes a missing Service no slip: a build may move one, or an operator make one for a resource of the input. */
function originOf(
  { object, namespace, name }: BackendRef,
  movable: Movable,
  { unknownPods }: ClusterView,
): Pick<ClusterFinding, 'severity' | 'hint'> | undefined {
  if (movable.hasService(object, name)) {
    return {
      severity: 'info',
      hint: 'one of that name is there, if a kustomization puts both into one namespace: kubectl kustomize FOLDER | svcgen validate -',
    };
  }
  const maker = unknownPods.makerOfService(namespace, name);
  if (maker === undefined) return undefined;
  return {
    severity: 'info',
    hint: `an operator may make it for ${maker}: silence this with the annotation svcgen/ignore: backend-service-exists`,
  };
}

function hintOfNames(name: string, names: readonly string[]) {
  const meant = didYouMean(name, names);
  if (meant !== undefined) return { hint: `did you mean ${meant}?` };
  return { hint: `${names.length === 1 ? 'its only Service is' : 'its Services are'} ${listNames(names)}` };
}
