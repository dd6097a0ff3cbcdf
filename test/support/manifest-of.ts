import { isJsonObject, type JsonObject, type JsonValue } from '../../src/model/json.ts';
import type { Manifest } from '../../src/model/manifest.ts';

/** A manifest of a value that was in no file. */
export function manifestOf(value: JsonObject): Manifest {
  const metadata = isJsonObject(value.metadata) ? value.metadata : {};
  return {
    apiVersion: textOf(value.apiVersion),
    kind: textOf(value.kind),
    namespace: textOf(metadata.namespace),
    name: textOf(metadata.name),
    value,
    file: 'input.yaml',
    locate: () => ({
      file: 'input.yaml',
      line: 1,
      column: 1,
      excerpt: { text: ' ', start: 0, length: 1 },
    }),
  };
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
