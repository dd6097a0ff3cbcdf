import type { FieldPath } from '../../../model/field-path.ts';
import { labelOf } from '../../diagnose.ts';
import type { ClusterFinding } from '../../rule.ts';
import type { ClusterRule } from './cluster-rule.ts';
import type { AddressClaim, AddressConflict } from './view/address-claims.ts';
import { clusterIPField } from './view/cluster-ip-owners.ts';
import type { NodePortClaim, NodePortConflict } from './view/node-port-claims.ts';
import type { Repetition } from './view/repetitions.ts';

/** A cluster keeps one object a kind, namespace and name: whatever is applied last. */
export const objectUnique = {
  code: 'object-unique',
  category: 'cross',
  severity: 'error',
  summary: 'two objects of one kind, namespace and name',
  explanation: `A cluster keeps one object for each kind, namespace and name. Of two definitions in one input the one
that is applied last would win, so what the input means would depend on its order. Equal definitions are one. Different
ones in different folders below one that was given are alternatives to svcgen validate, such as overlays for several
environments: an info, and the first is looked at. --duplicates says which one counts, --each looks at every file alone.`,
  *check(_, { view }) {
    for (const repetition of view.repetitions) yield findingOf(repetition);
  },
} as const satisfies ClusterRule;

function findingOf({ kind, object, first }: Repetition): ClusterFinding {
  return {
    kind,
    object,
    field: ['metadata', 'name'],
    message: `${labelOf(kind, object)} is defined already`,
    hint: 'remove or rename one of them, or say with --duplicates which one counts',
    related: [{ kind, object: first, field: ['metadata', 'name'], message: 'the first definition' }],
  };
}

/** What to say of an address and port that lead to another Service. */
function addressFinding({ claim, first, ports }: AddressConflict): ClusterFinding {
  const owner = labelOf('Service', first.service);
  return {
    kind: 'Service',
    object: claim.service,
    field: fieldOf(claim),
    message: `${claim.kind} ${claim.ip} with ${portsOf(ports)} leads to ${owner} already`,
    hint: 'Services can share an address, but each of its ports belongs to one: change the port or the address',
    related: [
      {
        kind: 'Service',
        object: first.service,
        field: fieldOf(first),
        message: `${first.kind} of ${owner}`,
      },
    ],
  };
}

const MAX_PORTS = 3;

function portsOf(ports: readonly string[]): string {
  const more = ports.length > MAX_PORTS ? ` and ${ports.length - MAX_PORTS} more` : '';
  return `${ports.length === 1 ? 'port' : 'ports'} ${ports.slice(0, MAX_PORTS).join(', ')}${more}`;
}

const MAX_INGRESS = 16;

/**
 * The model keeps only those entries of an ingress list that nodes use, so their places are looked for: the first
 * entry that spells the address. The list as a whole when none does.
 */
