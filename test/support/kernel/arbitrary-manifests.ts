import fc from 'fast-check';
import type { IPFamily } from '../../../src/model/cluster.ts';
import type { JsonObject, JsonValue } from '../../../src/model/json.ts';

/** Manifests of one Service with endpoints, as users write them: the parts fit together, nothing is invalid. */

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;
const NODES = ['worker-1', 'worker-2'];

const name = fc.stringMatching(/^[a-z]([a-z0-9-]{0,10}[a-z0-9])?$/);
const port = fc.integer({ min: 1, max: 65535 });
const byte = fc.integer({ min: 1, max: 254 });

function address(family: IPFamily, network: string): fc.Arbitrary<string> {
  return fc
    .tuple(byte, byte)
    .map(([a, b]) =>
      family === 'IPv4' ? `${network}.${a}.${b}` : `fd00:${network.replace('.', ':')}::${a}:${b}`,
    );
}

/** Ports of one Service: names, numbers with protocols and nodePorts are unique. */
const servicePorts = fc.uniqueArray(
  fc.record({
    name,
    port,
    protocol: fc.constantFrom(...PROTOCOLS),
    targetPort: port,
    nodePort: fc.integer({ min: 30000, max: 32767 }),
  }),
  {
    minLength: 1,
    maxLength: 4,
    comparator: (a, b) =>
      a.name === b.name || a.nodePort === b.nodePort || (a.port === b.port && a.protocol === b.protocol),
  },
);

const conditions = fc.record(
  { ready: fc.boolean(), serving: fc.boolean(), terminating: fc.boolean() },
  { requiredKeys: [] },
);

function sliceEndpoint(family: IPFamily) {
  return fc.record(
    {
      addresses: fc.tuple(address(family, '10.244')),
      nodeName: fc.constantFrom(...NODES),
      conditions,
      zone: fc.constantFrom('zone-1', 'zone-2'),
      hints: fc.constantFrom({ forZones: [{ name: 'zone-1' }] }, { forZones: [{ name: 'zone-2' }] }),
    },
    { requiredKeys: ['addresses', 'nodeName'] },
  );
}

const policy = fc.constantFrom('Cluster', 'Local');
const affinity = fc.option(
  fc.record({
    sessionAffinity: fc.constant('ClientIP'),
    sessionAffinityConfig: fc.integer({ min: 1, max: 86400 }).map((seconds) => ({
      clientIP: { timeoutSeconds: seconds },
    })),
  }),
  { nil: {} },
);

function typeParts(family: IPFamily): fc.Arbitrary<JsonObject> {
  const ranges = fc.array(
    address(family, '172.16').map((it) => (family === 'IPv4' ? `${it}/24` : `${it}/64`)),
    { maxLength: 3 },
  );
  return fc.oneof(
    fc.constant({ type: 'ClusterIP' }),
    fc.record({ type: fc.constant('NodePort'), externalTrafficPolicy: policy }),
    fc.record({
      type: fc.constant('LoadBalancer'),
      externalTrafficPolicy: policy,
      loadBalancerSourceRanges: ranges,
    }),
  );
}

/** One Service, its EndpointSlice, and sometimes a Pod or an Endpoints object instead. */
export function serviceManifests(family: IPFamily): fc.Arbitrary<readonly JsonObject[]> {
  return fc
    .record({
      name,
      namespace: name,
      clusterIP: address(family, '10.96'),
      ports: servicePorts,
      parts: typeParts(family),
      policies: fc.record({ internalTrafficPolicy: policy }, { requiredKeys: [] }),
      affinity,
      externalIPs: fc.array(address(family, '198.51'), { maxLength: 2 }),
      ingress: fc.array(address(family, '203.0'), { maxLength: 2 }),
      endpoints: fc.array(sliceEndpoint(family), { maxLength: 6 }),
    })
    .map(({ name, namespace, ports, parts, endpoints, ingress, ...rest }) => [
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name, namespace },
        spec: {
          clusterIP: rest.clusterIP,
          externalIPs: rest.externalIPs,
          ...parts,
          ...rest.policies,
          ...rest.affinity,
          ports: ports.map(({ nodePort, ...port }) =>
            parts.type === 'ClusterIP' ? port : { ...port, nodePort },
          ),
        },
        ...(parts.type === 'LoadBalancer'
          ? { status: { loadBalancer: { ingress: ingress.map((ip) => ({ ip })) } } }
          : {}),
      },
      {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { name: `${name}-1`, namespace, labels: { 'kubernetes.io/service-name': name } },
        addressType: family,
        ports: ports.map(({ name, targetPort, protocol }) => ({ name, port: targetPort, protocol })),
        endpoints,
      },
    ]);
}

/** What an attacker, or an accident, puts where something else belongs. */
export const hostileValue: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom<JsonValue[]>(
    'x\n-A INPUT -j ACCEPT',
    'x" -j ACCEPT -m comment --comment "',
    "'; touch /tmp/owned; '",
    '$(touch /tmp/owned)',
    '`id`',
    'a b',
    'a\tb',
    '-j',
    '--jump',
    '!',
    '\\',
    '"',
    'COMMIT',
    '*nat',
    ':INPUT DROP [0:0]',
    'END_OF_RULES',
    'END_OF_TEXT',
    'x; include /etc/passwd;',
    'x\n} stream {',
    '$remote_addr',
    '#',
    '\u0000',
    '\u202e',
    'é',
    'a'.repeat(300),
    '',
  ),
  fc.constantFrom<JsonValue[]>(
    '1.2.3',
    '0x0a.0.0.1',
    '010.0.0.1',
    '10.0.0.1/32',
    '10.0.0.1 -j ACCEPT',
    '0.0.0.0',
    '255.255.255.255',
    '127.0.0.1',
    'fe80::1%eth0',
    '::ffff:1.2.3.4',
    '::',
    '10.0.0.0/08',
    '10.0.0.0/33',
    '0.0.0.0/0',
    '10.0.0.0/8\n',
    'None',
  ),
  fc.constantFrom<JsonValue[]>(-1, 0, 65536, 1e21, 1.5, 4294967376, null, true, [], {}, [[]], { '': '' }),
  fc.string({ maxLength: 20 }),
  fc.integer(),
);

/** Replaces some value inside of JSON by another one; `seed` chooses which. Keys of maps count as values. */
export function replaceSomewhere(value: JsonValue, replacement: JsonValue, seed: number): JsonValue {
  const places = countPlaces(value);
  return replaceAt(value, replacement, seed % places);
}

function countPlaces(value: JsonValue): number {
  return 1 + childrenOf(value).reduce((sum, [, child]) => sum + countPlaces(child), 0);
}

function replaceAt(value: JsonValue, replacement: JsonValue, place: number): JsonValue {
  if (place === 0) return replacement;
  let passed = 1;
  const children = childrenOf(value).map(([key, child]) => {
    const size = countPlaces(child);
    const inside = place >= passed && place < passed + size;
    const result = inside ? replaceAt(child, replacement, place - passed) : child;
    passed += size;
    return [key, result] as const;
  });
  return isList(value) ? children.map(([, child]) => child) : Object.fromEntries(children);
}

function childrenOf(value: JsonValue): (readonly [string, JsonValue])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
