import { didYouMean } from '../../../diagnostic/did-you-mean.ts';
import { hasSelector } from '../../../kubernetes/services.ts';
import { labelOf } from '../../diagnose.ts';
import { quoteValue } from '../../shape/describe-value.ts';
import type { ClusterRule } from './cluster-rule.ts';
import { type NamedTargetPort, targetPortField } from './view/named-target-ports.ts';
import { type Candidate, containerPortsOf, kindOf, podPathOf } from './view/pod-selection.ts';

/** FindPort (pkg/api/v1/pod, 1.34) looks for the name among the container ports of each pod. */
export const targetPortDefinedEverywhere = {
  code: 'target-port-defined-everywhere',
  category: 'cross',
  severity: 'warning',
  summary: 'a named targetPort that only some of the pods define',
  explanation: `A targetPort that is a name stands for the container port of that name, pod by pod. Pods that the selector
matches but that have no such port get no connections. Most often the selector is too wide and matches pods of another
workload as well.`,
  *check(_, { view }) {
    for (const { service, index, targetPort, pods } of view.namedTargetPorts) {
      const { definers, candidates, lacking } = pods;
      if (definers === 0 || lacking === undefined) continue;
      yield {
        kind: 'Service',
        object: service,
        field: targetPortField(index),
        message: `targetPort ${quoteValue(targetPort)} is a container port of only ${definers} of the ${candidates.length} pods and pod templates that the selector matches`,
        hint: `give the others a container port of that name, or narrow the selector`,
        related: [
          {
            kind: kindOf(lacking),
            object: lacking,
            field: [...podPathOf(lacking), 'spec', 'containers', 0, 'ports'],
            message: `${labelOf(kindOf(lacking), lacking)} has no such port`,
          },
        ],
      };
    }
  },
} as const satisfies ClusterRule;

/** How many candidates a hint names ports of. */
const MAX_LOOKED_AT = 20;

/** FindPort (pkg/api/v1/pod, 1.34) looks for the name among the container ports of each pod. */
export const targetPortDefined = {
  code: 'target-port-defined',
  category: 'cross',
  severity: 'warning',
  summary: 'a named targetPort that no pod which the selector matches defines',
  explanation: `A targetPort that is a name stands for the container port of that name, pod by pod. When none of the pods
and pod templates that the selector matches has such a port, the Service port has no endpoints and refuses every
connection. Sidecars count (init containers with restartPolicy Always), pods of jobs do not.`,
  *check(_, { view }) {
    for (const target of view.namedTargetPorts) {
      const { service, index, targetPort, pods } = target;
      const [first] = pods.candidates;
      if (pods.definers > 0 || pods.otherProtocol !== undefined || first === undefined) continue;
      yield {
        kind: 'Service',
        object: service,
        field: targetPortField(index),
        message: `targetPort ${quoteValue(targetPort)} is no container port of the pods that the selector matches`,
        hint: suggest(target),
        related: [
          {
            kind: kindOf(first),
            object: first,
            field: [...podPathOf(first), 'spec', 'containers', 0, 'ports'],
            message: describePorts(first),
          },
        ],
      };
    }
  },
} as const satisfies ClusterRule;

function suggest({ targetPort, pods }: NamedTargetPort): string {
  const names = pods.candidates.slice(0, MAX_LOOKED_AT).flatMap(namesOf);
  const near = didYouMean(targetPort, names);
  if (near !== undefined) return `did you mean ${quoteValue(near)}?`;
  return `give a container port the name ${quoteValue(targetPort)}, or use a port number`;
}

function describePorts(candidate: Candidate): string {
  const names = namesOf(candidate).map(quoteValue);
  const owner = labelOf(kindOf(candidate), candidate);
  return names.length === 0 ? `${owner} names no container port` : `${owner} has ${names.join(', ')}`;
}

function namesOf(candidate: Candidate): readonly string[] {
  return containerPortsOf(candidate).flatMap(({ name }) => (name === '' ? [] : [name]));
}

/** Nothing upstream: containers may listen on ports that they do not declare. */
export const targetPortDeclared = {
  code: 'target-port-declared',
  category: 'cross',
  severity: 'info',
  summary: 'a targetPort whose number no container declares, while others are declared',
  explanation: `A container may listen on any port, declared or not, so that such a Service may well work. Where all the pods that
the selector matches declare ports, and none of them declares this one, the number is often a slip.`,
  *check(_, { view }) {
    if (view.pods.isEmpty) return;
    for (const { service } of view.services) {
      const numbers = service.ports.some(({ targetPort }) => typeof targetPort === 'number');
      const candidates = numbers && hasSelector(service) ? view.pods.selectedBy(service) : [];
      const [first] = candidates;
      const lists = candidates.slice(0, MAX_LOOKED_AT).map(containerPortsOf);
      if (first === undefined || lists.some((ports) => ports.length === 0)) continue;
      const declared = new Set(lists.flatMap((ports) => ports.map((port) => port.containerPort)));
      for (const [index, { targetPort }] of service.ports.entries()) {
        if (typeof targetPort !== 'number' || declared.has(targetPort)) continue;
        yield {
          kind: 'Service',
          object: service,
          field: targetPortField(index),
          message: `no container declares targetPort ${targetPort}: ${labelOf(kindOf(first), first)} has ${[...declared].join(', ')}`,
          hint: 'check the number, or declare the port',
        };
      }
    }
  },
} as const satisfies ClusterRule;

/** FindPort (pkg/api/v1/pod, 1.34) compares name and protocol. */
export const targetPortProtocol = {
  code: 'target-port-protocol',
  category: 'cross',
  severity: 'warning',
  summary: 'a named targetPort that pods define for another protocol',
  explanation: `A targetPort that is a name stands for the container port with that name and with the protocol of the Service
port. A container port of the name but with another protocol does not count, so such pods get no connections. The
protocol is TCP where none is given, in both places.`,
  *check(_, { view }) {
    for (const { service, index, port, targetPort, pods } of view.namedTargetPorts) {
      const first = pods.otherProtocol;
      if (first === undefined) continue;
      const protocols = protocolsOf(first, targetPort);
      yield {
        kind: 'Service',
        object: service,
        field: targetPortField(index),
        message: `targetPort ${quoteValue(targetPort)} is a ${port.protocol} port, but ${labelOf(kindOf(first), first)} defines it for ${protocols}`,
        hint: 'give both the same protocol (TCP when left out)',
        related: [
          {
            kind: kindOf(first),
            object: first,
            field: [...podPathOf(first), 'spec', 'containers', 0, 'ports'],
            message: `container port ${quoteValue(targetPort)} (${protocols})`,
          },
        ],
      };
    }
  },
} as const satisfies ClusterRule;

function protocolsOf(candidate: Candidate, name: string): string {
  const ports = containerPortsOf(candidate).filter((port) => port.name === name);
  return [...new Set(ports.map(({ protocol }) => protocol))].join(' and ');
}
