import fc from 'fast-check';
import type { Cluster, EndpointSlice, Service, SliceEndpoint } from '../../../src/model/cluster.ts';
import { arbitraryNode, type NodeCase } from './arbitrary-node.ts';

/** One node before and after a change of its cluster. */
export interface NodeChangeCase {
  readonly before: NodeCase;
  readonly after: NodeCase;
}

/** A small change of one Service, or of its slice. */
type Edit = (cluster: Cluster, at: number) => Cluster;

const EDITS: readonly Edit[] = [
  editService(({ internalTrafficPolicy: policy }) => ({
    internalTrafficPolicy: policy === 'Local' ? 'Cluster' : 'Local',
  })),
  editService(({ externalTrafficPolicy: policy }) => ({
    externalTrafficPolicy: policy === 'Local' ? 'Cluster' : 'Local',
  })),
  editService(({ sessionAffinitySeconds: seconds }) => ({
    sessionAffinitySeconds: seconds === undefined ? 60 : undefined,
  })),
  editService(() => ({ loadBalancerSourceRanges: [], externalIPs: [] })),
  editService(({ ports }) => ({ ports: ports.slice(1) })),
  editService(({ ports }) => ({ ports: ports.map((port) => ({ ...port, port: port.port + 500 })) })),
  editEndpoints((endpoints) => endpoints.slice(1)),
  editEndpoints(([first, ...others]) =>
    first === undefined ? [] : [{ ...first, nodeName: 'here' }, ...others],
  ),
  editEndpoints(([first, ...others]) =>
    first === undefined ? [] : [{ ...first, ready: !first.ready }, ...others],
  ),
  editEndpoints((endpoints) => endpoints.map((each) => ({ ...each, nodeName: 'there' }))),
  (cluster, at) => ({ ...cluster, services: cluster.services.filter((_, index) => index !== at) }),
];

function editService(edit: (service: Service) => Partial<Service>): Edit {
  return (cluster, at) => ({
    ...cluster,
    services: cluster.services.map((each, index) => (index === at ? { ...each, ...edit(each) } : each)),
  });
}

function editEndpoints(edit: (endpoints: readonly SliceEndpoint[]) => readonly SliceEndpoint[]): Edit {
  const edited = (slice: EndpointSlice) => ({ ...slice, endpoints: edit(slice.endpoints) });
  return (cluster, at) => ({
    ...cluster,
    endpointSlices: cluster.endpointSlices.map((each, index) => (index === at ? edited(each) : each)),
  });
}

const edits = fc.array(fc.record({ edit: fc.constantFrom(...EDITS), at: fc.nat({ max: 3 }) }), {
  minLength: 1,
  maxLength: 3,
});

/** Now and then another cluster altogether, mostly a few edits; not always a change. */
export const arbitraryChange: fc.Arbitrary<NodeChangeCase> = fc
  .record({
    before: arbitraryNode,
    other: arbitraryNode,
    edits,
    isOther: fc.constantFrom(false, false, true),
  })
  .map(({ before, other, edits: all, isOther }) => {
    if (isOther && other.network === before.network)
      return { before, after: { ...before, cluster: other.cluster } };
    const cluster = all.reduce((edited, { edit, at }) => edit(edited, at), before.cluster);
    return { before, after: { ...before, cluster } };
  });
