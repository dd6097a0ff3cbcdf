import type { FieldPath } from '../../../model/field-path.ts';
import type { PlacedContainer } from '../../checks/pod-containers.ts';
import { parseQuantity } from '../../formats/quantity.ts';
import type * as api from '../../generated/shapes.js';
import type { PlacedClaim, PodRule, PodSubject, Report } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** GetWarningsForPod (pkg/api/pod/warnings.go, 1.30 to 1.36), as all of this file. */
export const envDefinedOnce = {
  code: 'env-defined-once',
  category: 'api',
  severity: 'warning',
  onlyWith: ['env'],
  summary: 'an environment variable that hides an earlier one',
  explanation: `Of two entries of env with one name the later one counts, which is rarely meant. The API server warns of it,
unless the later value refers to the earlier one: $(NAME).`,
  check(pod, report) {
    for (const { container, path } of pod.containers) {
      const env = container.env ?? [];
      if (env.length < 2) continue;
      const seen = new Set<string>();
      for (const [index, entry] of env.entries()) {
        const name = entry?.name ?? '';
        const isHidden = seen.has(name) && !(entry?.value ?? '').includes(`$(${name})`);
        seen.add(name);
        if (!isHidden) continue;
        const message = `variable ${quoteValue(name)} hides an earlier definition`;
        report({ field: [...path, 'env', index], message, hint: 'keep one of them' });
      }
    }
  },
} as const satisfies PodRule;

export const hostIPWithHostPort = {
  code: 'host-ip-with-host-port',
  category: 'api',
  severity: 'warning',
  onlyWith: ['ports'],
  summary: 'a hostIP without hostPort, which does nothing',
  explanation: `hostIP says on which address of the node a hostPort answers. Without hostPort there is nothing to answer, and
the API server warns.`,
  check(pod, report) {
    for (const { container, path } of pod.containers) {
      for (const [index, port] of (container.ports ?? []).entries()) {
        if (!port?.hostIP || port.hostPort) continue;
        const message = `hostIP ${quoteValue(port.hostIP)} without hostPort`;
        report({ field: [...path, 'ports', index], message, hint: 'leave hostIP out, or add hostPort' });
      }
    }
  },
} as const satisfies PodRule;

export const containerPortUnique = {
  code: 'container-port-unique',
  category: 'api',
  severity: 'warning',
  onlyWith: ['ports'],
  summary: 'a port of a pod that is defined twice',
  explanation: `All containers of a pod share its addresses, so only one of them can listen on a port. The API server warns of
ports that are there twice. Where both have a hostPort, one with a hostIP and one without, it is left open who gets
connections.`,
  check(pod, report) {
    const byKey = new Map<string, PlacedPort[]>();
    for (const placed of portsOf(pod)) {
      const { containerPort, protocol } = placed.port;
      const key = `${containerPort ?? 0}/${protocol || 'TCP'}`;
      const others = byKey.get(key);
      if (others === undefined) byKey.set(key, [placed]);
      else {
        for (const other of others) reportConflict(key, placed, other, report);
        others.push(placed);
      }
    }
  },
} as const satisfies PodRule;

interface PlacedPort {
  readonly port: api.ContainerPort;
  readonly field: FieldPath;
  readonly container: string;
}

function portsOf(pod: PodSubject): readonly PlacedPort[] {
  return pod.containers.flatMap(({ container, path }: PlacedContainer) =>
    (container.ports ?? []).map((port, index) => ({
      port: port ?? {},
      field: [...path, 'ports', index],
      container: container.name ?? '',
    })),
  );
}

/** With two host ports that differ, both work. */
function reportConflict(key: string, { port, field }: PlacedPort, other: PlacedPort, report: Report): void {
  const [own, theirs] = [port, other.port].map(({ hostPort, hostIP }) => ({
    hostPort: hostPort ?? 0,
    hostIP: hostIP ?? '',
  }));
  if (own === undefined || theirs === undefined) return;
  const isSame = own.hostPort === theirs.hostPort;
  const isOpen = isSame && (own.hostIP === '') !== (theirs.hostIP === '');
  const isEqual = isSame && own.hostIP === theirs.hostIP;
  if (!isEqual && own.hostPort !== 0 && theirs.hostPort !== 0 && !isOpen) return;
  const what = isOpen && own.hostPort !== 0 ? 'may clash with' : 'is defined by';
  const message = `port ${key} ${what} container ${quoteValue(other.container)} already`;
  report({ field, message, hint: 'keep one of them' });
}

