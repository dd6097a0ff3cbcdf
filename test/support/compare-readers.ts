import { isJsonObject, type JsonValue } from '../../src/model/json.ts';
import { fastYamlPlace, readRepeatedKeys } from '../../src/parse/fast-yaml/fast-yaml-places.ts';
import { readFastYaml } from '../../src/parse/fast-yaml/read-fast-yaml.ts';
import type { KnownScalars } from '../../src/parse/fast-yaml/reader.ts';
import type { Place } from '../../src/parse/place.ts';
import type { Problem } from '../../src/parse/problem.ts';
import { readGeneralYaml } from '../../src/parse/yaml/read-general-yaml.ts';

/**
 * What the fast reader makes of a text, against what the general parser makes of it: values, their order, keys that stand twice,
 * and places.
 */
export function compareReaders(
  text: string,
  known: KnownScalars,
): 'declined' | 'same' | { readonly difference: string } {
  const plain = readFastYaml(text, known);
  const found = plain === undefined ? readRepeatedKeys(text, 0) : { value: plain, problems: [] };
  if (found === undefined) return 'declined';
  const { value, problems: repeated } = found;
  const read = readGeneralYaml(text, 0);
  const { documents, problems } =
    read.problems.length === 0 ? read : readGeneralYaml(withSpacesInComments(text), 0);
  const [document] = documents;
  if (document === undefined || documents.length > 1 || problems.length > 0)
    return { difference: `the general parser reads ${documents.length} documents: ${messages(problems)}` };
  const [fast, general] = [JSON.stringify(value), JSON.stringify(document.value)];
  if (fast !== general) return { difference: `${fast} is ${general} to the general parser` };
  const [own, theirs] = [repeated, document.warnings].map((warnings) => JSON.stringify(sorted(warnings)));
  if (own !== theirs) return { difference: `the keys ${own} stand twice, to the general parser ${theirs}` };
  const [fastPlaces, places] = [fastYamlPlace(text, 0), document.place()].map((place) =>
    placesBelow(value, place),
  );
  return fastPlaces?.join('\n') === places?.join('\n')
    ? 'same'
    : { difference: `places\n${fastPlaces?.join('\n')}\nare to the general parser\n${places?.join('\n')}` };
}

/**
 * A comment that is less indented than what follows it, and begins without a space (`#x`), makes the package yaml (2.9.1) read what
 * follows together with the line behind it. With the space it does not; a text that is as long has the same places. Where
 * the line was none of a comment, but of a scalar, the value becomes another, and is told.
 */
function withSpacesInComments(text: string): string {
  return text.replaceAll(/^( *#)[^\s]/gm, '$1 ');
}

/** Both say the same, in an order of their own. */
function sorted(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted((a, b) => a.range.start - b.range.start);
}

function messages(problems: readonly { readonly message: string }[]): string {
  return problems.map(({ message }) => message).join('; ');
}

/** The places of everything in a value, by its path. */
function placesBelow(value: JsonValue, place: Place, path = ''): string[] {
  const steps = Array.isArray(value) ? [...value.keys()] : isJsonObject(value) ? Object.keys(value) : [];
  return steps.flatMap((name) => {
    const child = place.children().get(name);
    if (child === undefined) return [`${path}/${name} is nowhere`];
    // Missing values are shown at their keys: where they would stand is nobody's business.
    const start = child.start === child.end ? 'missing' : child.start;
    const own = `${path}/${name} ${child.key?.start}-${child.key?.end} ${child.isBlock ? 'block' : start}`;
    return [own, ...placesBelow(childOf(value, name), child, `${path}/${name}`)];
  });
}

function childOf(value: JsonValue, name: string | number): JsonValue {
  if (Array.isArray(value)) return value[Number(name)] ?? null;
  return isJsonObject(value) ? (value[name] ?? null) : null;
}
