import type { MetadataRule, PodRule, WorkloadRule } from '../rule.ts';

/** A rule about pods, for the template of a workload: its findings are in the template. */
export function onTemplate(rule: PodRule): WorkloadRule {
  return { ...rule, check: ({ pod }, report, context) => rule.check(pod, report, context) };
}

/** A rule about metadata, for that of the template of a workload. */
export function onPodMetadata(rule: MetadataRule): WorkloadRule {
  return { ...rule, check: ({ podMetadata }, report, context) => rule.check(podMetadata, report, context) };
}
