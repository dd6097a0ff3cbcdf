import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KUBERNETES_RELEASES } from '../../src/kubernetes/releases.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import { parseCIDR, parseIP } from '../../src/model/ip.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { KubernetesVersion } from '../../src/model/kubernetes-version.ts';
import { toSliceSubject } from '../../src/validate/defaults/endpoint-slice.ts';
import {
  type DefaultedService,
  defaultService,
  isPlainService,
} from '../../src/validate/defaults/service.ts';
import * as shapes from '../../src/validate/generated/shapes.js';
import { defaultValidateOptions } from '../../src/validate/options.ts';
import type { EndpointSliceRule, Finding, RuleContext, ServiceRule } from '../../src/validate/rule.ts';
import { serviceRules } from '../../src/validate/rules/service/index.ts';
import { endpointSliceRules } from '../../src/validate/rules/slice/index.ts';
import { explainShape } from '../../src/validate/shape/explain-shape.ts';
import { readShapes } from '../../src/validate/shape/shape.ts';
import { validate } from '../../src/validate/validate.ts';
import { exampleObjects } from '../support/examples.ts';
import { manifestOf } from '../support/manifest-of.ts';
import { jsonValue, mutated } from '../support/mutation.ts';
import { shareOf } from '../support/share.ts';

const ofKind = (kind: string) => exampleObjects.filter((value) => value.kind === kind);

const anyManifest = fc
  .tuple(
    fc.constantFrom(...exampleObjects),
    fc.dictionary(
      fc.constantFrom(
        'metadata',
        'spec',
        'status',
        'subsets',
        'endpoints',
        'ports',
        '__proto__',
        'addressType',
      ),
      jsonValue,
    ),
  )
  .map(([{ apiVersion = '', kind = '' }, fields]) => ({ ...fields, apiVersion, kind }));

describe('validate', () => {
  test('never throws, whatever the values hold', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(anyManifest, mutated(exampleObjects)), { maxLength: 4 }), (values) => {
        validate(values.map(manifestOf), { ...defaultValidateOptions, serviceCIDRs: ['10.96.0.0/12'] });
      }),
      { numRuns: shareOf(2000) },
    );
  });

  test('lets nothing unsafe into the cluster', () => {
    fc.assert(
      fc.property(mutated(exampleObjects), (value) => {
        const { cluster } = validate([manifestOf(value)], defaultValidateOptions);
        expectSafe(cluster);
      }),
      { numRuns: shareOf(3000) },
    );
  });

  test('does not depend on the order of the manifests', () => {
    const pair = fc.tuple(mutated(exampleObjects), mutated(exampleObjects)).filter(([left, right]) => {
      return JSON.stringify(left.metadata) !== JSON.stringify(right.metadata);
    });
    fc.assert(
      fc.property(pair, ([left, right]) => {
        const clusterOf = (values: readonly JsonObject[]) =>
          JSON.stringify(validate(values.map(manifestOf), defaultValidateOptions).cluster);
        fc.pre(!isSameObject(left, right));
        expect(clusterOf([left, right])).toBe(clusterOf([right, left]));
      }),
      { numRuns: shareOf(300) },
    );
  });
});

function isSameObject(left: JsonObject, right: JsonObject): boolean {
  const [first, second] = [manifestOf(left), manifestOf(right)];
  return first.name === second.name;
}

