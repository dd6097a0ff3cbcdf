import type { Protocol, Service, ServicePortSpec } from '../../../model/cluster.ts';
import type { ClusterView } from './cluster-view.ts';
import { type Candidate, containerPortsOf, isWorkload, labelsOf } from './pod-selection.ts';

/** A named targetPort, and what the pods that its Service selects make of it. */
export interface NamedTargetPort {
  readonly service: Service;
  readonly index: number;
  readonly port: ServicePortSpec;
  readonly targetPort: string;
  /** Pods and templates that serve: at least one. */
  readonly candidates: readonly Candidate[];
  /** Those that define the port with the protocol of the Service port. */
  readonly definers: ReadonlySet<Candidate>;
  /** Those that define it with another one only. */
  readonly otherProtocol: ReadonlySet<Candidate>;
}

/** Which candidates define a port of this name, by protocol. */
type Definitions = ReadonlyMap<string, ReadonlyMap<Protocol, ReadonlySet<Candidate>>>;

interface Selected {
  readonly candidates: readonly Candidate[];
  readonly definitions: Definitions;
}

const NOBODY: ReadonlySet<Candidate> = new Set();

/** All named targetPorts of Services that select something. Pods are looked through once a selector. */
export function* findNamedTargetPorts({ services, pods }: ClusterView): Iterable<NamedTargetPort> {
  const known = new Map<readonly Candidate[], Selected>();
  for (const service of services) {
    const selected = pods.selectedBy(service);
    if (selected.length === 0) continue;
    for (const [index, port] of service.ports.entries()) {
      const { targetPort } = port;
      if (typeof targetPort === 'number') continue;
      const { candidates, definitions } = known.get(selected) ?? readDefinitions(selected);
      known.set(selected, { candidates, definitions });
      if (candidates.length === 0) continue;
      const byProtocol = definitions.get(targetPort);
      const definers = byProtocol?.get(port.protocol) ?? NOBODY;
      const otherProtocol = byProtocol === undefined ? NOBODY : without(definers, byProtocol);
      yield { service, index, port, targetPort, candidates, definers, otherProtocol };
    }
  }
}

/** Where the field stands. */
export function targetPortField(index: number) {
  return ['spec', 'ports', index, 'targetPort'] as const;
}

function without(
  definers: ReadonlySet<Candidate>,
  byProtocol: ReadonlyMap<Protocol, ReadonlySet<Candidate>>,
): ReadonlySet<Candidate> {
  const others = new Set<Candidate>();
  for (const candidates of byProtocol.values()) {
    for (const candidate of candidates) if (!definers.has(candidate)) others.add(candidate);
  }
  return others;
}

function readDefinitions(selected: readonly Candidate[]): Selected {
  const candidates = selected.filter(isServing);
  const definitions = new Map<string, Map<Protocol, Set<Candidate>>>();
  for (const candidate of candidates) {
    for (const { name, protocol } of containerPortsOf(candidate)) {
      if (name === '') continue;
      const byProtocol = definitions.get(name) ?? new Map<Protocol, Set<Candidate>>();
      definitions.set(name, byProtocol);
      byProtocol.set(protocol, (byProtocol.get(protocol) ?? new Set<Candidate>()).add(candidate));
    }
  }
  return { candidates, definitions };
}

/** Pods that have run their course serve nobody, nor do those of jobs, which often share labels with a server. */
function isServing(candidate: Candidate): boolean {
  if (isWorkload(candidate)) return candidate.kind !== 'Job' && candidate.kind !== 'CronJob';
  const { phase, isTerminating } = candidate;
  return phase !== 'Succeeded' && phase !== 'Failed' && !isTerminating && !isOfJob(candidate);
}

function isOfJob(candidate: Candidate): boolean {
  const labels = labelsOf(candidate);
  return Object.hasOwn(labels, 'job-name') || Object.hasOwn(labels, 'batch.kubernetes.io/job-name');
}
