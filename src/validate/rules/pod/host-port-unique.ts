import { containersOf, type PlacedContainer } from '../../checks/pod-containers.ts';
import { reportRepeated } from '../../checks/repeated.ts';
import type { PodRule } from '../../rule.ts';

/** AccumulateUniqueHostPorts (1.34): across all containers; init containers each on their own, as they run in turn. */
export const hostPortUnique = {
  code: 'host-port-unique',
  category: 'api',
  severity: 'error',
  summary: 'a port of the node that two containers ask for',
  explanation: `A port of the node can be bound once: two containers of a pod cannot ask for the same hostPort, protocol and
hostIP.`,
  check(pod, report) {
    const containers = containersOf(pod);
    const isMain = ({ list }: PlacedContainer) => list === 'containers';
    const alone = containers.filter((placed) => !isMain(placed)).map((placed) => [placed]);
    for (const group of [containers.filter(isMain), ...alone]) {
      reportRepeated(
        group.flatMap((placed) => hostPortsOf(placed, pod.spec.hostNetwork === true && !pod.isTemplate)),
        {
          keyOf: ({ key }) => key,
          toFinding: ({ key, path }) => ({
            field: [...path, 'hostPort'],
            message: `hostPort ${key} is taken already`,
          }),
          report,
        },
      );
    }
  },
} as const satisfies PodRule;

/** With the network of the node, a container port is a host port: defaulted so in Pods, not in templates. */
function hostPortsOf({ container, path }: PlacedContainer, isHostNetwork: boolean) {
  return (container.ports ?? []).flatMap((port, index) => {
    const hostPort = port?.hostPort || (isHostNetwork ? (port?.containerPort ?? 0) : 0);
    const key = `${port?.protocol || 'TCP'}/${port?.hostIP ?? ''}/${hostPort}`;
    return hostPort === 0 ? [] : [{ key, path: [...path, 'ports', index] }];
  });
}
