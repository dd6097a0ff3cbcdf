import { join } from 'node:path';
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts';
import { isWithin, type NamedPlace } from '../project/name-file.ts';
import { expandPattern } from './expand-pattern.ts';
import { contentsOf, type Recipe } from './kustomization.ts';

/**
 * Tests of clusters and of policies name files with objects that nobody deploys: what a cluster is compared with, what it
 * has to refuse, what a policy is tried on.
 */
interface TestFormat {
  readonly fileName: RegExp;
  /** Of its `apiVersion`, the version aside; undefined: whatever has the name is a test. */
  readonly group?: string;
  /** Paths in it are patterns of Go's filepath.Glob. */
  readonly hasPatterns?: true;
  readonly collect: (test: JsonObject, found: (file: string, use?: 'applied') => void) => void;
}

/** A test, and the files that it takes. */
export interface TestFile extends Recipe {
  /** Files that the test applies: objects of a cluster, or changes to such that the cluster has already; without links. */
  readonly applied: ReadonlySet<string>;
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
  // github.com/kyverno/chainsaw, `--test-file`, 0.2; its patterns: pkg/loaders/resource
  {
    fileName: /^chainsaw-test\.ya?ml$/,
    hasPatterns: true,
    collect: (test, found) => collectChainsaw(test, 0, found),
  },
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
): TestFile | undefined {
  const format = FORMATS.find(({ fileName }) => fileName.test(name));
  if (format === undefined) return undefined;
  const contents = contentsOf(location);
  if (format.group !== undefined && groupOf(contents[0] ?? {}) !== format.group) return undefined;
  const ingredients = new Set<string>();
  const applied = new Set<string>();
  for (const content of contents)
    format.collect(content, (file, use) => {
      // What is elsewhere is somebody's to deploy: policies are tried on that, too.
      for (const path of format.hasPatterns === true ? expandPattern(file, folder) : [join(folder, file)])
        if (isWithin(path, folder)) (use === 'applied' ? applied : ingredients).add(path);
    });
  return { path, ingredients, applied };
}

/** Whether kuttl compares a cluster with a file of this name. */
export function isKuttlAssertion(name: string): boolean {
  return KUTTL_ASSERTION.test(name);
}

function groupOf({ apiVersion }: JsonObject): string | undefined {
  return typeof apiVersion === 'string' ? apiVersion.split('/')[0] : undefined;
}

function collectChainsaw(value: JsonValue, depth: number, found: Parameters<TestFormat['collect']>[1]): void {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return;
  for (const [key, inner] of Object.entries<JsonValue>(value)) {
    const use = useOf(key, inner);
    if (use === undefined || !isJsonObject(inner)) collectChainsaw(inner, depth + 1, found);
    else if (typeof inner.file === 'string') found(inner.file, use === 'applied' ? use : undefined);
  }
}

/**
 * What an operation makes of its file: some compare objects with it, change some by it, or want the API server to refuse it.
 * What `apply` and `update` find in the cluster they change by the fields that the file has (chainsaw, pkg/engine/operations, 0.2).
 */
function useOf(operation: string, value: JsonValue): 'no object' | 'applied' | undefined {
  if (!isJsonObject(value) || typeof value.file !== 'string') return undefined;
  switch (operation) {
    case 'assert':
    case 'error':
    case 'patch':
      return 'no object';
    case 'apply':
    case 'create':
    case 'update':
      return isRefused(value) ? 'no object' : 'applied';
    default:
      return undefined;
  }
}

function isRefused({ expect }: JsonObject): boolean {
  return objectsIn(expect).some(({ check }) => isJsonObject(check) && check['($error != null)'] === true);
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
