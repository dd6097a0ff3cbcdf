import { type DefaultedService, isHeadless } from './service.ts';

/**
 * The ipFamilyPolicy that a Service has when it is created (initIPFamilyFields of the REST layer, 1.34): a headless
 * one without selector is dual-stack, everything else that does not say so is not.
 */
export function effectiveFamilyPolicy(service: DefaultedService): string {
  if (service.ipFamilyPolicy !== undefined) return service.ipFamilyPolicy;
  const isSelectorless = Object.keys(service.selector).length === 0;
  return isHeadless(service) && isSelectorless ? 'RequireDualStack' : 'SingleStack';
}
