import { describe, expect, test } from 'vitest';
import { readFixture } from '../../support/check-text.ts';
import { versionsFrom, versionsWith } from '../../support/versions.ts';

/** What the API server warns of on creation, at which field, and in which versions (docs/kube-proxy-versions.md, section G). */
const WARNINGS: readonly (readonly [code: string, field: string, versions: readonly string[]])[] = [
  [
    'topology-annotation-current',
    'metadata.annotations[service.kubernetes.io/topology-aware-hints]',
    versionsFrom('1.30'),
  ],
  ['external-name-type', 'spec.externalName', versionsFrom('1.30')],
  ['external-name-no-external-ips', 'spec.externalIPs', versionsFrom('1.30')],
  ['headless-no-external-ips', 'spec.externalIPs', versionsFrom('1.34')],
  ['headless-no-load-balancer-ip', 'spec.loadBalancerIP', versionsFrom('1.34')],
  ['headless-no-session-affinity', 'spec.sessionAffinity', versionsFrom('1.34')],
  ['traffic-distribution-current', 'spec.trafficDistribution', versionsFrom('1.35')],
  ['slice-fqdn', 'addressType', versionsFrom('1.30')],
  ['host-name-label', 'metadata.name', versionsFrom('1.30')],
  ['revision-history-not-negative', 'spec.revisionHistoryLimit', versionsFrom('1.33')],
  ['job-within-limits', 'spec', versionsFrom('1.30')],
  ['node-fields-current', 'spec.externalID', versionsFrom('1.30')],
  ['service-cidr-version-current', 'apiVersion', versionsFrom('1.34', '1.36')],
  ['node-label-current', 'spec.nodeSelector[beta.kubernetes.io/arch]', versionsFrom('1.30')],
  [
    'affinity-values-valid',
    'spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[0].values[0]',
    versionsFrom('1.33'),
  ],
  [
    'pod-term-selects',
    'spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector',
    versionsFrom('1.30'),
  ],
  [
    'pod-annotation-current',
    'metadata.annotations[scheduler.alpha.kubernetes.io/critical-pod]',
    versionsFrom('1.30'),
  ],
  ['volume-type-current', 'spec.volumes[0].gitRepo', versionsFrom('1.30')],
  ['volume-paths-distinct', 'spec.volumes[0]', versionsFrom('1.32')],
  ['pull-secrets-named', 'spec.imagePullSecrets[1].name', versionsFrom('1.30')],
  ['host-aliases-unique', 'spec.hostAliases[1].ip', versionsFrom('1.30')],
  ['grace-period-not-negative', 'spec.terminationGracePeriodSeconds', versionsFrom('1.30')],
  ['env-defined-once', 'spec.containers[0].env[1]', versionsFrom('1.30')],
  ['host-ip-with-host-port', 'spec.containers[0].ports[0]', versionsFrom('1.30')],
  ['container-port-unique', 'spec.containers[1].ports[0]', versionsFrom('1.30')],
  ['container-port-names-distinct', 'spec.containers[1].ports[0]', versionsFrom('1.33')],
  ['quantity-whole-bytes', 'spec.containers[0].resources.limits[memory]', versionsFrom('1.30')],
];

describe('warnings of the API server', () => {
  test.each(WARNINGS)('%s', (code, field, versions) => {
    const verdict = `warning ${code} ${field}`;
    expect(versionsWith(readFixture(`invalid/${code}/input.yaml`), verdict)).toEqual(versions);
    expect(versionsWith(readFixture(`invalid/${code}/near-miss.yaml`), verdict)).toEqual([]);
  });
});

describe('deprecated labels of nodes', () => {
  const nodeSelector = (label: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: nginx}], nodeSelector: {${label}: ""}}`;

  test.each([
    ['failure-domain.beta.kubernetes.io/zone', versionsFrom('1.30')],
    ['node-role.kubernetes.io/master', versionsFrom('1.31')],
  ])('%s', (label, versions) => {
    const verdict = `warning node-label-current spec.nodeSelector[${label}]`;
    expect(versionsWith(nodeSelector(label), verdict)).toEqual(versions);
  });
});

describe('ports that two containers have', () => {
  const pod = (one: string, other: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: a, image: a, ports: [{containerPort: 80${one}}]}, {name: b, image: b, ports: [{containerPort: 80${other}}]}]}`;
  const verdict = 'warning container-port-unique spec.containers[1].ports[0]';

  test.each([
    ['no host port', '', '', true],
    ['one host port', ', hostPort: 80', '', true],
    ['two host ports', ', hostPort: 80', ', hostPort: 81', false],
    ['one host port, on one address and on all', ', hostPort: 80', ', hostPort: 80, hostIP: 192.0.2.1', true],
  ])('%s', (_, one, other, isWarned) => {
    expect(versionsWith(pod(one, other), verdict).length > 0).toBe(isWarned);
  });
});
