import { expect, test } from 'vitest';
import { formatFieldPath } from '../../src/model/field-path.ts';
import { checkText } from '../support/check-text.ts';
import { kubernetesVersion } from '../support/versions.ts';

/** `code field` of all errors of a pod with these fields beside its container. */
function errorsOf(spec: string, container = '', metadata = ''): readonly string[] {
  const text = `apiVersion: v1
kind: Pod
metadata: {name: web${metadata}}
spec: {${spec}${spec === '' ? '' : ', '}containers: [{name: web, image: nginx${container === '' ? '' : `, ${container}`}}]}`;
  return checkText(text, { categories: new Set(['api']), kubernetes: kubernetesVersion('1.34') })
    .filter(({ severity }) => severity === 'error')
    .map(({ code, field }) => `${code} ${formatFieldPath(field).replace('spec.containers[0].', '')}`);
}

test.each([
  ['restartPolicy: ""', []],
  ['preemptionPolicy: ""', ['pod-policy-known spec.preemptionPolicy']],
  ['runtimeClassName: ""', ['pod-names-valid spec.runtimeClassName']],
  ['serviceAccountName: ""', []],
  ['serviceAccount: A', ['pod-names-valid spec.serviceAccountName']],
  ['serviceAccount: A, serviceAccountName: a', []],
  ['hostname: a.b', ['pod-hostname-valid spec.hostname']],
  ['activeDeadlineSeconds: 2147483648', ['pod-deadline-in-range spec.activeDeadlineSeconds']],
  ['dnsPolicy: None, dnsConfig: {}', ['pod-dns-config-valid spec.dnsConfig.nameservers']],
  [
    'dnsConfig: {nameservers: [1.1.1.1, 1.1.1.2, 1.1.1.3, 1.1.1.4]}',
    ['pod-dns-config-valid spec.dnsConfig.nameservers'],
  ],
  ['dnsConfig: {searches: [".", "_a.b.", "a..b"]}', ['pod-dns-config-valid spec.dnsConfig.searches[2]']],
  ['dnsConfig: {options: [{value: "2"}]}', ['pod-dns-config-valid spec.dnsConfig.options[0]']],
  ['tolerations: [{operator: Exists}]', []],
  ['tolerations: [{}]', ['pod-tolerations-valid spec.tolerations[0].operator']],
  ['tolerations: [{key: a, operator: Gt}]', ['pod-tolerations-valid spec.tolerations[0].operator']],
  ['tolerations: [{key: a, tolerationSeconds: 1}]', ['pod-tolerations-valid spec.tolerations[0].effect']],
  ['tolerations: [{key: a, effect: Never}]', ['pod-tolerations-valid spec.tolerations[0].effect']],
  ['nodeSelector: {a: "b c"}', ['pod-node-selector-valid spec.nodeSelector']],
  [
    'hostAliases: [{ip: 1.2.3.4, hostnames: [A]}]',
    ['pod-host-aliases-valid spec.hostAliases[0].hostnames[0]'],
  ],
  ['schedulingGates: [{name: a}, {name: a}]', ['pod-gates-valid spec.schedulingGates[1]']],
  ['schedulingGates: [{name: a}], nodeName: n1', ['pod-gates-valid spec.nodeName']],
  ['volumes: [{name: a}, {name: a}]', ['pod-volumes-valid spec.volumes[1].name']],
  ['volumes: [{name: a, configMap: {}}]', ['pod-volumes-valid spec.volumes[0].configMap.name']],
  ['volumes: [{name: a, hostPath: {path: /a/../b}}]', ['pod-volumes-valid spec.volumes[0].hostPath.path']],
  [
    'volumes: [{name: a, secret: {secretName: a, defaultMode: 512}}]',
    ['pod-volumes-valid spec.volumes[0].secret.defaultMode'],
  ],
  [
    'volumes: [{name: a, emptyDir: {sizeLimit: -1}}]',
    ['pod-volumes-valid spec.volumes[0].emptyDir.sizeLimit'],
  ],
  ['volumes: [{name: a, projected: {sources: [{serviceAccountToken: {path: token}}]}}]', []],
  [
    'serviceAccountName: a, volumes: [{name: a, projected: {sources: [{serviceAccountToken: {path: token}}]}}]',
    [],
  ],
  ['volumes: [{name: a, projected: {sources: [{}]}}]', []],
  [
    'volumes: [{name: a, downwardAPI: {items: [{path: a, fieldRef: {fieldPath: spec.x}}]}}]',
    ['pod-volumes-valid spec.volumes[0].downwardAPI.fieldRef.fieldPath'],
  ],
  [
    'volumes: [{name: a, downwardAPI: {items: [{path: a}]}}]',
    ['pod-volumes-valid spec.volumes[0].downwardAPI'],
  ],
  ['volumes: [{name: a, rbd: {monitors: [], image: a}}]', ['pod-volumes-valid spec.volumes[0].rbd.monitors']],
  ['volumes: [{name: a, fc: {wwids: [a]}}]', []],
  ['volumes: [{name: a, fc: {targetWWNs: [a], lun: 256}}]', ['pod-volumes-valid spec.volumes[0].fc.lun']],
  ['volumes: [{name: a, flocker: {}}]', ['pod-volumes-valid spec.volumes[0].flocker']],
  ['volumes: [{name: a, csi: {driver: a_b}}]', ['pod-volumes-valid spec.volumes[0].csi.driver']],
  [
    'volumes: [{name: a, gitRepo: {repository: a, directory: ../b}}]',
    ['pod-volumes-valid spec.volumes[0].gitRepo.directory'],
  ],
  ['securityContext: {windowsOptions: {hostProcess: true}}', ['security-context-valid spec.hostNetwork']],
  ['hostNetwork: true, securityContext: {windowsOptions: {hostProcess: true}}', []],
  ['securityContext: {windowsOptions: {runAsUserName: "corp\\\\web"}}', []],
  [
    'securityContext: {windowsOptions: {runAsUserName: "a\\\\b\\\\c", gmsaCredentialSpecName: A, gmsaCredentialSpec: ""}}',
    [
      'security-context-valid spec.securityContext.windowsOptions.gmsaCredentialSpecName',
      'security-context-valid spec.securityContext.windowsOptions.gmsaCredentialSpec',
      'security-context-valid spec.securityContext.windowsOptions.runAsUserName',
    ],
  ],
  ['securityContext: {fsGroup: 2147483648}', ['security-context-valid spec.securityContext.fsGroup']],
  [
    'securityContext: {seccompProfile: {type: Localhost}}',
    ['security-context-valid spec.securityContext.seccompProfile.localhostProfile'],
  ],
  [
    'securityContext: {seccompProfile: {type: Localhost, localhostProfile: ../a}}',
    ['security-context-valid spec.securityContext.seccompProfile.localhostProfile'],
  ],
  [
    'securityContext: {sysctls: [{name: net.a}, {name: net.a}]}',
    ['security-context-valid spec.securityContext.sysctls[1].name'],
  ],
  [
    'hostNetwork: true, securityContext: {sysctls: [{name: net.a}]}',
    ['security-context-valid spec.securityContext.sysctls[0].name'],
  ],
  ['hostUsers: false, hostPID: true', ['security-context-valid spec.hostPID']],
  [
    'shareProcessNamespace: true, hostPID: true',
    ['security-context-valid spec.securityContext.shareProcessNamespace'],
  ],
  [
    'os: {name: linux}, securityContext: {windowsOptions: {}}',
    ['pod-os-valid spec.securityContext.windowsOptions'],
  ],
  ['os: {name: windows}, hostPID: false', []],
  ['os: {name: windows}, hostIPC: true', ['pod-os-valid spec.hostIPC']],
  ['os: {}', ['pod-os-valid spec.os.name']],
  [
    'affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {}}}',
    [
      'pod-affinity-valid spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms',
    ],
  ],
  [
    'affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, preference: {matchExpressions: [{key: a, operator: In, values: ["b c"]}]}}]}}',
    [],
  ],
  [
    'affinity: {podAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 101, podAffinityTerm: {topologyKey: a}}]}}',
    [
      'pod-affinity-valid spec.affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight',
    ],
  ],
  [
    'topologySpreadConstraints: [{maxSkew: 1, topologyKey: a, whenUnsatisfiable: ScheduleAnyway, minDomains: 2}]',
    ['pod-topology-spread-valid spec.topologySpreadConstraints[0].minDomains'],
  ],
  [
    'topologySpreadConstraints: [{maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, matchLabelKeys: [a]}]',
    ['pod-topology-spread-valid spec.topologySpreadConstraints[0].matchLabelKeys'],
  ],
  ['resources: {limits: {storage: 1Gi}}', ['pod-resources-valid spec.resources.limits[storage]']],
  ['overhead: {cpu: -1}', ['container-resources-valid spec.overhead.limits[cpu]']],
  [
    'initContainers: [{name: a, image: a, livenessProbe: {exec: {command: [a]}}}]',
    ['init-container-fields spec.initContainers[0].livenessProbe'],
  ],
  [
    'initContainers: [{name: a, image: a, restartPolicy: Never}]',
    ['init-container-fields spec.initContainers[0].restartPolicy'],
  ],
  [
    'initContainers: [null]',
    [
      'container-name-valid spec.initContainers[0].name',
      'container-image-valid spec.initContainers[0].image',
    ],
  ],
])('spec %s', (spec, expected) => expect([...errorsOf(spec)].sort()).toEqual([...expected].sort()));

