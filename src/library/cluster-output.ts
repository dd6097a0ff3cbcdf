import { hasErrors } from '../diagnostic/has-errors.ts';
import type { Cluster } from '../model/cluster.ts';
import { checkServing, type ServingWords } from './check-serving.ts';
import { type Compiled, failure, lockText } from './compile.ts';
import type { CompiledText } from './compiled-text.ts';
import { conclude, type WithDiagnostics } from './conclude.ts';
import type { LoadedManifests } from './load.ts';
import type { PolicyOptions } from './options.ts';

/** What a renderer makes of a cluster. */
export interface Made<Name extends string> extends WithDiagnostics {
  readonly texts: readonly (readonly [Name, CompiledText])[];
  /** What is said where there is nothing to serve, and no error; undefined: nothing. */
  readonly serving?: ServingWords;
}

function servingOf(
  { cluster }: LoadedManifests,
  made: Made<string> | undefined,
): WithDiagnostics | undefined {
  if (cluster === undefined || made?.serving === undefined || hasErrors(made.diagnostics)) return undefined;
  return { diagnostics: checkServing(cluster, made.serving) };
}

/** What becomes of manifests that one renderer gets, whatever the node. */
export function compileCluster<Name extends string>(
  loaded: LoadedManifests,
  options: PolicyOptions,
  make: (cluster: Cluster) => Made<Name>,
): Compiled<Name> {
  const made = loaded.cluster && make(loaded.cluster);
  const { diagnostics, ...end } = conclude(options, [loaded, made, servingOf(loaded, made)]);
  if (end.hasErrors || made === undefined) return failure({ diagnostics });
  return { artifacts: new Map(made.texts), lock: lockText(loaded), diagnostics };
}
