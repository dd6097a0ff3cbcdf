import { join } from 'node:path';
import { isJsonObject, type JsonValue } from '../../model/json.ts';
import type { NamedPlace } from '../project/name-file.ts';
import { contentOf, type Recipe } from './kustomization.ts';

/** What Chainsaw calls its tests (github.com/kyverno/chainsaw, `--test-file`, 0.2). */
export const CHAINSAW_TEST = /^chainsaw-test\.ya?ml$/;

/** What kuttl calls files that a cluster is compared with (kuttl.dev, "KUTTL Test Harness", "File layout"). */
const KUTTL_ASSERTION = /^\d+-(?:assert|errors?)\.ya?ml$/;

/** Operations that compare objects, or change some: their files hold fields to look at, not objects. */
const COMPARING = ['assert', 'error', 'patch'];

/** So deep are operations in a test: steps, in them try, catch or finally. */
const MAX_DEPTH = 12;

/** The files that a test of Chainsaw only compares a cluster with. */
export function readChainsawTest({ path, location }: NamedPlace, folder: string): Recipe {
  const files = new Set<string>();
  collect(contentOf(location), 0, (file) => files.add(join(folder, file)));
  return { path, ingredients: files };
}

/** Whether kuttl compares a cluster with a file of this name. */
export function isKuttlAssertion(name: string): boolean {
  return KUTTL_ASSERTION.test(name);
}

function collect(value: JsonValue, depth: number, found: (file: string) => void): void {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return;
  for (const [key, inner] of Object.entries<JsonValue>(value)) {
    const isOperation = COMPARING.includes(key) && isJsonObject(inner);
    if (isOperation && typeof inner.file === 'string') found(inner.file);
    else collect(inner, depth + 1, found);
  }
}