const VOLUME = 'volumes: [{name: v}]';

test.each<[container: string, expected: readonly string[], spec?: string]>([
  ['image: ""', ['container-image-valid image']],
  ['restartPolicy: Always', []],
  [
    'ports: [{containerPort: 80, name: a}, {containerPort: 81, name: a}]',
    ['container-port-name-valid ports[1].name'],
  ],
  ['ports: [{containerPort: 80}, {containerPort: 80, protocol: ""}]', []],
  ['ports: [{containerPort: 80, hostPort: 70000}]', ['container-port-in-range ports[0].hostPort']],
  ['env: [{name: ""}]', ['container-env-valid env[0].name']],
  ['env: [{name: A, valueFrom: {}}]', ['container-env-valid env[0].valueFrom']],
  [
    'env: [{name: A, value: b, valueFrom: {fieldRef: {fieldPath: spec.host}}}]',
    ['container-env-valid env[0].valueFrom'],
  ],
  [
    'env: [{name: A, valueFrom: {fieldRef: {fieldPath: status.phase}}}]',
    ['container-env-valid env[0].valueFrom.fieldRef.fieldPath'],
  ],
  [
    `env: [{name: A, valueFrom: {fieldRef: {fieldPath: "metadata.labels['a b']"}}}]`,
    ['container-env-valid env[0].valueFrom.fieldRef'],
  ],
  [
    'env: [{name: A, valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: 2}}}]',
    ['container-env-valid env[0].valueFrom.resourceFieldRef.divisor'],
  ],
  [
    'env: [{name: A, valueFrom: {secretKeyRef: {name: a, key: ..}}}]',
    ['container-env-valid env[0].valueFrom.secretKeyRef.key'],
  ],
  ['envFrom: [{}]', ['container-env-from-valid envFrom']],
  ['envFrom: [{configMapRef: {name: a-}, prefix: "="}]', ['container-env-from-valid envFrom[0].prefix']],
  ['readinessProbe: {}', ['container-probe-valid readinessProbe']],
  [
    'readinessProbe: {tcpSocket: {port: 80}, exec: {command: [a]}}',
    ['container-probe-valid readinessProbe.tcpSocket'],
  ],
  ['readinessProbe: {tcpSocket: {port: 80}, successThreshold: 2}', []],
  [
    'livenessProbe: {tcpSocket: {port: 80}, successThreshold: 2}',
    ['container-probe-valid livenessProbe.successThreshold'],
  ],
  [
    'readinessProbe: {tcpSocket: {port: 80}, terminationGracePeriodSeconds: 1}',
    ['container-probe-valid readinessProbe.terminationGracePeriodSeconds'],
  ],
  ['startupProbe: {grpc: {}}', ['container-probe-valid startupProbe.grpc.port']],
  [
    'startupProbe: {httpGet: {port: http, scheme: http}}',
    ['container-probe-valid startupProbe.httpGet.scheme'],
  ],
  [
    'startupProbe: {httpGet: {port: http, httpHeaders: [{name: "a b"}]}}',
    ['container-probe-valid startupProbe.httpGet.httpHeaders'],
  ],
  ['startupProbe: {exec: {}}', ['container-probe-valid startupProbe.exec.command']],
  ['lifecycle: {preStop: {}}', ['container-lifecycle-valid lifecycle.preStop']],
  ['resources: {limits: {foo: 1}}', ['container-resources-valid resources.limits[foo]']],
  [
    'resources: {limits: {example.com/gpu: 1.5}}',
    ['container-resources-valid resources.limits[example.com/gpu]'],
  ],
  ['resources: {requests: {example.com/gpu: 1}}', ['container-resources-valid resources.limits']],
  [
    'resources: {limits: {example.com/gpu: 2}, requests: {example.com/gpu: 1}}',
    ['container-resources-valid resources.requests'],
  ],
  [
    'resources: {limits: {hugepages-2Mi: 3Mi, cpu: 1}}',
    ['container-resources-valid resources.limits[hugepages-2Mi]'],
  ],
  ['resources: {limits: {hugepages-2Mi: 4Mi}}', ['container-resources-valid resources']],
  ['resources: {claims: [{name: a}]}', ['container-resources-valid resources.claims[0]']],
  ['imagePullPolicy: ""', []],
  [
    'resizePolicy: [{resourceName: disk, restartPolicy: NotRequired}]',
    ['container-policy-known resizePolicy'],
  ],
  ['securityContext: {procMount: Unmasked}', ['security-context-valid securityContext.procMount']],
  [
    'securityContext: {allowPrivilegeEscalation: false, privileged: true}',
    ['security-context-valid securityContext'],
  ],
  [
    'volumeMounts: [{name: a}]',
    ['container-mounts-valid volumeMounts[0].name', 'container-mounts-valid volumeMounts[0].mountPath'],
  ],
  ['volumeDevices: [{name: a, devicePath: /a}]', ['container-mounts-valid volumeDevices[0].name']],
  [
    'volumeMounts: [{name: v, mountPath: /a, subPath: b/.., readOnly: true}]',
    ['container-mounts-valid volumeMounts.subPath'],
    VOLUME,
  ],
  [
    'volumeMounts: [{name: v, mountPath: /a, mountPropagation: Bidirectional}]',
    ['container-mounts-valid volumeMounts.mountPropagation'],
    VOLUME,
  ],
  [
    'securityContext: {privileged: true}, volumeMounts: [{name: v, mountPath: /a, mountPropagation: Bidirectional}]',
    [],
    VOLUME,
  ],
  [
    'volumeMounts: [{name: v, mountPath: /a, recursiveReadOnly: Enabled}]',
    ['container-mounts-valid volumeMounts.recursiveReadOnly'],
    VOLUME,
  ],
  ['volumeMounts: [{name: v, mountPath: /a, readOnly: true, recursiveReadOnly: Enabled}]', [], VOLUME],
  [
    'volumeMounts: [{name: v, mountPath: /a, readOnly: true, recursiveReadOnly: Always}]',
    ['container-mounts-valid volumeMounts.recursiveReadOnly'],
    VOLUME,
  ],
  [
    'volumeMounts: [{name: v, mountPath: /a}, {name: v, mountPath: /a}]',
    ['container-mounts-valid volumeMounts[1].mountPath'],
    VOLUME,
  ],
  [
    'volumeMounts: [{name: v, mountPath: /a, subPath: b}]',
    ['container-mounts-valid volumeMounts[0].subPath'],
    'volumes: [{name: v, image: {reference: a}}]',
  ],
])('container %s', (container, expected, spec = '') =>
  expect([...errorsOf(spec, container)].sort()).toEqual([...expected].sort()),
);

