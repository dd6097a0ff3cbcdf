import type { FieldPath } from '../../model/field-path.ts';
import { downwardFieldProblem, downwardResourceProblem } from '../formats/downward-api.ts';
import { relativePathProblem } from '../formats/path.ts';
import { parseQuantity } from '../formats/quantity.ts';
import type * as api from '../generated/shapes.js';
import type { Report } from '../rule.ts';
import { quoteValue } from '../shape/describe-value.ts';

const HOST_PATH_TYPES = [
  '',
  'DirectoryOrCreate',
  'Directory',
  'FileOrCreate',
  'File',
  'Socket',
  'CharDevice',
  'BlockDevice',
];
const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'];
const MAX_MODE = 0o777;

/** What a source cannot do without, by key. */
const NEEDED: readonly (readonly [source: keyof api.Volume, keys: readonly string[]])[] = [
  ['configMap', ['name']],
  ['secret', ['secretName']],
  ['persistentVolumeClaim', ['claimName']],
  ['hostPath', ['path']],
  ['nfs', ['server', 'path']],
  ['csi', ['driver']],
  ['ephemeral', ['volumeClaimTemplate']],
  ['gitRepo', ['repository']],
  ['iscsi', ['targetPortal', 'iqn']],
  ['flexVolume', ['driver']],
  ['azureFile', ['secretName', 'shareName']],
  ['azureDisk', ['diskName', 'diskURI']],
  ['awsElasticBlockStore', ['volumeID']],
  ['gcePersistentDisk', ['pdName']],
  ['vsphereVolume', ['volumePath']],
  ['cinder', ['volumeID']],
  ['glusterfs', ['endpoints', 'path']],
  ['image', ['reference']],
];

/** validateVolumeSource (1.34): looks into the source of a volume. */
export function checkVolumeSource(volume: api.Volume, path: FieldPath, report: Report): void {
  for (const [key, needed] of NEEDED) {
    const source = volume[key];
    if (typeof source !== 'object' || source === null) continue;
    const values = new Map(Object.entries(source));
    for (const name of needed) {
      if (!values.get(name)) report({ field: [...path, key, name], message: `${key} needs ${name}` });
    }
  }
  const { emptyDir, hostPath, nfs, configMap, secret, downwardAPI, projected, image } = volume;
  const size = emptyDir?.sizeLimit ? parseQuantity(emptyDir.sizeLimit) : undefined;
  if (size !== undefined && size < 0n)
    report({ field: [...path, 'emptyDir', 'sizeLimit'], message: 'sizeLimit is negative' });
  if (hostPath) checkHostPath(hostPath, [...path, 'hostPath'], report);
  if (nfs?.path && !nfs.path.startsWith('/')) {
    report({ field: [...path, 'nfs', 'path'], message: `path ${quoteValue(nfs.path)} is not absolute` });
  }
  if (configMap) checkFiles(configMap, [...path, 'configMap'], report);
  if (secret) checkFiles(secret, [...path, 'secret'], report);
  if (downwardAPI) checkDownwardAPI(downwardAPI, [...path, 'downwardAPI'], report);
  if (projected) checkProjected(projected, [...path, 'projected'], report);
  if (image?.pullPolicy && !PULL_POLICIES.includes(image.pullPolicy)) {
    report({
      field: [...path, 'image', 'pullPolicy'],
      message: `${quoteValue(image.pullPolicy)} is none of ${PULL_POLICIES.join(', ')}`,
    });
  }
}

function checkHostPath(
  { path: folder, type }: api.HostPathVolumeSource,
  path: FieldPath,
  report: Report,
): void {
  if (folder?.split('/').includes('..'))
    report({ field: [...path, 'path'], message: `path ${quoteValue(folder)} has '..' in it` });
  if (type && !HOST_PATH_TYPES.includes(type))
    report({ field: [...path, 'type'], message: `${quoteValue(type)} is no type of hostPath` });
}

interface Files {
  readonly defaultMode?: number | null;
  readonly items?: readonly (api.KeyToPath | null)[] | null;
}

