import { PROTOCOLS } from '../../../kubernetes/protocols.ts';
import type { PlacedContainer } from '../../checks/pod-containers.ts';
import { reportRepeated } from '../../checks/repeated.ts';
import { suggestion } from '../../checks/suggestion.ts';
import { dnsLabelProblem } from '../../formats/dns.ts';
import { isPortNumber, portNameProblem } from '../../formats/port.ts';
import type { PodRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** validateContainers and validateInitContainers (1.34). */
export const containerNameUnique = {
  code: 'container-name-unique',
  category: 'api',
  severity: 'error',
  summary: 'two containers with one name',
  explanation: `The containers and init containers of a pod are told apart by name, so every name stands once.`,
  check(pod, report) {
    reportRepeated(pod.containers, {
      keyOf: ({ container }) => container.name ?? '',
      toFinding: ({ container, path }) => ({
        field: [...path, 'name'],
        message: `container name ${quoteValue(container.name ?? '')} is taken by another container`,
      }),
      report,
    });
  },
} as const satisfies PodRule;

/** validateContainerCommon (1.34). */
export const containerNameValid = {
  code: 'container-name-valid',
  category: 'api',
  severity: 'error',
  summary: 'a container without a name, or whose name is no DNS label',
  explanation: `Every container of a pod has a name: a DNS label of lower case letters, digits and '-'.`,
  check(pod, report) {
    for (const { container, path } of pod.containers) {
      const field = [...path, 'name'];
      if (!container.name) report({ field, message: 'a container needs a name' });
      else {
        const problem = dnsLabelProblem(container.name);
        if (problem !== undefined)
          report({ field, message: `container name ${quoteValue(container.name)} ${problem}` });
      }
    }
  },
} as const satisfies PodRule;

/** validateContainerPorts (1.34). */
export const containerPortInRange = {
  code: 'container-port-in-range',
  category: 'api',
  severity: 'error',
  onlyWith: ['ports'],
  summary: 'a container port that is missing or outside 1-65535',
  explanation: `containerPort is a number from 1 to 65535 and never left out; hostPort is one, or left out.`,
  check(pod, report) {
    for (const { container, path } of pod.containers) {
      for (const [index, port] of (container.ports ?? []).entries()) {
        const containerPort = port?.containerPort ?? 0;
        const hostPort = port?.hostPort ?? 0;
        if (!isPortNumber(containerPort)) {
          const message =
            containerPort === 0
              ? 'a container port is missing (or 0)'
              : `port ${containerPort} is outside 1-65535`;
          report({ field: [...path, 'ports', index, 'containerPort'], message });
        }
        if (hostPort === 0 || isPortNumber(hostPort)) continue;
        report({
          field: [...path, 'ports', index, 'hostPort'],
          message: `port ${hostPort} is outside 1-65535`,
        });
      }
    }
  },
} as const satisfies PodRule;

/** validateContainerPorts (1.34): names are unique within a container. */
export const containerPortNameValid = {
  code: 'container-port-name-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['ports'],
  summary: 'a container port name that is no service name, or repeated',
  explanation: `The name of a container port is an IANA service name: at most 15 lower case letters, digits and '-', with a
letter among them. Services refer to it with targetPort, so within a container each name stands once.`,
  check(pod, report) {
    for (const { container, path } of pod.containers) {
      const ports = container.ports ?? [];
      for (const [index, port] of ports.entries()) {
        const problem = port?.name ? portNameProblem(port.name) : undefined;
        if (!port?.name || problem === undefined) continue;
        report({
          field: [...path, 'ports', index, 'name'],
          message: `port name ${quoteValue(port.name)} ${problem}`,
        });
      }
      reportRepeated(ports, {
        keyOf: (port) => port?.name ?? '',
        toFinding: (port, index, first) => ({
          field: [...path, 'ports', index, 'name'],
          message: `port name ${quoteValue(port?.name ?? '')} is that of ports[${first}] too`,
        }),
        report,
      });
    }
  },
} as const satisfies PodRule;

/** validateContainerPorts (1.34); empty means TCP. */
export const containerPortProtocolKnown = {
  code: 'container-port-protocol-known',
  category: 'api',
  severity: 'error',
  onlyWith: ['ports'],
  summary: 'a container port with a protocol other than TCP, UDP and SCTP',
  explanation: `The protocol of a port is TCP, UDP or SCTP, in upper case; left out it is TCP.`,
  check(pod, report) {
    for (const { container, path } of pod.containers) {
      for (const [index, port] of (container.ports ?? []).entries()) {
        if (!port?.protocol || PROTOCOLS.includes(port.protocol)) continue;
        const message = `protocol ${quoteValue(port.protocol)} is none of ${PROTOCOLS.join(', ')}`;
        report({
          field: [...path, 'ports', index, 'protocol'],
          message,
          ...suggestion(port.protocol, PROTOCOLS),
        });
      }
    }
  },
} as const satisfies PodRule;

/** validatePodHostNetworkDeps (1.34), which looks at containers only. */
export const hostPortMatches = {
  code: 'host-port-matches',
  category: 'api',
  severity: 'error',
  onlyWith: ['hostNetwork'],
  summary: 'a hostPort that is not the containerPort, with hostNetwork',
  explanation: `With hostNetwork a container listens on the node itself, so its hostPort is its containerPort: another
number cannot be had.`,
  check(pod, report) {
    if (pod.spec.hostNetwork !== true) return;
    for (const { container, list, path } of pod.containers) {
      if (list !== 'containers') continue;
      for (const [index, port] of (container.ports ?? []).entries()) {
        if (!port?.hostPort || port.hostPort === port.containerPort) continue;
        report({
          field: [...path, 'ports', index, 'hostPort'],
          message: `hostPort ${port.hostPort} is not containerPort ${port.containerPort ?? 0}, but hostNetwork is true`,
          hint: 'leave hostPort out',
        });
      }
    }
  },
} as const satisfies PodRule;

/** AccumulateUniqueHostPorts (1.34): across all containers; init containers each on their own, as they run in turn. */
export const hostPortUnique = {
  code: 'host-port-unique',
  category: 'api',
  severity: 'error',
  onlyWith: ['ports'],
  summary: 'a port of the node that two containers ask for',
  explanation: `A port of the node can be bound once: two containers of a pod cannot ask for the same hostPort, protocol and
hostIP.`,
  check(pod, report) {
    const containers = pod.containers;
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
