import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { formatFieldPath } from '../../../src/model/field-path.ts';
import { crossRules, crossServiceRules } from '../../../src/validate/rules/cross/index.ts';
import { checkText, readFixture } from '../../support/check-text.ts';

const rules = [...crossRules, ...crossServiceRules];

/** What each rule finds in its most telling fixture: object, field, and line of the value. */
const EXPECTED: Readonly<Record<(typeof rules)[number]['code'], readonly string[]>> = {
  'object-unique': ['Service default/web metadata.name 13', 'Deployment default/worker metadata.name 40'],
  'cluster-ip-not-taken': [
    'Service shop/web spec.clusterIP 17',
    'Service default/dual-b spec.clusterIPs[1] 39',
  ],
  'node-port-not-taken': [
    'Service default/web spec.ports[0].nodePort 37',
    'Service default/web spec.ports[1].nodePort 41',
    'Service default/web spec.ports[2].nodePort 44',
  ],
  'health-check-node-port-not-taken': [
    'Service default/web spec.healthCheckNodePort 19',
    'Service default/x-second spec.healthCheckNodePort 51',
  ],
  'external-ip-not-taken': [
    'Service default/thief spec.externalIPs[0] 18',
    'Service default/web spec.externalIPs[1] 29',
  ],
  'load-balancer-ip-not-taken': [
    'Service default/web status.loadBalancer.ingress[1].ip 27',
    'Service default/mail status.loadBalancer.ingress[0].ip 49',
  ],
  'endpoint-not-cluster-ip': [
    'Endpoints default/legacy-api subsets[0].addresses[1].ip 30',
    'EndpointSlice default/legacy-v6-1 endpoints[0].addresses[0] 53',
  ],
  'endpoints-have-service': [
    'Endpoints default/databse metadata.name 13',
    'Endpoints shop/database metadata.name 23',
    'EndpointSlice default/billing-1 metadata.labels[kubernetes.io/service-name] 36',
    'EndpointSlice default/database-2 metadata.labels 47',
  ],
  'endpoints-without-selector': ['Endpoints default/database subsets[0].addresses[1].ip 20'],
  'endpoint-ports-match': [
    'Service default/database spec.ports[0].name 8',
    'Service default/dns spec.ports[0].name 27',
    'Service default/dns spec.ports[1].name 30',
    'Service default/unnamed spec.ports[0] 54',
    'Service default/mongodb spec.ports[0].name 77',
  ],
  'endpoints-within-capacity': ['Endpoints default/web subsets 14'],
  'selector-matches-pods': [
    'Service default/web spec.selector 21',
    'Service default/worker spec.selector 32',
    'Service default/orders-metrics spec.selector 72',
    'Service default/api spec.selector 52',
    'Service default/prometheus spec.selector 88',
    'Service default/wiki-metrics spec.selector 103',
  ],
  'target-port-defined': [
    'Service default/web spec.ports[0].targetPort 12',
    'Service default/nightly spec.ports[0].targetPort 43',
  ],
  'target-port-defined-everywhere': ['Service default/web spec.ports[0].targetPort 11'],
  'target-port-protocol': ['Service default/dns spec.ports[0].targetPort 13'],
  'local-policy-has-endpoints': [
    'Service default/database spec.externalTrafficPolicy 8',
    'Service default/log spec.internalTrafficPolicy 27',
  ],
  'backend-service-exists': [
    'Ingress default/shop spec.defaultBackend.service.name 19',
    'Ingress default/shop spec.rules[0].http.paths[0].backend.service.port 30',
    'HTTPRoute default/shop spec.rules[0].backendRefs[0].port 41',
  ],
  'stateful-set-has-service': ['StatefulSet default/db spec.serviceName 18'],
  'load-balancer-has-address': ['Service default/pending status.loadBalancer.ingress 12'],
  'external-name-not-ip': [
    'Service default/database spec.externalName 8',
    'Service default/mail spec.externalName 16',
  ],
  'headless-no-node-port': [
    'Service default/web spec.ports[1].nodePort 15',
    'Service default/balanced spec.type 24',
  ],
};

const expectedOf: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(EXPECTED));

/** Variants show more than the example that explains a rule, where there are any. */
function readCase(code: string, file: 'input' | 'near-miss'): string {
  const hasVariants = existsSync(`fixtures/invalid/${code}/variants`);
  return readFixture(`invalid/${code}/${hasVariants ? 'variants/' : ''}${file}.yaml`);
}

