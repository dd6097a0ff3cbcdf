import { toProtocol } from '../../kubernetes/protocols.ts';
import type { ContainerPort } from '../../model/cluster.ts';
import type * as api from '../generated/shapes.js';

/**
 * Ports of the containers that run while the pod does: containers, then sidecars (init containers that are always
 * restarted), the order in which the endpoints controllers look for a port's name.
 */
export function toContainerPorts(spec: api.PodSpec): readonly ContainerPort[] {
  const sidecars = (spec.initContainers ?? []).filter((container) => container?.restartPolicy === 'Always');
  return [...(spec.containers ?? []), ...sidecars].flatMap((container) =>
    (container?.ports ?? []).map((port) => ({
      name: port?.name ?? '',
      containerPort: port?.containerPort ?? 0,
      protocol: toProtocol(port?.protocol),
    })),
  );
}
