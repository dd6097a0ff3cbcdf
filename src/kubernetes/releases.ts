import type { KubernetesVersion } from '../model/kubernetes-version.ts';
import { changingReleases, FIRST_MINOR, factsOf, LAST_MINOR, type Release } from './versions.ts';

/** Where releases begin that are alike. */
const STRETCHES: readonly Release[] = Array.from(
  { length: LAST_MINOR - FIRST_MINOR + 1 },
  (_, index) => FIRST_MINOR + index,
).flatMap((minor) => [
  { minor, patch: 0 },
  ...changingReleases().filter((each) => each.minor === minor && each.patch > 0),
]);

/**
 * The first of all releases that are alike, oldest first: `1.32`, `1.33.0`, `1.33.6`, … A minor version that no patch
 * release has changed is named as a whole.
 */
export const KUBERNETES_RELEASES: readonly KubernetesVersion[] = STRETCHES.map(({ minor, patch }) => ({
  minor,
  patch,
  name: STRETCHES.filter((each) => each.minor === minor).length > 1 ? `1.${minor}.${patch}` : `1.${minor}`,
  ...factsOf(minor, patch),
}));

/** Some of KUBERNETES_RELEASES, in their order, with all that are like them: `1.31 to 1.33.5`, `1.33.6 or 1.34.2 to 1.35`. */
export function formatReleases(releases: readonly KubernetesVersion[]): string {
  const runs: { readonly first: KubernetesVersion; last: number }[] = [];
  for (const release of releases) {
    const index = KUBERNETES_RELEASES.indexOf(release);
    const run = runs.at(-1);
    if (run?.last === index - 1) run.last = index;
    else runs.push({ first: release, last: index });
  }
  return runs.map(({ first, last }) => formatRun(first.name, endOf(last))).join(' or ');
}

function formatRun(first: string, end: string): string {
  if (first === end) return first;
  return first.startsWith(`${end}.`) ? `${first} and later patches` : `${first} to ${end}`;
}

/** The last release that is like this one. */
function endOf(index: number): string {
  const own = KUBERNETES_RELEASES[index];
  const next = KUBERNETES_RELEASES[index + 1];
  if (next !== undefined && next.minor === own?.minor) return `1.${next.minor}.${next.patch - 1}`;
  return `1.${own?.minor}`;
}