function checkFiles({ defaultMode, items }: Files, path: FieldPath, report: Report): void {
  checkMode(defaultMode, [...path, 'defaultMode'], report);
  for (const [index, item] of (items ?? []).entries()) {
    const field = [...path, 'items', index];
    if (!item?.key) report({ field: [...field, 'key'], message: 'an item needs a key' });
    checkFilePath(item?.path, [...field, 'path'], report);
    checkMode(item?.mode, [...field, 'mode'], report);
  }
}

function checkDownwardAPI(
  {
    defaultMode,
    items,
  }: { readonly defaultMode?: number | null; readonly items?: api.DownwardAPIVolumeSource['items'] },
  path: FieldPath,
  report: Report,
): void {
  checkMode(defaultMode, [...path, 'defaultMode'], report);
  for (const [index, item] of (items ?? []).entries()) {
    const field = [...path, 'items', index];
    const { fieldRef, resourceFieldRef } = item ?? {};
    checkFilePath(item?.path, [...field, 'path'], report);
    checkMode(item?.mode, [...field, 'mode'], report);
    if (fieldRef && resourceFieldRef) report({ field, message: 'fieldRef beside resourceFieldRef' });
    if (!fieldRef && !resourceFieldRef)
      report({ field: [...field, 'fieldRef'], message: 'an item needs a fieldRef or resourceFieldRef' });
    const problem = fieldRef ? downwardFieldProblem(fieldRef, 'volume') : undefined;
    if (problem !== undefined)
      report({ field: [...field, 'fieldRef', ...problem.at], message: problem.message });
    const other = resourceFieldRef ? downwardResourceProblem(resourceFieldRef, 'volume') : undefined;
    if (other !== undefined)
      report({ field: [...field, 'resourceFieldRef', ...other.at], message: other.message });
  }
}

function checkProjected(
  { defaultMode, sources }: api.ProjectedVolumeSource,
  path: FieldPath,
  report: Report,
): void {
  checkMode(defaultMode, [...path, 'defaultMode'], report);
  for (const [index, source] of (sources ?? []).entries()) {
    const field = [...path, 'sources', index];
    for (const key of ['configMap', 'secret'] as const) {
      const files = source?.[key];
      if (!files) continue;
      if (!files.name) report({ field: [...field, key, 'name'], message: `${key} needs a name` });
      checkFiles(files, [...field, key], report);
    }
    if (source?.downwardAPI) checkDownwardAPI(source.downwardAPI, [...field, 'downwardAPI'], report);
    if (source?.serviceAccountToken)
      checkToken(source.serviceAccountToken, [...field, 'serviceAccountToken'], report);
    const kinds = Object.values(source ?? {}).filter((value) => typeof value === 'object' && value !== null);
    if (kinds.length !== 1)
      report({ field, message: `a projected source has ${kinds.length} kinds, not one` });
  }
}

function checkToken(
  { expirationSeconds, path: file }: api.ServiceAccountTokenProjection,
  path: FieldPath,
  report: Report,
): void {
  const seconds = expirationSeconds ?? 3600;
  if (seconds < 600 || seconds > 2 ** 32) {
    report({
      field: [...path, 'expirationSeconds'],
      message: `expirationSeconds ${seconds} is outside 600-${2 ** 32}`,
    });
  }
  checkFilePath(file, [...path, 'path'], report);
}

function checkFilePath(file: string | null | undefined, field: FieldPath, report: Report): void {
  const text = file ?? '';
  const problem = filePathProblem(text);
  if (problem !== undefined) report({ field, message: `path ${quoteValue(text)} ${problem}` });
}

function filePathProblem(file: string): string | undefined {
  if (file === '') return 'is missing';
  return file.startsWith('..') ? "starts with '..'" : relativePathProblem(file);
}

function checkMode(mode: number | null | undefined, field: FieldPath, report: Report): void {
  if (mode === null || mode === undefined || (mode >= 0 && mode <= MAX_MODE)) return;
  report({ field, message: `mode ${mode} is outside 0-0777 (octal; ${MAX_MODE} in decimal)` });
}