const NAME = /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/;
const LABEL = /^(?:[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)?$/;

function expectSafe(cluster: Cluster): void {
  for (const object of Object.values(cluster).flat()) {
    expect(object.name).toMatch(NAME);
    expect(object.namespace).toMatch(LABEL);
    for (const text of Object.entries(object.labels).flat()) expect(text).toMatch(/^[-A-Za-z0-9_./]*$/);
  }
  for (const service of cluster.services) {
    const addresses = [...service.clusterIPs.filter((ip) => ip !== 'None'), ...service.externalIPs];
    for (const ip of [...addresses, ...service.loadBalancerIngress.map((entry) => entry.ip)])
      expectCanonical(ip);
    for (const cidr of service.loadBalancerSourceRanges) expect(parseCIDR(cidr)?.cidr).toBe(cidr);
    for (const { name, port, nodePort, targetPort } of service.ports) {
      expect(name).toMatch(LABEL);
      expectPort(port);
      if (typeof targetPort === 'string') expect(targetPort).toMatch(LABEL);
      else expectPort(targetPort);
      if (nodePort !== 0) expectPort(nodePort);
    }
  }
  for (const { subsets } of cluster.endpoints) {
    for (const { addresses, notReadyAddresses, ports } of subsets) {
      for (const { ip } of [...addresses, ...notReadyAddresses]) expectCanonical(ip);
      for (const { port } of ports) expectPort(port ?? 0);
    }
  }
  for (const { addressType, endpoints, ports } of cluster.endpointSlices) {
    for (const { port } of ports) if (port !== undefined) expectPort(port);
    if (addressType !== 'FQDN') for (const { addresses } of endpoints) addresses.forEach(expectCanonical);
  }
  for (const { podIPs, containerPorts } of cluster.pods) {
    podIPs.forEach(expectCanonical);
    for (const { name, containerPort } of containerPorts) {
      expect(name).toMatch(LABEL);
      expectPort(containerPort);
    }
  }
  for (const { addresses } of cluster.nodes) addresses.forEach(expectCanonical);
}

function expectCanonical(ip: string): void {
  expect(parseIP(ip)).toMatchObject({ ip, isCanonical: true });
}

function expectPort(port: number): void {
  expect(Number.isInteger(port) && port >= 1 && port <= 65_535, String(port)).toBe(true);
}

describe('shapes', () => {
  const compiled: Readonly<Record<string, readonly [(value: unknown) => boolean, string]>> = {
    Service: [shapes.isService, 'service'],
    Endpoints: [shapes.isEndpoints, 'endpoints'],
    EndpointSlice: [shapes.isEndpointSlice, 'endpoint-slice'],
    Pod: [shapes.isPod, 'pod'],
    Node: [shapes.isNode, 'node'],
    Deployment: [shapes.isDeployment, 'deployment'],
  };
  test.each(Object.entries(compiled))(
    'of %s: the compiled check and the explanation agree',
    (kind, [isShape, schema]) => {
      fc.assert(
        fc.property(mutated(ofKind(kind)), (value) => {
          expect(isShape(value)).toBe(explainShape(value, schema, readShapes()).length === 0);
        }),
        { numRuns: shareOf(500) },
      );
    },
  );
});

describe('rules with skipsPlain', () => {
  const context: RuleContext = {
    options: defaultValidateOptions,
    serviceCIDRs: [],
    withheld: new Set(),
    validKeys: new Set(),
    validNodeNames: new Set(),
  };
  const plainSlice: JsonObject = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'web-1' },
    addressType: 'IPv4',
    endpoints: [
      { addresses: ['10.1.2.3'], conditions: { ready: true }, nodeName: 'node-1' },
      { addresses: ['10.1.2.4'], nodeName: 'node-2', zone: 'a' },
    ],
    ports: [
      { name: 'http', port: 80, protocol: 'TCP' },
      { name: 'dns', port: 53 },
    ],
  };

  const ofSlices: readonly EndpointSliceRule[] = endpointSliceRules;

  test('find nothing in plain slices', () => {
    fc.assert(
      fc.property(mutated([plainSlice, ...ofKind('EndpointSlice')]), (value) => {
        fc.pre(shapes.isEndpointSlice(value));
        if (!shapes.isEndpointSlice(value)) return;
        const slice = toSliceSubject(value, new Set());
        fc.pre(slice.isPlain);
        const found: Finding[] = [];
        for (const rule of ofSlices) {
          if (rule.skipsPlain) rule.check(slice, (finding) => found.push(finding), context);
        }
        expect(found).toEqual([]);
      }),
      { numRuns: shareOf(1000), maxSkipsPerRun: 1000 },
    );
  });

  test('the everyday slice is plain', () => {
    expect(shapes.isEndpointSlice(plainSlice) && toSliceSubject(plainSlice, new Set()).isPlain).toBe(true);
  });

  const plainService: JsonObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', annotations: { 'example.com/team': 'a' } },
    spec: {
      type: 'ClusterIP',
      clusterIP: '10.96.0.16',
      clusterIPs: ['10.96.0.16'],
      internalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 8080 }],
      selector: { app: 'web' },
      sessionAffinity: 'None',
    },
    status: { loadBalancer: {} },
  };

  const ofServices: readonly ServiceRule[] = serviceRules;

  /** Versions by what is found for each. */
  function foundIn(service: DefaultedService): Record<string, readonly Finding[]> {
    const inVersion = (kubernetes: KubernetesVersion) => {
      const options = { ...defaultValidateOptions, kubernetes };
      const found: Finding[] = [];
      for (const rule of ofServices) {
        if (rule.skipsPlain) rule.check(service, (finding) => found.push(finding), { ...context, options });
      }
      return found;
    };
    return Object.fromEntries(KUBERNETES_RELEASES.map((each) => [each.name, inVersion(each)]));
  }

  test('find nothing in plain Services, whatever the version of Kubernetes', () => {
    const nothing = Object.fromEntries(KUBERNETES_RELEASES.map(({ name }) => [name, []]));
    // Most of the time goes into making Services that are plain, so that each is tried in all versions.
    fc.assert(
      fc.property(mutated([plainService, ...ofKind('Service')]), (value) => {
        fc.pre(shapes.isService(value));
        if (!shapes.isService(value)) return;
        const service = defaultService(value);
        fc.pre(isPlainService(service));
        expect(foundIn(service)).toEqual(nothing);
      }),
      { numRuns: shareOf(1000), maxSkipsPerRun: 1000 },
    );
  });

  test('the everyday Service is plain', () => {
    expect(shapes.isService(plainService) && isPlainService(defaultService(plainService))).toBe(true);
  });
});
