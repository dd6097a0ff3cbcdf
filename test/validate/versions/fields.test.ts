import { describe, expect, test } from 'vitest';
import { checkText } from '../../support/check-text.ts';
import { kubernetesVersion, verdictsOf, versionsFrom, versionsWith } from '../../support/versions.ts';

const pod = (spec: string) => `
apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: web, image: nginx}], ${spec}}`;

const CASES: readonly (readonly [what: string, text: string, field: string, unknown: readonly string[]])[] = [
  [
    'pod-level resources',
    pod('resources: {limits: {cpu: 1}}'),
    'spec.resources',
    versionsFrom('1.30', '1.31'),
  ],
  [
    'an image volume',
    pod('volumes: [{name: a, image: {reference: nginx}, emptyDir: {}}]'),
    'spec.volumes[0].image',
    ['1.30'],
  ],
  [
    'a workloadRef',
    pod('workloadRef: {name: a}'),
    'spec.workloadRef',
    [...versionsFrom('1.30', '1.34'), ...versionsFrom('1.36')],
  ],
  [
    'a claim source of 1.30',
    pod('resourceClaims: [{name: a, source: {resourceClaimName: b}}]'),
    'spec.resourceClaims[0].source',
    versionsFrom('1.31'),
  ],
  [
    'a scheduling group',
    pod('schedulingGroup: {podGroupName: a}'),
    'spec.schedulingGroup',
    versionsFrom('1.30', '1.35'),
  ],
  [
    'eviction responders',
    pod('evictionResponders: [{name: a}]'),
    'spec.evictionResponders',
    versionsFrom('1.30', '1.36'),
  ],
];

describe('fields that not every version knows', () => {
  test.each(CASES)('%s', (_, text, field, unknown) => {
    expect(versionsWith(text, `warning unknown-field ${field}`)).toEqual(unknown);
  });

  test('are in templates and statuses too', () => {
    const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx, env: [{name: A, valueFrom: {fileKeyRef: {volumeName: v, path: p, key: k}}}]}]}`;
    const field = 'spec.template.spec.containers[0].env[0].valueFrom.fileKeyRef';
    expect(versionsWith(deployment, `warning unknown-field ${field}`)).toEqual(versionsFrom('1.30', '1.33'));
    const node = 'apiVersion: v1\nkind: Node\nmetadata: {name: a}\nstatus: {declaredFeatures: [A]}';
    expect(versionsWith(node, 'warning unknown-field status.declaredFeatures')).toEqual(
      versionsFrom('1.30', '1.34'),
    );
  });

  test('are not looked at where they are unknown', () => {
    const odd = pod('resources: 5');
    expect(verdictsOf(odd, '1.31')).toEqual(['warning unknown-field spec.resources']);
    expect(verdictsOf(odd, '1.32')).toEqual(['error field-type spec.resources']);
  });

  test('say which version is the first to have them', () => {
    const [found] = checkText(pod('resources: {}'), { kubernetes: kubernetesVersion('1.31.2') });
    expect(found?.message).toBe(
      'unknown field "resources", which the API server of Kubernetes 1.31.2 ignores: 1.32 is the first version that has it',
    );
  });
});

describe('fields behind a feature gate', () => {
  const service = (value: string) => `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {ports: [{port: 80}], trafficDistribution: ${value}}`;

  test('are dropped, whatever they hold, and said to be', () => {
    expect(verdictsOf(service('Nowhere'), '1.30')).toEqual(['info field-dropped spec.trafficDistribution']);
    expect(verdictsOf(service('Nowhere'), '1.31')).toEqual([
      'error traffic-distribution-known spec.trafficDistribution',
    ]);
  });

  test('have the type of the field all the same', () => {
    expect(verdictsOf(service('5'), '1.30')).toContain('error field-type spec.trafficDistribution');
  });

  test.each([
    ['hostUsers: false', 'spec.hostUsers', versionsFrom('1.30', '1.32')],
    [
      'securityContext: {supplementalGroupsPolicy: Strict}',
      'spec.securityContext.supplementalGroupsPolicy',
      versionsFrom('1.31', '1.32'),
    ],
    ['hostnameOverride: web', 'spec.hostnameOverride', ['1.34']],
  ])('%s', (spec, field, dropped) => {
    expect(versionsWith(pod(spec), `info field-dropped ${field}`)).toEqual(dropped);
  });
});
