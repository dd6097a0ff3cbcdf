import type { FieldPath } from '../../model/field-path.ts';
import { dnsSubdomainProblem } from '../formats/dns.ts';
import { relativePathProblem } from '../formats/path.ts';
import type * as api from '../generated/shapes.js';
import type { Report } from '../rule.ts';
import { quoteValue } from '../shape/describe-value.ts';

const MAX_LUN = 255;
const MAX_DRIVER = 63;

/** validateVolumeSource (1.34) of sources that few pods have: CSI drivers in a pod, and storage of old. */
export function checkOtherSource(volume: api.Volume, path: FieldPath, report: Report): void {
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
