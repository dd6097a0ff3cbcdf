import type { FieldPath } from '../model/field-path.ts';

/** Where something stands in a file's text: offsets, the end exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Where a value of a document stands, and what is in it. */
export interface Place extends Range {
  /** Of the map's key that it belongs to; undefined for items of lists and for whole documents. */
  readonly key: Range | undefined;
  /** A block map or list of YAML: it has no beginning of its own to point at, so its key stands for it. */
  readonly isBlock: boolean;
  /** Those of its entries or items, looked for when asked. */
  readonly children: () => Children;
}

/** Places by key or index. A list has millions of them, so that most are only made when one is wanted. */
export interface Children {
  readonly get: (step: string | number) => Place | undefined;
}

export const NO_CHILDREN: ReadonlyMap<string | number, never> = new Map<string | number, never>();

/** The range of a field below a place, or that of its nearest parent where the field is missing. */
export function findRange(root: Place, path: FieldPath, at: 'value' | 'key'): Range {
  let place = root;
  for (const step of path) {
    const child = place.children().get(step);
    if (child === undefined) return headOf(place);
    place = child;
  }
  return at === 'key' || place.isBlock || place.start === place.end ? headOf(place) : place;
}

/** The place of a field that is there; that of its nearest parent otherwise. */
export function findPlace(root: Place, path: FieldPath): Place {
  let place = root;
  for (const step of path) place = place.children().get(step) ?? place;
  return place;
}

function headOf(place: Place): Range {
  return place.key ?? place;
}

/** The same place, and all below it, in a text that has so much in front of it. */
export function shiftPlace(place: Place, by: number): Place {
  const shift = ({ start, end }: Range): Range => ({ start: start + by, end: end + by });
  return {
    ...shift(place),
    key: place.key === undefined ? undefined : shift(place.key),
    isBlock: place.isBlock,
    children: () => ({
      get: (step) => {
        const child = place.children().get(step);
        return child === undefined ? undefined : shiftPlace(child, by);
      },
    }),
  };
}

/** Makes something when it is first asked for: places are, as a rule. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
