import { JOB_NAME_LABELS } from '../../../../kubernetes/labels.ts';
import type { Protocol, Service, ServicePortSpec } from '../../../../model/cluster.ts';
import type { FieldPath } from '../../../../model/field-path.ts';
import {
  type Candidate,
  containerPortsOf,
  isWorkload,
  labelsOf,
  type PodSelection,
} from './pod-selection.ts';
import type { ServiceView } from './service-index.ts';

/** A named targetPort, and what the pods that its Service selects make of it. */
export interface NamedTargetPort {
  readonly service: Service;
  /** Where in `spec.ports` it is. */
  readonly index: number;
  readonly port: ServicePortSpec;
  readonly targetPort: string;
  readonly pods: PortDefinitions;
}

/** Who of the pods and templates that serve, at least one, defines a port by name. */
export interface PortDefinitions {
  readonly candidates: readonly Candidate[];
  /** How many define it with the protocol of the Service port. */
  readonly definers: number;
  /** The first that defines it, but with another protocol only. */
  readonly otherProtocol: Candidate | undefined;
  /** The first that does not define it at all. */
  readonly lacking: Candidate | undefined;
}

/** All named targetPorts of Services that select something. Pods are looked through once for a selector and port. */
export function readNamedTargetPorts(
  services: readonly ServiceView[],
  pods: PodSelection,
): readonly NamedTargetPort[] {
  if (pods.isEmpty) return [];
  const named: NamedTargetPort[] = [];
  const known = new Map<readonly Candidate[], Selected>();
  for (const { service } of services) {
    if (!service.ports.some(({ targetPort }) => typeof targetPort === 'string')) continue;
    const candidates = pods.selectedBy(service);
    const selected = known.get(candidates) ?? { candidates: candidates.filter(isServing), byPort: new Map() };
    known.set(candidates, selected);
    if (selected.candidates.length === 0) continue;
    for (const [index, port] of service.ports.entries()) {
      const { targetPort } = port;
      if (typeof targetPort !== 'string') continue;
      named.push({ service, index, port, targetPort, pods: lookUp(targetPort, port.protocol, selected) });
    }
  }
  return named;
}

/** Where the field stands. */
export function targetPortField(index: number): FieldPath {
  return ['spec', 'ports', index, 'targetPort'];
}

interface Selected {
  readonly candidates: readonly Candidate[];
  readonly byPort: Map<string, PortDefinitions>;
}

function lookUp(name: string, protocol: Protocol, { candidates, byPort }: Selected): PortDefinitions {
  const key = `${protocol} ${name}`;
  const known = byPort.get(key) ?? countDefinitions(name, protocol, candidates);
  byPort.set(key, known);
  return known;
}

function countDefinitions(
  name: string,
  protocol: Protocol,
  candidates: readonly Candidate[],
): PortDefinitions {
  let definers = 0;
  let otherProtocol: Candidate | undefined;
  let lacking: Candidate | undefined;
  for (const candidate of candidates) {
    const ports = containerPortsOf(candidate).filter((port) => port.name === name);
    if (ports.length === 0) lacking ??= candidate;
    else if (ports.some((port) => port.protocol === protocol)) definers += 1;
    else otherProtocol ??= candidate;
  }
  return { candidates, definers, otherProtocol, lacking };
}

/** Pods that have run their course serve nobody, nor do those of jobs, which often share labels with a server. */
function isServing(candidate: Candidate): boolean {
  if (isWorkload(candidate)) return candidate.kind !== 'Job' && candidate.kind !== 'CronJob';
  const { phase, isTerminating } = candidate;
  return phase !== 'Succeeded' && phase !== 'Failed' && !isTerminating && !isOfJob(candidate);
}

function isOfJob(candidate: Candidate): boolean {
  const labels = labelsOf(candidate);
  return JOB_NAME_LABELS.some((label) => Object.hasOwn(labels, label));
}
