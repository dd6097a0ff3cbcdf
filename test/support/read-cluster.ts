import { readFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import { NEWEST_KUBERNETES } from '../../src/kubernetes/versions.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import { isJsonObject, type JsonObject } from '../../src/model/json.ts';
import { parse } from '../../src/parse/parse.ts';
import { defaultValidateOptions } from '../../src/validate/options.ts';
import { validate } from '../../src/validate/validate.ts';

/** The cluster of a YAML file that must be valid: throws with what is wrong with it. */
export function readCluster(path: string): Cluster {
  return clusterOf(readFileSync(path, 'utf8'));
}

/** The cluster of YAML or JSON text, as the API server of a version takes it. */
export function clusterOf(text: string, kubernetes = NEWEST_KUBERNETES): Cluster {
  const parsed = parse([{ path: 'input.yaml', bytes: new TextEncoder().encode(text) }]);
  const { cluster, diagnostics } = validate(parsed.manifests, { ...defaultValidateOptions, kubernetes });
  const errors = [...parsed.diagnostics, ...diagnostics].filter(({ severity }) => severity === 'error');
  if (errors.length > 0)
    throw new Error(JSON.stringify(errors.map(({ object, message }) => [object, message])));
  return cluster;
}

/** The objects of YAML or JSON text as a reader that is not ours finds them, those of lists one by one. */
export function objectsOf(text: string): readonly JsonObject[] {
  return loadAll(text).filter(isJsonObject).flatMap(withoutLists);
}

function withoutLists(value: JsonObject): readonly JsonObject[] {
  return Array.isArray(value.items) ? value.items.filter(isJsonObject) : [value];
}
