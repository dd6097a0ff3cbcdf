import type { ServicePortSpec } from '../../model/cluster.ts';

/** A port of a Service on both sides, or on one. */
export interface PortPair {
  readonly before: ServicePortSpec | undefined;
  readonly after: ServicePortSpec | undefined;
}

type Identity = (port: ServicePortSpec) => string;

const IDENTITIES: readonly Identity[] = [
  ({ name, protocol }) => `${name}/${protocol}`,
  ({ port, protocol }) => `${port}/${protocol}`,
  ({ name }) => name,
];

/** Which ports of a Service belong together: by name, else by number. In order of what there is now, then what is gone. */
export function matchPorts(
  before: readonly ServicePortSpec[],
  after: readonly ServicePortSpec[],
): readonly PortPair[] {
  const goes = new Set(before);
  const previous = new Map<ServicePortSpec, ServicePortSpec>();
  for (const identityOf of IDENTITIES) {
    for (const port of after) {
      if (previous.has(port)) continue;
      const match = [...goes].find((each) => identityOf(each) === identityOf(port));
      if (match === undefined) continue;
      previous.set(port, match);
      goes.delete(match);
    }
  }
  return [
    ...after.map((port) => ({ before: previous.get(port), after: port })),
    ...[...goes].map((port) => ({ before: port, after: undefined })),
  ];
}
