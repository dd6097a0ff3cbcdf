import { describe, expect, test } from 'vitest';
import { applyPolicy, defaultPolicy } from '../../src/diagnostic/policy.ts';
import { parse } from '../../src/parse/parse.ts';
import {
  defaultValidateOptions,
  type RuleCategory,
  type ValidateOptions,
} from '../../src/validate/options.ts';
import { validate } from '../../src/validate/validate.ts';
import { kubernetesVersion } from '../support/versions.ts';

function check(text: string, options: Partial<ValidateOptions> = {}) {
  const { manifests } = parse([{ path: 'x.yaml', bytes: new TextEncoder().encode(text) }]);
  const result = validate(manifests, { ...defaultValidateOptions, ...options });
  return { ...result, diagnostics: applyPolicy(result.diagnostics, defaultPolicy) };
}
const codesOf = (text: string, options: Partial<ValidateOptions> = {}) =>
  check(text, options).diagnostics.map(({ code, severity }) => `${severity} ${code}`);

const service = (fields: string, metadata = 'name: web') =>
  `apiVersion: v1\nkind: Service\nmetadata: {${metadata}}\nspec: {${fields}}`;

test('an object with an error is left out, and all its errors are told', () => {
  const { cluster, diagnostics } = check(service('type: NodePorts, ports: [{port: 0}]', 'name: Web'));
  expect(cluster.services).toEqual([]);
  expect(diagnostics.map(({ code }) => code).sort()).toEqual([
    'object-name-valid',
    'service-port-in-range',
    'service-type-known',
    'target-port-valid',
  ]);
});

test('a shape error withholds only its object', () => {
  const { cluster, diagnostics } = check(
    `${service('ports: 80')}\n---\n${service('ports: [{port: 80}]', 'name: other')}`,
  );
  expect(cluster.services.map(({ name }) => name)).toEqual(['other']);
  expect(diagnostics).toHaveLength(1);
});

test('diagnostics are sorted by place', () => {
  const { diagnostics } = check(`${service('type: X, ports: []')}\n---\n${service('ports: 1')}`);
  expect(diagnostics.map(({ span }) => span?.line)).toEqual([4, 4, 9]);
});

test('unknown fields are warnings, strict makes them errors', () => {
  const text = service('clusterIp: None, ports: [{port: 80}]');
  expect(codesOf(text)).toEqual(['warning unknown-field']);
  expect(codesOf(text, { strict: true })).toEqual(['error unknown-field']);
  expect(check(text, { strict: true }).cluster.services).toHaveLength(1);
});

test('rules run by category', () => {
  const text = `${service('type: LoadBalancer, ports: [{port: 80}]')}\nstatus: {loadBalancer: {ingress: [{ip: x}]}}`;
  const only = (...categories: readonly RuleCategory[]) => codesOf(text, { categories: new Set(categories) });
  expect(only('api')).toEqual([]);
  expect(only('node')).toEqual(['error ingress-ip-valid']);
  expect(check(text, { categories: new Set(['api']) }).cluster.services[0]?.loadBalancerIngress).toEqual([]);
});

test('what is silenced is not told, but never in the cluster either', () => {
  const broken = service(
    'ports: []',
    'name: web, annotations: {svcgen/ignore: " x, service-ports-required"}',
  );
  expect(codesOf(broken)).toEqual(['warning silenced-object-left-out']);
  expect(check(broken).cluster.services).toEqual([]);
  const disabledCodes = new Set(['service-ports-required']);
  expect(codesOf(service('ports: []'), { disabledCodes })).toEqual(['warning silenced-object-left-out']);
  const odd = service(
    'clusterIP: FD00::1, ports: [{port: 80}]',
    'name: web, annotations: {svcgen/ignore: address-canonical}',
  );
  expect(codesOf(odd)).toEqual([]);
});

test('relaxed names of Services may start with a digit', () => {
  const text = service('ports: [{port: 80}]', 'name: 1web');
  const kubernetes = kubernetesVersion('1.35');
  expect(codesOf(text, { kubernetes })).toEqual(['error object-name-valid']);
  expect(codesOf(text, { kubernetes, relaxedServiceNames: true })).toEqual([]);
  expect(codesOf(text)).toEqual([]);
});

test('other kinds are counted, not judged', () => {
  const { diagnostics, ignored } = check(
    ['v1 ConfigMap', 'serving.knative.dev/v1 Service', 'v1 ConfigMap', 'networking.k8s.io/v1 Ingress']
      .map((name) => name.split(' '))
      .map(([apiVersion, kind]) => `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: a}`)
      .join('\n---\n'),
  );
  expect(diagnostics).toEqual([]);
  expect([...ignored]).toEqual([
    ['ConfigMap', 2],
    ['Service.serving.knative.dev', 1],
    ['Ingress.networking.k8s.io', 1],
  ]);
});

