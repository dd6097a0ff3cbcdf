import type { FieldPath } from '../../model/field-path.ts';
import { relativePathProblem } from '../formats/path.ts';
import type * as api from '../generated/shapes.js';
import type { PodRule, Report } from '../rule.ts';
import { quoteValue } from '../shape/describe-value.ts';
import { containersOf } from './pod-containers.ts';

const PROPAGATIONS = ['None', 'HostToContainer', 'Bidirectional'];

/** ValidateVolumeMounts and ValidateVolumeDevices (1.34). */
export const containerMountsValid: PodRule = {
  code: 'container-mounts-valid',
  severity: 'error',
  explanation: `A volume mount names a volume of the pod and a path in the container, which no other mount has.`,
  failingExample: `apiVersion: v1
kind: Pod
metadata:
  name: web-1
spec:
  containers:
    - {name: web, image: nginx, volumeMounts: [{name: data, mountPath: /data}]}
`,
  passingExample: `apiVersion: v1
kind: Pod
metadata:
  name: web-1
spec:
  containers:
    - {name: web, image: nginx, volumeMounts: [{name: data, mountPath: /data}]}
  volumes:
    - {name: data, emptyDir: {}}
`,
  check(pod, report) {
    const claimed = pod.claimedVolumes.map((name) => ({ name, persistentVolumeClaim: {} }));
    const volumes = new Map(
      [...(pod.spec.volumes ?? []), ...claimed].map((volume) => [volume?.name ?? '', volume]),
    );
    for (const { container, path } of containersOf(pod)) {
      checkMounts({ container, volumes, path: [...path, 'volumeMounts'] }, report);
      checkDevices({ container, volumes, path: [...path, 'volumeDevices'] }, report);
    }
  },
};

interface Mounting {
  readonly container: api.Container;
  readonly volumes: ReadonlyMap<string, api.Volume | null>;
  readonly path: FieldPath;
}

function checkMounts({ container, volumes, path }: Mounting, report: Report): void {
  const seen = new Set<string>();
  for (const [index, mount] of (container.volumeMounts ?? []).entries()) {
    const { name, mountPath, subPath, subPathExpr, mountPropagation } = mount ?? {};
    const refuse = (key: string, message: string) => report({ field: [...path, index, key], message });
    if (!name) refuse('name', 'a volume mount needs the name of a volume');
    else if (!volumes.has(name)) refuse('name', `the pod has no volume ${quoteValue(name)}`);
    if (!mountPath) refuse('mountPath', 'a volume mount needs a mountPath');
    if (seen.has(mountPath ?? ''))
      refuse('mountPath', `mountPath ${quoteValue(mountPath ?? '')} is taken already`);
    seen.add(mountPath ?? '');
    for (const [key, text] of Object.entries({ subPath, subPathExpr })) {
      const problem = text ? relativePathProblem(text) : undefined;
      if (problem !== undefined) refuse(key, `${key} ${quoteValue(text ?? '')} ${problem}`);
    }
    if (subPath && subPathExpr) refuse('subPathExpr', 'subPath and subPathExpr exclude each other');
    if (mountPropagation && !PROPAGATIONS.includes(mountPropagation)) {
      refuse('mountPropagation', `${quoteValue(mountPropagation)} is none of ${PROPAGATIONS.join(', ')}`);
    }
  }
}

function checkDevices({ container, volumes, path }: Mounting, report: Report): void {
  const seen = new Set<string>();
  const mountNames = new Set((container.volumeMounts ?? []).map((mount) => mount?.name ?? ''));
  for (const [index, device] of (container.volumeDevices ?? []).entries()) {
    const { name, devicePath } = device ?? {};
    const refuse = (key: string, message: string) => report({ field: [...path, index, key], message });
    const volume = volumes.get(name ?? '');
    if (!name) refuse('name', 'a volume device needs the name of a volume');
    else if (!volume) refuse('name', `the pod has no volume ${quoteValue(name)}`);
    else if (!volume.persistentVolumeClaim && !volume.ephemeral) {
      refuse('name', `volume ${quoteValue(name)} is no persistentVolumeClaim, so it cannot be a device`);
    }
    if (name && mountNames.has(name)) refuse('name', `volume ${quoteValue(name)} is mounted too`);
    if (!devicePath) refuse('devicePath', 'a volume device needs a devicePath');
    else if (devicePath.split('/').includes('..'))
      refuse('devicePath', `${quoteValue(devicePath)} has '..' in it`);
    for (const key of [`name ${name}`, `path ${devicePath}`]) {
      if (seen.has(key))
        refuse(key.startsWith('name') ? 'name' : 'devicePath', `${quoteValue(key)} is taken already`);
      seen.add(key);
    }
  }
}
