import type { FieldPath } from '../../../../model/field-path.ts';
import { reportRepeated } from '../../../checks/repeated.ts';
import { checkVolumeSource } from '../../../checks/volume-source.ts';
import { dnsLabelProblem } from '../../../formats/dns.ts';
import type * as api from '../../../generated/shapes.js';
import type { PodRule, Report } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

/** ValidateVolumes (1.34); the sources that pods of today use are looked into. */
export const podVolumesValid = {
  code: 'pod-volumes-valid',
  category: 'api',
  severity: 'error',
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
    if (pod.isTemplate || pod.spec.serviceAccountName || pod.spec.serviceAccount) return;
    for (const [index, volume] of volumes.entries())
      refuseTokens(volume?.projected, [...path, index, 'projected'], report);
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

/** validatePodMetadataAndSpec (1.34): tokens are issued for a service account. */
function refuseTokens(
  projected: api.ProjectedVolumeSource | null | undefined,
  path: FieldPath,
  report: Report,
): void {
  for (const [index, source] of (projected?.sources ?? []).entries()) {
    if (!source?.serviceAccountToken) continue;
    const field = [...path, 'sources', index, 'serviceAccountToken'];
    report({ field, message: 'a serviceAccountToken in a pod without serviceAccountName' });
  }
}
