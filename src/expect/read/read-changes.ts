import type { FieldPath } from '../../model/field-path.ts';
import { isJsonObject, type JsonObject } from '../../model/json.ts';
import type { TestCase } from '../../validate/generated/shapes.js';
import { CHANGES, type ClusterChange, type Fault, type ObjectPatch } from '../expectation.ts';
import type { CasePlace } from './case-faults.ts';
import { type ReadWords, readSelector, readSubject, type SelectorFields } from './read-words.ts';

interface ReadChanges {
  readonly patches: readonly ObjectPatch[];
  readonly changes: readonly ClusterChange[];
}

const VERBS = [...CHANGES, 'patch'] as const;

/** Of a case about the cluster as it is. */
export const UNCHANGED: ReadChanges = { patches: [], changes: [] };

/** Reads what happens to the cluster before a case. */
export function readChanges(
  given: NonNullable<TestCase['change']>,
  { at, locate, report }: Omit<CasePlace, 'words'>,
): ReadChanges {
  const patches: ObjectPatch[] = [];
  const changes: ClusterChange[] = [];
  for (const [index, fields] of given.entries()) {
    const [verb, second] = VERBS.filter((each) => (fields?.[each] ?? null) !== null);
    const field = ['change', index, ...(verb === undefined || second !== undefined ? [] : [verb])];
    const subject = verb === undefined || verb === 'patch' ? null : (fields?.[verb] ?? null);
    if (second === undefined && verb === 'patch') {
      const value = fields?.patch;
      const read = isJsonObject(value) ? readPatch(value, field) : { problem: NO_OBJECT };
      if ('problem' in read) report(field, read.problem);
      else patches.push({ ...read.value, locate: (path, part) => locate([...at, ...field, ...path], part) });
    } else if (second === undefined && verb !== undefined && verb !== 'patch' && subject !== null) {
      const read = readChanged(subject);
      if ('problem' in read) report(field, read.problem);
      else changes.push({ field, verb, subject: read.value });
    } else {
      const message = `a change has one verb, not ${second === undefined ? 0 : 2}`;
      report(field, { message, hint: `it takes ${VERBS.join(', ')}` });
    }
  }
  return { patches, changes };
}

const NO_OBJECT: Fault = {
  message: 'the patch does not say whose fields these are',
  hint: 'it has kind and metadata.name of an object of the manifests, and metadata.namespace',
};

function readPatch(value: JsonObject, field: FieldPath): ReadWords<Omit<ObjectPatch, 'locate'>> {
  const { kind, metadata } = value;
  const { name, namespace } = isJsonObject(metadata) ? metadata : {};
  if (typeof kind !== 'string' || typeof name !== 'string') return { problem: NO_OBJECT };
  if (namespace !== undefined && typeof namespace !== 'string') return { problem: NO_OBJECT };
  return { value: { field, kind, name, namespace, value } };
}

function readChanged(subject: string | SelectorFields): ReadWords<ClusterChange['subject']> {
  if (typeof subject !== 'string') {
    const read = readSelector(subject);
    return 'problem' in read ? read : { value: { kind: 'selected', selector: read.value } };
  }
  const value = readSubject(subject);
  if (value !== undefined) return { value };
  const message = `${JSON.stringify(subject.slice(0, 100))} is neither a pod nor a node`;
  return { problem: { message, hint: 'it takes pod NAMESPACE/NAME, node NAME, or a selector' } };
}
