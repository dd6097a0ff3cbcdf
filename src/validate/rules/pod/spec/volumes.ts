import type { FieldPath } from '../../../../model/field-path.ts';
import { reportRepeated } from '../../../checks/repeated.ts';
import { checkVolumeSource } from '../../../checks/volume-source.ts';
import { dnsLabelProblem } from '../../../formats/dns.ts';
import { relativePathProblem } from '../../../formats/path.ts';
import type * as api from '../../../generated/shapes.js';
import type { PodRule, Report } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

/** ValidateVolumes (1.34); the sources that pods of today use are looked into. */
export const podVolumesValid = {
  code: 'pod-volumes-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['volumes'],
  summary: 'a volume with several sources, or without what its source needs',
  explanation: `A volume has a name of its own, a DNS label, and one source: emptyDir, configMap, secret,
persistentVolumeClaim, …`,
  check(pod, report) {
    const volumes = pod.spec.volumes ?? [];
    const path = [...pod.path, 'volumes'];
    for (const [index, volume] of volumes.entries()) checkVolume(volume ?? {}, [...path, index], report);
    reportRepeated(volumes, {
      keyOf: (volume) => volume?.name ?? '',
      toFinding: (volume, index, first) => ({
        field: [...path, index, 'name'],
        message: `volume name ${quoteValue(volume?.name ?? '')} is that of volumes[${first}] too`,
      }),
      report,
    });
  },
} as const satisfies PodRule;

/** Without any source a volume is an empty folder (defaulted). */
function checkVolume(volume: api.Volume, path: FieldPath, report: Report): void {
  const { name } = volume;
  const problem = name ? dnsLabelProblem(name) : 'is missing';
  if (problem !== undefined)
    report({ field: [...path, 'name'], message: `volume name ${quoteValue(name ?? '')} ${problem}` });
  const sources = Object.entries(volume).filter(
    ([key, source]) => key !== 'name' && typeof source === 'object' && source !== null,
  );
  for (const [key] of sources.slice(1)) {
    report({ field: [...path, key], message: `${key} beside ${sources[0]?.[0]}: a volume has one source` });
  }
  checkVolumeSource(volume, path, report);
}

/** warningsForOverlappingVirtualPaths (pkg/api/pod/warnings.go, 1.32 to 1.36), which names no field. */
export const volumePathsDistinct = {
  code: 'volume-paths-distinct',
  category: 'api',
  severity: 'warning',
  onlyWith: ['volumes'],
  summary: 'files of a volume that are in the way of each other, or a projected volume without any',
  explanation: `The entries of a configMap, secret, downwardAPI or projected volume become files. Two of one path, or one that is
the folder of another, cannot both be there. A projected volume without sources stays empty. From Kubernetes 1.32 on the
API server warns of both.`,
  check({ spec, path }, report, { options }) {
    if (!options.kubernetes.api.warnings.has('overlapping-paths')) return;
    for (const [index, volume] of (spec.volumes ?? []).entries()) {
      const field = [...path, 'volumes', index];
      const name = quoteValue(volume?.name ?? '');
      if (volume?.projected && !volume.projected.sources?.length)
        report({ field: [...field, 'projected'], message: `projected volume ${name} has no sources` });
      for (const [one, other] of overlaps(filePaths(volume ?? {})))
        report({ field, message: `volume ${name}: ${quoteValue(one)} and ${quoteValue(other)} overlap` });
    }
  },
} as const satisfies PodRule;

function filePaths({ configMap, secret, downwardAPI, projected }: api.Volume): readonly string[] {
  const sources = [
    ...[configMap, secret, downwardAPI],
    ...(projected?.sources ?? []).flatMap((source) => [
      source?.configMap,
      source?.secret,
      source?.downwardAPI,
    ]),
  ];
  const items = sources.flatMap(
    (source): readonly ({ readonly path?: string | null } | null)[] => source?.items ?? [],
  );
  const tokens = (projected?.sources ?? []).map((source) => source?.serviceAccountToken?.path);
  return [...items.map((item) => item?.path), ...tokens].flatMap((each) => each || []);
}

/** Neighbours in order of their parts: a folder stands right before what is in it. */
function* overlaps(paths: readonly string[]): Generator<readonly [string, string]> {
  if (paths.length < 2) return;
  const sorted = paths.map((path) => `${path}/`).sort();
  for (const [index, path] of sorted.entries()) {
    const before = sorted[index - 1];
    if (before !== undefined && path.startsWith(before)) yield [before.slice(0, -1), path.slice(0, -1)];
  }
}

const PROPAGATIONS = ['None', 'HostToContainer', 'Bidirectional'];
const RECURSIVE = ['IfPossible', 'Enabled'];