test.each([
  ['v2', 'Service', 'error kind-in-api-version'],
  ['core/v1', 'Service', 'error kind-in-api-version'],
  ['a/b/v1', 'Service', 'error kind-in-api-version'],
  ['v1', 'service', 'error kind-in-api-version'],
  ['kubeproxy.config.k8s.io/v1', 'KubeProxyConfiguration', 'error kind-in-api-version'],
  ['v1', 'Svc', 'error kind-in-api-version'],
  ['v1', 'constructor', 'error kind-in-api-version'],
  ['apps/v1', 'Rollout', 'error kind-in-api-version'],
  ['networking.k8s.io/v1', 'Ingres', 'error kind-in-api-version'],
  ['v1', 'Services', 'error kind-in-api-version'],
  ['apps/v1', 'Pod', 'error kind-in-api-version'],
  ['discovery.k8s.io', 'EndpointSlice', 'error kind-in-api-version'],
  ['discovery.k8s.io/v1', 'EndpointSlices', 'error kind-in-api-version'],
  ['discovery.k8s.io/v1beta1', 'EndpointSlice', 'warning api-version-served'],
  ['extensions/v1beta1', 'Deployment', 'warning api-version-served'],
])('%s %s: %s', (apiVersion, kind, expected) => {
  expect(codesOf(`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: a}`)).toEqual([expected]);
});

test('service ranges come from the flag, else from ServiceCIDR objects wherever they stand', () => {
  const text = service('clusterIP: 10.97.0.1, ports: [{port: 80}]');
  const range =
    'apiVersion: networking.k8s.io/v1\nkind: ServiceCIDR\nmetadata: {name: kubernetes}\nspec: {cidrs: [10.96.0.0/16]}';
  expect(codesOf(text)).toEqual([]);
  expect(codesOf(`${text}\n---\n${range}`)).toEqual(['error cluster-ip-in-range']);
  expect(codesOf(`${text}\n---\n${range}`, { serviceCIDRs: ['10.97.0.0/16'] })).toEqual([]);
});

test('manifests that can be gone through once only are refused when it takes two times', () => {
  const text = `${service('clusterIP: 10.96.0.1, ports: [{port: 80}]')}\n---
apiVersion: networking.k8s.io/v1\nkind: ServiceCIDR\nmetadata: {name: kubernetes}\nspec: {cidrs: [10.96.0.0/16]}`;
  const { manifests } = parse([{ path: 'x.yaml', bytes: new TextEncoder().encode(text) }]);
  const options = { ...defaultValidateOptions, serviceCIDRs: ['10.0.0.0/8'] };
  expect(validate(manifests.values(), options)).toEqual(validate(manifests, options));
  expect(() => validate(manifests.values(), defaultValidateOptions)).toThrow('can be gone through twice');
});

test.each([
  ['10.96.0.0', false],
  ['10.96.0.1', true],
  ['10.96.255.254', true],
  ['10.96.255.255', false],
  ['10.95.255.255', false],
])('cluster IP %s in 10.96.0.0/16: %s', (ip, isFine) => {
  const codes = codesOf(service(`clusterIP: ${ip}, ports: [{port: 80}]`), { serviceCIDRs: ['10.96.0.0/16'] });
  expect(codes).toEqual(isFine ? [] : ['error cluster-ip-in-range']);
});

test.each([
  ['fd00::', false],
  ['fd00::1', true],
  ['fd00::ffff', true],
])('cluster IP %s in fd00::/112: %s', (ip, isFine) => {
  const codes = codesOf(service(`clusterIP: "${ip}", ports: [{port: 80}]`), { serviceCIDRs: ['fd00::/112'] });
  expect(codes).toEqual(isFine ? [] : ['error cluster-ip-in-range']);
});

test('findings in a template are in the template', () => {
  const text = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web, "a b": c}}
    spec: {containers: [{name: web, image: a, ports: [{name: "80", containerPort: 80}]}]}`;
  const found = check(text).diagnostics.map(({ code, field, span }) => [code, field.join('.'), span?.line]);
  expect(found).toEqual([
    ['label-key-valid', 'spec.template.metadata.labels', 7],
    ['container-port-name-valid', 'spec.template.spec.containers.0.ports.0.name', 8],
  ]);
});

describe('an object with mistakes in quotes', () => {
  const text = (labels: string, port: string) =>
    `apiVersion: v1\nkind: Service\nmetadata: {name: web, labels: ${labels}}\nspec: {type: NodePorts, ports: [{port: ${port}}]}`;

  test('has its other problems reported in the same run, and is left out', () => {
    expect(codesOf(text('{version: 1.10, ok: yes}', '"80"'))).toEqual([
      'error field-type',
      'error field-type',
      'error service-type-known',
      'error field-type',
    ]);
    const mended = text('{version: 1.10}', '80').replace('NodePorts', 'NodePort');
    expect(codesOf(mended)).toEqual(['error field-type']);
    expect(check(mended).cluster.services).toEqual([]);
  });

  test('is not looked at when something else is wrong with its shape', () => {
    expect(codesOf(text('[]', '"80"'))).toEqual(['error field-type', 'error field-type']);
    expect(codesOf(text('{}', 'http'))).toEqual(['error field-type']);
    expect(codesOf(text('{}', '"4294967376"'))).toEqual(['error field-type']);
  });

  test('may have a label __proto__', () => {
    expect(codesOf(text('{__proto__: 5}', '80'))).toEqual([
      'error label-key-valid',
      'error field-type',
      'error service-type-known',
    ]);
  });
});
