import type { FieldPath } from '../../model/field-path.ts';
import type * as api from '../generated/shapes.js';
import type { Report } from '../rule.ts';

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
export function checkNeeds(volume: api.Volume, path: FieldPath, report: Report): void {
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