/** ValidateVolumeMounts and ValidateVolumeDevices (1.34). */
export const containerMountsValid = {
  code: 'container-mounts-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['volumeMounts', 'volumeDevices'],
  summary: 'a mount of a volume that is not there, or onto a path that is taken',
  explanation: `A volume mount names a volume of the pod and a path in the container, which no other mount has.`,
  check(pod, report) {
    const claimed = pod.claims.flatMap(({ name }) =>
      name === '' ? [] : [{ name, persistentVolumeClaim: {} }],
    );
    const volumes = new Map(
      [...(pod.spec.volumes ?? []), ...claimed].map((volume) => [volume?.name ?? '', volume]),
    );
    for (const { container, path } of pod.containers) {
      checkPlaces({ container, volumes, path }, report);
      checkMounts({ container, volumes, path: [...path, 'volumeMounts'] }, report);
      checkDevices({ container, volumes, path: [...path, 'volumeDevices'] }, report);
    }
  },
} as const satisfies PodRule;

interface Mounting {
  readonly container: api.Container;
  readonly volumes: ReadonlyMap<string, api.Volume | null>;
  readonly path: FieldPath;
}

function checkMounts({ container, volumes, path }: Mounting, report: Report): void {
  const isPrivileged = container.securityContext?.privileged === true;
  for (const [index, mount] of (container.volumeMounts ?? []).entries()) {
    const { name, mountPath, subPath, subPathExpr } = mount ?? {};
    const refuse = (key: string, message: string) => report({ field: [...path, index, key], message });
    if (!name) refuse('name', 'a volume mount needs the name of a volume');
    else if (!volumes.has(name)) refuse('name', `the pod has no volume ${quoteValue(name)}`);
    if (!mountPath) refuse('mountPath', 'a volume mount needs a mountPath');
    if (subPath && subPathExpr) refuse('subPathExpr', 'subPath and subPathExpr exclude each other');
    for (const [key, text] of Object.entries({ subPath, subPathExpr })) {
      if (text && volumes.get(name ?? '')?.image) refuse(key, `${key} does not go with a volume of an image`);
    }
    for (const [key, message] of mountProblems(mount ?? {}, isPrivileged))
      report({ field: [...path, key], place: [...path, index, key], message });
  }
}

/** What the API server reports without saying of which mount. */
function mountProblems(mount: api.VolumeMount, isPrivileged: boolean) {
  const { mountPropagation: propagation, recursiveReadOnly, readOnly } = mount;
  const problems: (readonly [key: string, message: string])[] = [];
  for (const key of ['subPath', 'subPathExpr'] as const) {
    const text = mount[key];
    const problem = text ? relativePathProblem(text) : undefined;
    if (problem !== undefined) problems.push([key, `${key} ${quoteValue(text ?? '')} ${problem}`]);
  }
  if (typeof propagation === 'string' && !PROPAGATIONS.includes(propagation))
    problems.push(['mountPropagation', `${quoteValue(propagation)} is none of ${PROPAGATIONS.join(', ')}`]);
  if (propagation === 'Bidirectional' && !isPrivileged)
    problems.push(['mountPropagation', 'Bidirectional needs a privileged container']);
  if (recursiveReadOnly === undefined || recursiveReadOnly === null || recursiveReadOnly === 'Disabled')
    return problems;
  const refuse = (message: string) => problems.push(['recursiveReadOnly', message]);
  if (!RECURSIVE.includes(recursiveReadOnly))
    refuse(`${quoteValue(recursiveReadOnly)} is none of Disabled, ${RECURSIVE.join(', ')}`);
  else if (readOnly !== true) refuse(`recursiveReadOnly ${recursiveReadOnly} needs readOnly true`);
  else if (typeof propagation === 'string' && propagation !== 'None')
    refuse(`recursiveReadOnly ${recursiveReadOnly} needs mountPropagation None`);
  return problems;
}

/** Paths in the container, each of which one mount or device has. */
function checkPlaces({ container, path }: Mounting, report: Report): void {
  const seen = new Set<string>();
  const check = (place: string | null | undefined, field: FieldPath) => {
    const message = `${field.at(-1)} ${quoteValue(place ?? '')} is taken already`;
    if (place && seen.has(place)) report({ field, message });
    seen.add(place ?? '');
  };
  for (const [index, mount] of (container.volumeMounts ?? []).entries())
    check(mount?.mountPath, [...path, 'volumeMounts', index, 'mountPath']);
  for (const [index, device] of (container.volumeDevices ?? []).entries())
    check(device?.devicePath, [...path, 'volumeDevices', index, 'devicePath']);
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
    if (name && seen.has(name)) refuse('name', `volume ${quoteValue(name)} is a device already`);
    seen.add(name ?? '');
  }
}
