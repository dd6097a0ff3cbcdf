import type { ClusterView } from './cluster-view.ts';

/** Names of Services, for hints about a name that none has. */
export interface ServiceNames {
  /** A namespace in which some Service has this name. */
  readonly namespaceOf: (name: string) => string | undefined;
  readonly hasNamespace: (namespace: string) => boolean;
  /** Names that may be meant: those of Services without endpoints, the first hundred of them. */
  readonly waitingIn: (namespace: string) => readonly string[];
}

/** Comparing every unknown name with every Service would take the square of their number. */
const MAX_WAITING = 100;

/** Takes time linear in the number of Services. */
export function readServiceNames({ services }: ClusterView): ServiceNames {
  const namespaces = new Map<string, string>();
  const waiting = new Map<string, string[]>();
  for (const { service, endpoints, slices } of services) {
    const { namespace, name } = service;
    if (!namespaces.has(name)) namespaces.set(name, namespace);
    const names = waiting.get(namespace) ?? [];
    waiting.set(namespace, names);
    const isWaiting = endpoints === undefined && slices.length === 0;
    if (isWaiting && names.length < MAX_WAITING) names.push(name);
  }
  return {
    namespaceOf: (name) => namespaces.get(name),
    hasNamespace: (namespace) => waiting.has(namespace),
    waitingIn: (namespace) => waiting.get(namespace) ?? [],
  };
}
