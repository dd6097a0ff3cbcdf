import type { StringMap } from '../../model/cluster.ts';

/** A list of strings as Go decodes it: null entries are empty strings, null is no list. */
export function stringList(list: readonly (string | null)[] | null | undefined): readonly string[] {
  if (list === null || list === undefined) return NO_LIST;
  return isWithoutNull(list) ? list : list.map((text) => text ?? '');
}

const NO_LIST: readonly string[] = Object.freeze([]);

function isWithoutNull(list: readonly (string | null)[]): list is readonly string[] {
  return !list.includes(null);
}

/** A map of strings as Go decodes it: null values are empty strings. */
export function stringMap(map: { readonly [key: string]: string | null } | null | undefined): StringMap {
  if (map === null || map === undefined) return NO_STRINGS;
  return hasNoNull(map) ? map : withoutNull(map);
}

const NO_STRINGS: StringMap = Object.freeze({});

function hasNoNull(map: { readonly [key: string]: string | null }): map is StringMap {
  for (const key in map) if (map[key] === null) return false;
  return true;
}

function withoutNull(map: { readonly [key: string]: string | null }): StringMap {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, value ?? '']));
}
