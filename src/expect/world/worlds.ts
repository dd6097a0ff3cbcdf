import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import type { Cluster } from '../../model/cluster.ts';
import type { ObjectPatch, TrafficCase } from '../expectation.ts';
import { changeCluster } from './change-cluster.ts';
import { type Patching, patchManifests } from './patch-manifests.ts';
import type { TestedMode } from './site.ts';
import { createWorld, type World } from './world.ts';

/** What happens to a cluster before a case. */
type Changes = Pick<TrafficCase, 'patches' | 'changes' | 'report'>;

/** Worlds after changes: one that was made not long ago is not made again. */
export type WorldAfter = (changes: Changes) => World | { readonly failed: readonly Diagnostic[] };

/** Manifests that were read without errors. */
export interface ReadManifests {
  readonly cluster: Cluster;
  readonly diagnostics: readonly Diagnostic[];
  /** Reads them again, with changes. */
  readonly patched: (patch: Patching['apply']) => {
    readonly cluster: Cluster | undefined;
    readonly diagnostics: readonly Diagnostic[];
  };
}

/** Cases with the same change mostly stand together, and a world of thousands of Services takes much memory. */
const MAX_WORLDS = 4;

/** The key of the world as it is, which most cases are about. */
const UNCHANGED = JSON.stringify([[], []]);

/** @param node the one that flags name; undefined: none */
export function createWorlds(
  manifests: ReadManifests,
  tested: readonly TestedMode[],
  node: string | undefined,
): WorldAfter {
  const worlds = new Map<string, World>();
  return ({ patches, changes, report }) => {
    const parts = [patches.map(({ value }) => value), changes.map(({ verb, subject }) => [verb, subject])];
    const key = JSON.stringify(parts);
    const known = worlds.get(key);
    if (known !== undefined) return known;
    const patched = patches.length === 0 ? manifests : patchedManifests(manifests, patches, report);
    if (patched.cluster === undefined) return { failed: patched.diagnostics };
    const changed = changeCluster(patched.cluster, changes);
    if ('failed' in changed) {
      const { field } = changed.failed;
      return { failed: [report('expectation-subject-known', field, changed.problem)] };
    }
    const found = patches.length === 0 ? [] : patched.diagnostics;
    const world = createWorld(changed.cluster, { tested, node, found });
    const [first, second] = worlds.keys();
    const oldest = first === UNCHANGED ? second : first;
    if (worlds.size >= MAX_WORLDS && oldest !== undefined) worlds.delete(oldest);
    worlds.set(key, world);
    return world;
  };
}

/** What was said of manifests is not said again of those with patches. */
function patchedManifests(
  { diagnostics: before, patched }: ReadManifests,
  patches: readonly ObjectPatch[],
  report: TrafficCase['report'],
): ReturnType<ReadManifests['patched']> {
  const { apply, problem } = patchManifests(patches);
  const { cluster, diagnostics } = patched(apply);
  const missing = problem();
  if (missing !== undefined) {
    const { patch, fault } = missing;
    return { cluster: undefined, diagnostics: [report('expectation-subject-known', patch.field, fault)] };
  }
  const keyOf = ({ code, message, span }: Diagnostic) => JSON.stringify([code, message, span]);
  const known = new Set(before.map(keyOf));
  return { cluster, diagnostics: diagnostics.filter((each) => !known.has(keyOf(each))) };
}
