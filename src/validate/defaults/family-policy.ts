import type { DefaultedService } from './service.ts';

/**
 * The ipFamilyPolicy that a Service has when it is created (initIPFamilyFields of the REST layer, 1.34): a headless
 * one without selector is dual-stack, everything else that does not say so is not.
 */
export function effectiveFamilyPolicy(service: DefaultedService): string {
  if (service.ipFamilyPolicy !== undefined) return service.ipFamilyPolicy;
  return isSelectorlessHeadless(service) ? 'RequireDualStack' : 'SingleStack';
}

/** The one kind of Service that may have families which its cluster has no range for. */
export function isSelectorlessHeadless({ clusterIP, selector }: DefaultedService): boolean {
  return clusterIP === 'None' && Object.keys(selector).length === 0;
}