function findingsIn(text: string): readonly string[] {
  const findings = checkText(text).map(
    ({ code, object, field, span }) => `${code}: ${object} ${formatFieldPath(field)} ${span?.line}`,
  );
  return [...new Set(findings)];
}

describe.each(rules.map((rule) => [rule.code, rule] as const))('%s', (code, rule) => {
  test('finds what is wrong, and says where', () => {
    const expected = (expectedOf.get(code) ?? []).map((finding) => `${code}: ${finding}`);
    expect([...findingsIn(readCase(code, 'input'))].sort()).toEqual([...expected].sort());
  });

  test('keeps quiet about what is nearly the same', () => {
    expect(findingsIn(readCase(code, 'near-miss'))).toEqual([]);
  });

  test('has its severity and a hint', () => {
    const found = checkText(readCase(code, 'input'));
    expect(found.map(({ severity }) => severity)).toContain(rule.severity);
    for (const { severity, hint } of found) {
      // What something in the input accounts for is an info.
      expect([rule.severity, 'info']).toContain(severity);
      expect(hint).toBeTruthy();
    }
  });

  test('does not run for --each, which judges as the API server does', () => {
    const text = readCase(code, 'input');
    expect(checkText(text, { categories: new Set(['api']) })).toEqual([]);
  });
});

test('addresses are compared by what they are, not by how they are spelled', () => {
  const text = readCase('cluster-ip-not-taken', 'input')
    .replace('clusterIP: 10.96.0.20', 'clusterIP: "FD00:0::20"')
    .replaceAll('clusterIP: 10.96.0.20', 'clusterIP: "fd00::20"');
  expect(findingsIn(text)).toContain('cluster-ip-not-taken: Service shop/web spec.clusterIP 17');
});

test('a selector is not doubted when what it may match has errors of its own', () => {
  const text = readCase('selector-matches-pods', 'input');
  const broken = text.replace(
    'kind: Deployment\nmetadata:\n  name: web\n',
    'kind: Deployment\nmetadata:\n  name: W\n',
  );
  expect(findingsIn(broken).filter((finding) => finding.startsWith('selector-matches-pods'))).toEqual([]);
});

test('a workload is near only when half of the labels agree', () => {
  const labels = (...pairs: readonly string[]) => `{${pairs.join(', ')}}`;
  const text = (selector: string, template: string) => `apiVersion: v1
kind: Service
metadata: {name: metrics}
spec: {clusterIP: 10.96.0.10, selector: ${selector}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: ${template}}, spec: {containers: [{name: a, image: a}]}}
`;
  const hints = (selector: string) =>
    checkText(text(selector, labels('app: web', 'part-of: shop', 'tier: front'))).map(({ hint }) => hint);
  const far = labels('app: collector', 'instance: main', 'tier: metrics', 'part-of: shop');
  expect(hints(far)).toEqual([expect.stringContaining('if an operator makes them')]);
  const near = labels('app: collector', 'tier: front', 'instance: main', 'part-of: shop');
  expect(hints(near)).toEqual([expect.stringContaining('Deployment default/web comes nearest')]);
});

describe('is an info where nothing tells of a mistake', () => {
  const OTHER =
    'apiVersion: v1\nkind: Service\nmetadata: { name: other }\nspec: { ports: [{ port: 80 }] }\n---\n';
  const severityOf = (text: string, code: string) =>
    checkText(text).flatMap((each) => (each.code === code ? [each.severity] : []));
  const statefulSet = (serviceName: string) =>
    `${OTHER}apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: db }\nspec:
  serviceName: ${serviceName}\n  selector: { matchLabels: { app: db } }
  template: { metadata: { labels: { app: db } }, spec: { containers: [{ name: db, image: db }] } }\n`;

  test.each([
    ['a name like no other', statefulSet('database'), ['info']],
    ['a slip of a finger', statefulSet('othr'), ['warning']],
    ['its own name', statefulSet('othr').replace('name: db }\nspec', 'name: othr }\nspec'), ['info']],
    [
      'a headless Service for these pods',
      statefulSet('database').replace('ports:', 'clusterIP: None, selector: { app: db }, ports:'),
      ['warning'],
    ],
  ])('stateful-set-has-service: %s', (_, text, severities) =>
    expect(severityOf(text, 'stateful-set-has-service')).toEqual(severities),
  );
});
