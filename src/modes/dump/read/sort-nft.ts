import { isJsonRuleset } from '../../../lang/nftables/read/json-ruleset.ts';
import type { NumberedLine, SectionOf, Sorting } from './sorting.ts';

/** A table as `nft list ruleset` prints it begins. */
export function beginNft(sorting: Sorting, line: NumberedLine): void {
  const section: SectionOf<'nft'> = { kind: 'nft', depth: 0 };
  sorting.section = section;
  sortNft(sorting, section, line);
}

/** A line of one: it ends with the brace that closes the first. */
export function sortNft(
  sorting: Sorting,
  section: SectionOf<'nft'>,
  { text: line, number }: NumberedLine,
): void {
  sorting.nft.set(number, line);
  const bare = line.replaceAll(/"[^"]*"/g, '');
  section.depth += bare.split('{').length - bare.split('}').length;
  if (section.depth <= 0) sorting.section = { kind: 'none' };
}

/**
 * As other tools lay JSON out: it ends with a brace that stands alone.
 * @returns whether the line is of it: the brace before it may have been something else
 */
export function sortNftJson(sorting: Sorting, lines: string[], text: string): boolean {
  lines.push(text);
  const isEnd = text.trimEnd() === '}';
  const isOther = lines.length === 2 && !isJsonRuleset(lines.join('\n'));
  if (isEnd || isOther) sorting.section = { kind: 'none' };
  if (isEnd && !isOther) sorting.nftJson.push(lines.join('\n'));
  return !isOther;
}
