import { join } from 'node:path';
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts';
import { isWithin, type NamedPlace } from '../project/name-file.ts';
import { contentOf, type Recipe } from './kustomization.ts';

/**
 * Tests of clusters and of policies name files with objects that nobody deploys: what a cluster is compared with, what it
 * has to refuse, what a policy is tried on.
 */
interface TestFormat {
  readonly fileName: RegExp;
  /** Of its `apiVersion`, the version aside; undefined: whatever has the name is a test. */
  readonly group?: string;
  readonly collect: (test: JsonObject, found: (file: string) => void) => void;
}

/** So deep are operations in a test of Chainsaw: steps, in them try, catch or finally. */
const MAX_DEPTH = 12;

/** Fields of Kyverno's tests that hold paths, of the test or of its results (kyverno.io, "kyverno test", 1.15). */
const OF_KYVERNO = [
  'resources',
  'targetResources',
  'clusterResources',
  'paramResources',
  'resource',
  'patchedResource',
  'patchedResources',
  'generatedResource',
  'generatedResources',
  'cloneSourceResource',
];

const FORMATS: readonly TestFormat[] = [
  // github.com/kyverno/chainsaw, `--test-file`, 0.2
  { fileName: /^chainsaw-test\.ya?ml$/, collect: (test, found) => collectChainsaw(test, 0, found) },
  { fileName: /^kyverno-test\.ya?ml$/, group: 'cli.kyverno.io', collect: collectKyverno },
  // open-policy-agent.github.io/gatekeeper, "The gator CLI", 3.20
  { fileName: /^suite\.ya?ml$/, group: 'test.gatekeeper.sh', collect: collectGator },
];

/** What kuttl calls files that a cluster is compared with (kuttl.dev, "KUTTL Test Harness", "File layout"). */
const KUTTL_ASSERTION = /^\d+-(?:assert|errors?)\.ya?ml$/;

/** The files that a test holds objects in which are not for a cluster; undefined: by its name and group it is no test. */
export function readTestFile(
  { path, location }: NamedPlace,
  name: string,
  folder: string,
): Recipe | undefined {
  const format = FORMATS.find(({ fileName }) => fileName.test(name));
  if (format === undefined) return undefined;
  const content = contentOf(location);
  if (format.group !== undefined && groupOf(content) !== format.group) return undefined;
  const files = new Set<string>();
  // What is elsewhere is somebody's to deploy: policies are tried on that, too.
  format.collect(content, (file) => {
    const path = join(folder, file);
    if (isWithin(path, folder)) files.add(path);
  });
  return { path, ingredients: files };
}

/** Whether kuttl compares a cluster with a file of this name. */
export function isKuttlAssertion(name: string): boolean {
  return KUTTL_ASSERTION.test(name);
}

function groupOf({ apiVersion }: JsonObject): string | undefined {
  return typeof apiVersion === 'string' ? apiVersion.split('/')[0] : undefined;
}

function collectChainsaw(value: JsonValue, depth: number, found: (file: string) => void): void {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return;
  for (const [key, inner] of Object.entries<JsonValue>(value)) {
    if (isJsonObject(inner) && typeof inner.file === 'string' && isForNoCluster(key, inner))
      found(inner.file);
    else collectChainsaw(inner, depth + 1, found);
  }
}

/** Operations that compare objects or change some, and those that the API server has to refuse. */
function isForNoCluster(operation: string, { expect }: JsonObject): boolean {
  switch (operation) {
    case 'assert':
    case 'error':
    case 'patch':
      return true;
    case 'apply':
    case 'create':
    case 'update':
      return objectsIn(expect).some(({ check }) => isJsonObject(check) && check['($error != null)'] === true);
    default:
      return false;
  }
}

function collectKyverno(test: JsonObject, found: (file: string) => void): void {
  for (const each of [test, ...objectsIn(test.results)])
    for (const field of OF_KYVERNO) for (const file of stringsIn(each[field])) found(file);
}

function collectGator({ tests }: JsonObject, found: (file: string) => void): void {
  for (const { object, inventory } of objectsIn(tests).flatMap((test) => objectsIn(test.cases)))
    for (const file of [...stringsIn(object), ...stringsIn(inventory)]) found(file);
}

function objectsIn(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function stringsIn(value: JsonValue | undefined): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((each) => typeof each === 'string');
}
