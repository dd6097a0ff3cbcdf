import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import type { Cluster } from '../../src/model/cluster.ts';
import { formatFieldPath } from '../../src/model/field-path.ts';
import { isJsonObject, type JsonObject } from '../../src/model/json.ts';
import type { Manifest } from '../../src/model/manifest.ts';
import { defaultValidateOptions } from '../../src/validate/options.ts';
import { validate } from '../../src/validate/validate.ts';

/** The cluster of a YAML file that must be valid: throws with what is wrong with it. */
export function readCluster(path: string): Cluster {
  return clusterOf(readFileSync(path, 'utf8'));
}

/** The cluster of YAML text. */
export function clusterOf(text: string): Cluster {
  const manifests = objectsOf(text).map(toManifest);
  const { cluster, diagnostics } = validate(manifests, defaultValidateOptions);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0)
    throw new Error(JSON.stringify(errors.map(({ object, message }) => [object, message])));
  return cluster;
}

/** The objects of YAML or JSON text, those of lists one by one. */
export function objectsOf(text: string): readonly JsonObject[] {
  const values = parseAllDocuments(text).map((document): unknown => document.toJS());
  return values.filter(isJsonObject).flatMap(withoutLists);
}

function withoutLists(value: JsonObject): readonly JsonObject[] {
  return Array.isArray(value.items) ? value.items.filter(isJsonObject) : [value];
}

function toManifest(value: JsonObject): Manifest {
  const metadata = isJsonObject(value.metadata) ? value.metadata : {};
  return {
    apiVersion: textOf(value.apiVersion),
    kind: textOf(value.kind),
    namespace: textOf(metadata.namespace),
    name: textOf(metadata.name),
    value,
    file: 'input.yaml',
    locate: (path) => {
      const text = formatFieldPath(path);
      return { file: 'input.yaml', line: 1, column: 1, excerpt: { text, start: 0, length: 1 } };
    },
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
