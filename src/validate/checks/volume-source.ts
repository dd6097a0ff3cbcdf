import type { FieldPath } from '../../model/field-path.ts';
import { dnsSubdomainProblem } from '../formats/dns.ts';
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

/** validateVolumeSource (1.34): looks into the source of a volume. */
export function checkVolumeSource(volume: api.Volume, path: FieldPath, report: Report): void {
  checkNeeds(volume, path, report);
  checkOtherSource(volume, path, report);
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
    const { fieldRef, resourceFieldRef } = item ?? {};
    // The API server does not say of which item.
    const refuse = (at: FieldPath, message: string) =>
      report({ field: [...path, ...at], place: [...path, 'items', index, ...at], message });
    const fileProblem = filePathProblem(item?.path ?? '');
    if (fileProblem !== undefined) refuse(['path'], `path ${quoteValue(item?.path ?? '')} ${fileProblem}`);
    const modeText = modeProblem(item?.mode);
    if (modeText !== undefined) refuse(['mode'], modeText);
    if (fieldRef && resourceFieldRef) refuse([], 'fieldRef beside resourceFieldRef');
    if (!fieldRef && !resourceFieldRef) refuse([], 'an item needs a fieldRef or resourceFieldRef');
    const problem = fieldRef ? downwardFieldProblem(fieldRef, 'volume') : undefined;
    if (problem !== undefined) refuse(['fieldRef', ...problem.at], problem.message);
    const other = resourceFieldRef ? downwardResourceProblem(resourceFieldRef, 'volume') : undefined;
    if (other !== undefined) refuse(['resourceFieldRef', ...other.at], other.message);
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
    if (source?.serviceAccountToken) checkToken(source.serviceAccountToken, { path, index }, report);
    const kinds = Object.values(source ?? {}).filter((value) => typeof value === 'object' && value !== null);
    if (kinds.length > 1) report({ field, message: `a projected source has ${kinds.length} kinds, not one` });
  }
}

/** The API server names the path of a token as if it were that of the volume. */
function checkToken(
  { expirationSeconds, path: file }: api.ServiceAccountTokenProjection,
  { path, index }: { readonly path: FieldPath; readonly index: number },
  report: Report,
): void {
  const place = [...path, 'sources', index, 'serviceAccountToken'];
  const seconds = expirationSeconds ?? 3600;
  if (seconds < 600 || seconds > 2 ** 32) {
    report({
      field: [...place, 'expirationSeconds'],
      message: `expirationSeconds ${seconds} is outside 600-${2 ** 32}`,
    });
  }
  const problem = filePathProblem(file ?? '');
  if (problem === undefined) return;
  const message = `path ${quoteValue(file ?? '')} ${problem}`;
  report({ field: [...path, 'path'], place: [...place, 'path'], message });
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
  const message = modeProblem(mode);
  if (message !== undefined) report({ field, message });
}

function modeProblem(mode: number | null | undefined): string | undefined {
  if (mode === null || mode === undefined || (mode >= 0 && mode <= MAX_MODE)) return undefined;
  return `mode ${mode} is outside 0-0777 (octal; ${MAX_MODE} in decimal)`;
}

const MAX_LUN = 255;
const MAX_DRIVER = 63;

/** validateVolumeSource (1.34) of sources that few pods have: CSI drivers in a pod, and storage of old. */
function checkOtherSource(volume: api.Volume, path: FieldPath, report: Report): void {
  const { csi, fc, flocker, gitRepo } = volume;
  if (csi?.driver) {
    const problem =
      csi.driver.length > MAX_DRIVER
        ? `is longer than ${MAX_DRIVER} characters`
        : dnsSubdomainProblem(csi.driver.toLowerCase());
    if (problem !== undefined)
      report({ field: [...path, 'csi', 'driver'], message: `driver ${quoteValue(csi.driver)} ${problem}` });
  }
  if (fc) checkFibreChannel(fc, [...path, 'fc'], report);
  if (flocker) {
    const names = [flocker.datasetName, flocker.datasetUUID].filter(Boolean);
    if (names.length !== 1)
      report({ field: [...path, 'flocker'], message: 'flocker needs a datasetName or a datasetUUID' });
    if (flocker.datasetName?.includes('/'))
      report({ field: [...path, 'flocker', 'datasetName'], message: "datasetName has '/' in it" });
  }
  const problem = relativePathProblem(gitRepo?.directory ?? '');
  if (problem !== undefined) {
    const message = `directory ${quoteValue(gitRepo?.directory ?? '')} ${problem}`;
    report({ field: [...path, 'gitRepo', 'directory'], message });
  }
}

function checkFibreChannel(
  { targetWWNs, wwids, lun }: api.FCVolumeSource,
  path: FieldPath,
  report: Report,
): void {
  const targets = targetWWNs?.length ?? 0;
  if (targets > 0 === (wwids?.length ?? 0) > 0)
    report({ field: [...path, 'targetWWNs'], message: 'fc needs targetWWNs or wwids, and not both' });
  if (targets === 0) return;
  if (typeof lun !== 'number') report({ field: [...path, 'lun'], message: 'targetWWNs needs a lun' });
  else if (lun < 0 || lun > MAX_LUN)
    report({ field: [...path, 'lun'], message: `lun ${lun} is outside 0-${MAX_LUN}` });
}

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
  ['rbd', ['monitors', 'image']],
  ['cephfs', ['monitors']],
  ['quobyte', ['registry', 'volume']],
  ['portworxVolume', ['volumeID']],
  ['photonPersistentDisk', ['pdID']],
  ['scaleIO', ['gateway', 'system', 'volumeName']],
  ['storageos', ['volumeName']],
];

/** Reports what a volume's source lacks. */
function checkNeeds(volume: api.Volume, path: FieldPath, report: Report): void {
  for (const [key, needed] of NEEDED) {
    const source = volume[key];
    if (typeof source !== 'object' || source === null) continue;
    const values = new Map<string, unknown>(Object.entries(source));
    for (const name of needed) {
      if (isEmpty(values.get(name))) report({ field: [...path, key, name], message: `${key} needs ${name}` });
    }
  }
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : !value;
}