function fieldOf({ kind, service, ip, field }: AddressClaim): FieldPath {
  if (kind !== 'load-balancer address') return field;
  for (let index = 0; index < MAX_INGRESS; index += 1) {
    const path = [...field, index, 'ip'];
    const { text, start, length } = service.locate(path).excerpt;
    if (text.slice(start, start + length).replace(/["']/g, '') === ip) return path;
  }
  return field;
}

/** What to say of a number that another Service has. */
function nodePortFinding({ claim, first }: NodePortConflict): ClusterFinding {
  const owner = labelOf('Service', first.service);
  return {
    kind: 'Service',
    object: claim.service,
    field: claim.field,
    message: `${claim.kind} ${claim.number} is the ${first.kind} of ${owner} already${protocolNote(claim, first)}`,
    hint: 'choose another number, or leave it out to have a free one allocated',
    related: [{ kind: 'Service', object: first.service, field: first.field, message: `taken by ${owner}` }],
  };
}

function protocolNote(claim: NodePortClaim, first: NodePortClaim): string {
  const [own, other] = [protocolOf(claim), protocolOf(first)];
  if (own === undefined || other === undefined || own === other) return '';
  return `, for ${other}; ${own} and ${other} share a number only within one Service`;
}

function protocolOf({ service, kind, field }: NodePortClaim): string | undefined {
  return kind === 'nodePort' ? service.ports[Number(field[2])]?.protocol : undefined;
}

/** The API server's allocator of cluster IPs (pkg/registry/core/service/ipallocator, 1.34). */
export const clusterIPNotTaken = {
  code: 'cluster-ip-not-taken',
  category: 'cross',
  severity: 'error',
  summary: 'a clusterIP that another Service has',
  explanation: `The API server allocates every clusterIP once and refuses a Service that asks for one that is taken. On a
node, connections to the address would go to whichever Service comes first.`,
  *check(_, { view }) {
    for (const { service, index, owner } of view.clusterIPs.conflicts) {
      const ip = service.clusterIPs[index] ?? '';
      yield {
        kind: 'Service',
        object: service,
        field: clusterIPField(index),
        message: `clusterIP ${ip} belongs to ${labelOf('Service', owner)} already`,
        hint: 'choose another address, or leave it out to have a free one allocated',
        related: [
          {
            kind: 'Service',
            object: owner,
            field: clusterIPField(owner.clusterIPs.indexOf(ip)),
            message: `taken by ${labelOf('Service', owner)}`,
          },
        ],
      };
    }
  },
} as const satisfies ClusterRule;

/** Nobody allocates external IPs: kube-proxy makes rules for both Services, in the order of a Go map. */
export const externalIPNotTaken = {
  code: 'external-ip-not-taken',
  category: 'cross',
  severity: 'warning',
  summary: 'an external IP, port and protocol that lead to another Service already',
  explanation: `Nodes take connections to an external IP by address, port and protocol. The API server lets two Services have
the same three, but a node sends every connection to one of them, and the other gets none: kube-proxy lets chance decide,
in svcgen the first by namespace and name has them. An external IP that equals a clusterIP or load-balancer address of
another Service can take over its connections. Services may share an address as long as their ports differ.`,
  *check(_, { view }) {
    for (const conflict of view.addressConflicts) {
      if (conflict.claim.kind === 'external IP') yield addressFinding(conflict);
    }
  },
} as const satisfies ClusterRule;

/** The API server's allocator of node ports (pkg/registry/core/service/portallocator, 1.34). */
export const healthCheckNodePortNotTaken = {
  code: 'health-check-node-port-not-taken',
  category: 'cross',
  severity: 'error',
  summary: 'a healthCheckNodePort that another Service has, for that or as a nodePort',
  explanation: `A load balancer asks every node on the healthCheckNodePort whether it has local endpoints. The number comes
from the same range and the same allocator as nodePorts, which gives each number to one Service. Two Services that
share it would answer for each other.`,
  *check(_, { view }) {
    for (const conflict of view.nodePortConflicts) {
      if (conflict.claim.kind === 'healthCheckNodePort') yield nodePortFinding(conflict);
    }
  },
} as const satisfies ClusterRule;

/** kube-proxy makes rules for both Services, in the order of a Go map. */
export const loadBalancerIPNotTaken = {
  code: 'load-balancer-ip-not-taken',
  category: 'cross',
  severity: 'warning',
  summary: 'a load-balancer address, port and protocol that lead to another Service already',
  explanation: `Nodes take connections to a load-balancer address by address, port and protocol. Load balancers may share an
address between Services whose ports differ; with the same port a node sends every connection to one of them, and the
other gets none: kube-proxy lets chance decide, in svcgen the first by namespace and name has them. Entries with ipMode
Proxy don't count: nodes make no rules for them.`,
  *check(_, { view }) {
    for (const conflict of view.addressConflicts) {
      if (conflict.claim.kind === 'load-balancer address') yield addressFinding(conflict);
    }
  },
} as const satisfies ClusterRule;

/** The API server's allocator of node ports (pkg/registry/core/service/portallocator, 1.34). */
export const nodePortNotTaken = {
  code: 'node-port-not-taken',
  category: 'cross',
  severity: 'error',
  summary: 'a nodePort that another Service has',
  explanation: `The API server allocates every node port once in the whole cluster, and refuses a Service that asks for one
that is taken, be it by another protocol: TCP and UDP can share a number within one Service only. On a node,
connections to the port would go to whichever Service comes first.`,
  *check(_, { view }) {
    for (const conflict of view.nodePortConflicts) {
      if (conflict.claim.kind === 'nodePort') yield nodePortFinding(conflict);
    }
  },
} as const satisfies ClusterRule;
