import { IPSET_TYPES, type IPSetType, type SavedElement, type SavedSet } from '../ruleset.ts';
import { readElement } from './read-element.ts';
import type { SavedLine, Wrong } from './words.ts';

/** Options of sets that say how much room they take, not what they hold, each with a value. */
const ROOM: ReadonlySet<string> = new Set(['hashsize', 'maxelem', 'bucketsize', 'initval']);

/** Names may have spaces; types have a colon and no comma at the end. */
const SET = /^create (.+?) ((?:hash|bitmap|list):\S+)(?: |$)/;

/** A set without its elements, of a line `create NAME TYPE …`. */
export function readSet({ text, line, behind, words }: SavedLine): Omit<SavedSet, 'elements'> | Wrong {
  const [, name, typeName = ''] = SET.exec(text) ?? [];
  if (name === undefined) {
    const at = words[2] ?? behind;
    return { at, expected: 'a name and a type of sets (create NAME hash:ip …)' };
  }
  const type = IPSET_TYPES.find((each) => each === typeName);
  const options = text.slice(`create ${name} ${typeName}`.length).trim().split(/ +/);
  const { family, others } = readOptions(options, type);
  return { line, text, name, type, family, options: others };
}

interface SetOptions {
  readonly family: SavedSet['family'];
  readonly others: string;
}

/** Options that only make room, and the range of all ports, are left out. */
function readOptions(words: readonly string[], type: IPSetType | undefined): SetOptions {
  const others: string[] = [];
  let family: SetOptions['family'] = 'IPv4';
  for (let index = 0; index < words.length; index += 1) {
    const [word = '', value] = [words[index], words[index + 1]];
    const isFamily = word === 'family' && (value === 'inet' || value === 'inet6');
    if (isFamily) family = value === 'inet' ? 'IPv4' : 'IPv6';
    const isRange = type === 'bitmap:port' && word === 'range' && value === '0-65535';
    if (isFamily || isRange || (ROOM.has(word) && value !== undefined)) index += 1;
    else if (word !== '') others.push(word);
  }
  return { family, others: others.join(' ') };
}

/** A set that is being read. */
export interface OpenSet extends Omit<SavedSet, 'elements'> {
  readonly elements: SavedElement[];
}

/** An element of a line `add NAME ELEMENT …`; undefined: of a set that Services have no use for. */
export function readAdded(
  { text, line, words, behind }: SavedLine,
  set: OpenSet,
): SavedElement | undefined | Wrong {
  const { type, family, name } = set;
  if (type === undefined) return undefined;
  const [at, ...options] = words.slice(2 + name.split(' ').length - 1);
  const read = readElement(at?.text ?? '', { type, family });
  if (typeof read === 'string') return { at: at ?? behind, expected: read };
  return { line, text, entry: read, options: options.map(({ text: word }) => word).join(' ') };
}

/** The set that a line is about. Most names have no spaces. */
export function setOf(
  { text, words, behind }: SavedLine,
  sets: ReadonlyMap<string, OpenSet>,
): OpenSet | Wrong {
  const at = words[1] ?? behind;
  const found = sets.get(at.text);
  if (found !== undefined) return found;
  for (const set of sets.values()) if (text.startsWith(`add ${set.name} `)) return set;
  return { at, expected: 'a set that a line "create" above makes' };
}