test.each([
  ['kubernetes.io/config.mirror: a', ['kubernetes.io/config.mirror']],
  [
    'controller.kubernetes.io/pod-deletion-cost: "2147483648"',
    ['controller.kubernetes.io/pod-deletion-cost'],
  ],
  ['seccomp.security.alpha.kubernetes.io/pod: localhost/../a', ['seccomp.security.alpha.kubernetes.io/pod']],
  [
    'container.apparmor.security.beta.kubernetes.io/other: unconfined',
    ['container.apparmor.security.beta.kubernetes.io/other'],
  ],
  ['container.apparmor.security.beta.kubernetes.io/web: unconfined', []],
])('annotation %s', (annotation, expected) => {
  const fields = expected.map((key) => `pod-annotations-valid metadata.annotations[${key}]`);
  expect(errorsOf('', '', `, annotations: {${annotation}}`)).toEqual(fields);
});

test.each([
  ['securityContext: {seccompProfile: {type: RuntimeDefault}}', 'unconfined', 'seccompProfile.type'],
  ['securityContext: {seccompProfile: {type: RuntimeDefault}}', 'docker/default', undefined],
  [
    'securityContext: {seccompProfile: {type: Localhost, localhostProfile: a}}',
    'localhost/b',
    'seccompProfile.localhostProfile',
  ],
])('profile %s beside annotation %s', (spec, annotation, field) => {
  const metadata = `, annotations: {seccomp.security.alpha.kubernetes.io/pod: ${annotation}}`;
  const expected = field === undefined ? [] : [`pod-annotations-valid spec.securityContext.${field}`];
  expect(errorsOf(spec, '', metadata)).toEqual(expected);
});