/** Since 1.33. */
export const containerPortNamesDistinct = {
  code: 'container-port-names-distinct',
  category: 'api',
  severity: 'warning',
  onlyWith: ['ports'],
  summary: 'a port name that two containers of a pod have',
  explanation: `A Service finds a named targetPort by the first container that has the name, so the other one is never reached
by it. From Kubernetes 1.33 on the API server warns of it, init containers included.`,
  check(pod, report, { options }) {
    if (!options.kubernetes.api.warnings.has('container-port-names')) return;
    const owners = new Map<string, string>();
    for (const { port, field, container } of portsOf(pod)) {
      if (!port.name) continue;
      const owner = owners.get(port.name);
      owners.set(port.name, owner ?? container);
      // Two of one container are refused.
      if (owner === undefined || owner === container) continue;
      const message = `port name ${quoteValue(port.name)} is that of container ${quoteValue(owner)} too`;
      report({ field, message, hint: 'choose another name' });
    }
  },
} as const satisfies PodRule;

const IN_BYTES = ['memory', 'ephemeral-storage'];
const OF_CLAIMS = ['storage'];

export const quantityWholeBytes = {
  code: 'quantity-whole-bytes',
  category: 'api',
  severity: 'warning',
  onlyWith: ['resources', 'overhead'],
  summary: 'an amount of memory with a fraction of a byte',
  explanation: `Memory and storage are counted in bytes. 100m is a tenth of a byte, and nearly always meant to be 100M or 100Mi.
The API server warns of fractions.`,
  check(pod, report) {
    const { overhead } = pod.spec;
    const check = (quantities: Quantities | null | undefined, field: FieldPath) => {
      if (quantities) checkBytes(quantities, { names: IN_BYTES, field }, report);
    };
    check(overhead, [...pod.path, 'overhead']);
    for (const { container, path } of pod.containers) {
      const { limits, requests } = container.resources ?? {};
      check(limits, [...path, 'resources', 'limits']);
      check(requests, [...path, 'resources', 'requests']);
    }
  },
} as const satisfies PodRule;

/** GetWarningsForPersistentVolumeClaimSpec (pkg/api/persistentvolumeclaim/util.go, 1.30 to 1.36). */
export const claimWholeBytes = {
  code: 'claim-whole-bytes',
  category: 'api',
  severity: 'warning',
  onlyWith: ['volumes', 'volumeClaimTemplates'],
  summary: 'a claim of storage with a fraction of a byte',
  explanation: `Storage is counted in bytes. 100m is a tenth of a byte, and nearly always meant to be 100M or 100Mi. The API
server warns of fractions in volumeClaimTemplates of a StatefulSet and in ephemeral volumes.`,
  check(pod, report) {
    for (const { spec, path } of [...pod.claims, ...ephemeralClaims(pod)]) {
      for (const name of ['limits', 'requests'] as const) {
        const quantities = spec.resources?.[name];
        const field = [...path, 'resources', name];
        if (quantities) checkBytes(quantities, { names: OF_CLAIMS, field }, report);
      }
    }
  },
} as const satisfies PodRule;

function ephemeralClaims({ spec, path }: PodSubject): readonly Omit<PlacedClaim, 'name'>[] {
  return (spec.volumes ?? []).flatMap((volume, index) => {
    const claim = volume?.ephemeral?.volumeClaimTemplate?.spec;
    const field = [...path, 'volumes', index, 'ephemeral', 'volumeClaimTemplate', 'spec'];
    return claim ? [{ spec: claim, path: field }] : [];
  });
}

const NANOS = 1_000_000_000n;

type Quantities = Readonly<Record<string, string | number | null>>;

interface InBytes {
  readonly names: readonly string[];
  readonly field: FieldPath;
}

function checkBytes(quantities: Quantities, { names, field }: InBytes, report: Report): void {
  for (const name of names) {
    const quantity = quantities[name];
    if (quantity === undefined || quantity === null) continue;
    const nanos = parseQuantity(quantity);
    if (nanos === undefined || nanos % NANOS === 0n) continue;
    const message = `${name} ${quoteValue(String(quantity))} is a fraction of a byte`;
    report({
      field: [...field, name],
      message,
      hint: 'a small m is a thousandth: write M or Mi for millions',
    });
  }
}
