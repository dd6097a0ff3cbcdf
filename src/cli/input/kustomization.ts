import { dirname, join } from 'node:path';
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts';
import { decodeText } from '../../parse/decode-text.ts';
import { readDocuments } from '../../parse/read-documents.ts';
import type { NamedPlace } from '../project/name-file.ts';
import { readBytes } from './read-bytes.ts';

/** The names that kustomize looks for in a folder (kustomize/api/konfig, RecognizedKustomizationFileNames, 5.7). */
export const KUSTOMIZATION_NAMES: ReadonlySet<string> = new Set([
  'kustomization.yaml',
  'kustomization.yml',
  'Kustomization',
]);

/** A file that says what others are for. */
export interface Recipe {
  /** As the user may open it. */
  readonly path: string;
  /** Files that are no objects of their own: patches, generators, settings of transformers, data; without links. */
  readonly ingredients: ReadonlySet<string>;
}

/** What a folder's kustomization makes its objects of. */
export interface Kustomization extends Recipe {
  /** Its folder, as the user may open it. */
  readonly directory: string;
  /** It is a part of others, and cannot be built by itself. */
  readonly isComponent: boolean;
  /** Its folder, without links. */
  readonly folder: string;
  /** Files that hold objects, as the build begins with them; without links. */
  readonly resources: ReadonlySet<string>;
}

/** Fields that hold paths (api/types.Kustomization, 5.7), and those of maps with paths. */
const OF_INGREDIENTS = [
  'patches',
  'patchesStrategicMerge',
  'patchesJson6902',
  'generators',
  'transformers',
  'validators',
  'configurations',
  'crds',
  'replacements',
  'openapi',
  'configMapGenerator',
  'secretGenerator',
  'helmCharts',
];
const OF_PATHS = ['path', 'files', 'env', 'envs', 'valuesFile', 'additionalValuesFiles'];

/** Reads a kustomization, as far as it can be read: what is wrong with it, kustomize says better. */
export function readKustomization({ path, location }: NamedPlace, folder: string): Kustomization {
  const [value = {}] = contentsOf(location);
  const inFolder = (paths: readonly string[]) => new Set(paths.map((each) => join(folder, each)));
  return {
    path,
    directory: dirname(path),
    isComponent: value.kind === 'Component',
    folder,
    resources: inFolder(['resources', 'bases'].flatMap((field) => stringsOf(value[field]))),
    ingredients: inFolder(OF_INGREDIENTS.flatMap((field) => listOf(value[field]).flatMap(pathsOf))),
  };
}

/** The documents of a file that are maps: what is wrong with it, others say. */
export function contentsOf(path: string): readonly JsonObject[] {
  const { documents } = readDocuments(decodeOrNothing(path));
  return documents.map(({ value }) => value).filter(isJsonObject);
}

function decodeOrNothing(path: string): string {
  try {
    const decoded = decodeText(readBytes(path));
    return 'text' in decoded ? decoded.text : '';
  } catch {
    return '';
  }
}

/** Of a patch that stands in the kustomization itself nothing comes that is a path of a file. */
function pathsOf(entry: JsonValue): readonly string[] {
  if (typeof entry === 'string') return [entry];
  if (!isJsonObject(entry)) return [];
  return OF_PATHS.flatMap((field) => stringsOf(entry[field])).map(withoutKey);
}

/** `files` of generators may say under which key a file is kept: `key=path`. */
function withoutKey(entry: string): string {
  return entry.slice(entry.indexOf('=') + 1);
}

function stringsOf(value: JsonValue | undefined): readonly string[] {
  return listOf(value).filter((each) => typeof each === 'string');
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
