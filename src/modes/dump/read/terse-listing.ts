import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import { FAMILIES } from '../../../lang/nftables/family.ts';
import { isJsonRuleset } from '../../../lang/nftables/read/json-ruleset.ts';
import type { ListedTable } from '../../../lang/nftables/ruleset.ts';
import { lineEnd } from '../../../lang/text/stretch.ts';
import { textProblem } from '../../../lang/text/text-problem.ts';
import type { SourceText } from '../../../model/source-text.ts';
import { chainNamed, mapNamed } from '../../../render/nftables/known-names.ts';

/**
 * An error where a table of ours or kube-proxy's was listed without its elements, as `nft -t` does: it has chains of Services or
 * maps of endpoints, and nothing leads there, so that every Service would seem to be missing.
 */
export function terseListing(source: SourceText, tables: readonly ListedTable[]): Diagnostic | undefined {
  const table = tables.find((each) => isOfServices(each) && !hasElements(each));
  if (table === undefined) return undefined;
  // Lines of JSON are those of the text that it stands for.
  const place = isJsonRuleset(source.text) ? { start: 0, end: 0 } : lineAt(source.text, table.line);
  return textProblem(source, {
    code: 'saved-rules-complete',
    place,
    message: `table ${FAMILIES[table.family]} ${table.name} has rules of Services, and no set or map has an element: they were left out, as "nft -t" does`,
    hint: 'give what "nft list ruleset" prints, without -t (--terse)',
  });
}

function isOfServices({ chains, sets }: ListedTable): boolean {
  for (const { name, lines } of chains.values())
    if (chainNamed(name)?.isPrefix === true) for (const _ of lines) return true;
  for (const name of sets.keys()) if (mapNamed(name)?.isPrefix === true) return true;
  return false;
}

function hasElements({ sets }: ListedTable): boolean {
  for (const { contents } of sets.values()) for (const _ of contents?.elements ?? []) return true;
  return false;
}

/** @param number of the line, from 1 */
function lineAt(text: string, number: number) {
  let start = 0;
  for (let line = 1; line < number; line += 1) start = lineEnd(text, start) + 1;
  return { start, end: lineEnd(text, start) };
}
