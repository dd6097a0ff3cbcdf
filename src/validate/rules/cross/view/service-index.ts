import type { EndpointSlice, Endpoints, Service } from '../../../../model/cluster.ts';

/** A Service, and what the input has for it. */
export interface ServiceView {
  readonly service: Service;
  /** The Endpoints object of its name. */
  readonly endpoints: Endpoints | undefined;
  readonly slices: readonly EndpointSlice[];
}

/** The Services of a cluster by name, and what belongs to none of them. */
export interface ServiceIndex {
  /** Every Service once, in order: of those with one name, only the first. */
  readonly services: readonly ServiceView[];
  readonly byNamespace: ReadonlyMap<string, ReadonlyMap<string, ServiceView>>;
  /** Slices that hold endpoints, but belong to no Service. */
  readonly orphans: readonly EndpointSlice[];
}

interface ServiceDraft {
  readonly service: Service;
  endpoints: Endpoints | undefined;
  slices: EndpointSlice[];
}

type DraftIndex = ReadonlyMap<string, ReadonlyMap<string, ServiceDraft>>;

interface Parts {
  readonly services: readonly Service[];
  readonly endpoints: readonly Endpoints[];
  readonly endpointSlices: readonly EndpointSlice[];
}

/** Takes time linear in the number of objects. */
export function indexServices({ services, endpoints, endpointSlices }: Parts): ServiceIndex {
  const drafts: ServiceDraft[] = [];
  const byNamespace = addServices(services, drafts);
  for (const object of endpoints) {
    const draft = byNamespace.get(object.namespace)?.get(object.name);
    if (draft !== undefined) draft.endpoints ??= object;
  }
  return { services: drafts, byNamespace, orphans: addSlices(endpointSlices, byNamespace) };
}

/** Objects are sorted by namespace, so a map of names serves many in a row. */
function addServices(services: readonly Service[], drafts: ServiceDraft[]): DraftIndex {
  const byNamespace = new Map<string, Map<string, ServiceDraft>>();
  let names = new Map<string, ServiceDraft>();
  let last: Service | undefined;
  for (const service of services) {
    if (service.namespace !== last?.namespace) {
      names = new Map();
      byNamespace.set(service.namespace, names);
    } else if (service.name === last.name) continue;
    last = service;
    const draft: ServiceDraft = { service, endpoints: undefined, slices: [] };
    drafts.push(draft);
    names.set(service.name, draft);
  }
  return byNamespace;
}

function addSlices(slices: readonly EndpointSlice[], byNamespace: DraftIndex): readonly EndpointSlice[] {
  const orphans: EndpointSlice[] = [];
  let namespace: string | undefined;
  let names: ReadonlyMap<string, ServiceDraft> | undefined;
  for (const slice of slices) {
    if (slice.namespace !== namespace) {
      ({ namespace } = slice);
      names = byNamespace.get(namespace);
    }
    const draft = names?.get(slice.serviceName);
    if (draft !== undefined) addSlice(draft, slice);
    else if (slice.endpoints.length > 0) orphans.push(slice);
  }
  return orphans;
}

/** Nearly all Services have one slice: a list that is made with it takes half the memory of one that grows to it. */
function addSlice(draft: ServiceDraft, slice: EndpointSlice): void {
  if (draft.slices.length === 0) draft.slices = [slice];
  else draft.slices.push(slice);
}
