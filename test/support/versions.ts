import { KUBERNETES_VERSIONS, parseKubernetesVersion } from '../../src/kubernetes/versions.ts';
import { formatFieldPath } from '../../src/model/field-path.ts';
import type { KubernetesVersion } from '../../src/model/kubernetes-version.ts';
import { checkText } from './check-text.ts';

/** A version that svcgen knows. */
export function kubernetesVersion(name: string): KubernetesVersion {
  const version = parseKubernetesVersion(name);
  if (version === undefined) throw new Error(`no such version: ${name}`);
  return version;
}

/** `severity code field` of all that the API server of a version has to say. */
export function verdictsOf(text: string, name: string): readonly string[] {
  const kubernetes = kubernetesVersion(name);
  return checkText(text, { kubernetes, categories: new Set(['api']) }).map(
    ({ severity, code, field }) => `${severity} ${code} ${formatFieldPath(field)}`,
  );
}

/** In which versions the API server says this (`severity code field`) of a manifest. */
export function versionsWith(text: string, verdict: string): readonly string[] {
  return KUBERNETES_VERSIONS.filter((name) => verdictsOf(text, name).includes(verdict));
}

/** All versions from one to another, both included: `1.31 – 1.33`. */
export function versionsFrom(first: string, last = '1.37'): readonly string[] {
  return KUBERNETES_VERSIONS.slice(KUBERNETES_VERSIONS.indexOf(first), KUBERNETES_VERSIONS.indexOf(last) + 1);
}
