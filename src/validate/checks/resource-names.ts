import { qualifiedNameProblem } from '../formats/qualified-name.ts';

const CONTAINER_RESOURCES = new Set(['cpu', 'memory', 'ephemeral-storage']);

/** What is wrong with the name of a resource that a container asks for (validateContainerResourceName, 1.34). */
export function resourceNameProblem(name: string): string | undefined {
  const problem = qualifiedNameProblem(name);
  if (problem !== undefined) return problem;
  if (!name.includes('/')) {
    const isKnown = CONTAINER_RESOURCES.has(name) || name.startsWith('hugepages-');
    return isKnown ? undefined : 'is none of cpu, memory, ephemeral-storage, hugepages-…, and has no prefix';
  }
  if (isNative(name)) return undefined;
  return isExtended(name) ? undefined : 'is no name for an extended resource';
}

/** Huge pages and extended resources: a node gives all of what is asked for, or nothing. */
export function isOvercommitAllowed(name: string): boolean {
  return isNative(name) && !name.startsWith('hugepages-');
}

/** Extended resources are counted in pieces. */
export function isIntegerResource(name: string): boolean {
  return isExtended(name);
}

function isNative(name: string): boolean {
  return !name.includes('/') || name.includes('kubernetes.io/');
}

function isExtended(name: string): boolean {
  if (isNative(name) || name.startsWith('requests.')) return false;
  return qualifiedNameProblem(`requests.${name}`) === undefined;
}
