import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import type { IptablesVariant, SavedChain, SavedTable } from '../../../lang/iptables/ruleset.ts';
import type { SavedIPVS } from '../../../lang/ipvs/ruleset.ts';
import type { ListedRuleset } from '../../../lang/nftables/ruleset.ts';
import { countItems, type ListedDump, type ReadDump } from '../node-dump.ts';
import { otherVariant } from './loose-rules.ts';

/** Puts what files, or parts of one, hold of a node together: every table once, and told apart where two programs made it. */

/** What one file holds of a node. */
export interface DumpPart {
  readonly file: string;
  readonly tables: readonly (SavedTable & { readonly isSaved: boolean })[];
  readonly ipvs: SavedIPVS;
  readonly listed: ReadDump<ListedDump> | undefined;
  readonly remarks: readonly string[];
  readonly leftOut: number | undefined;
  readonly warned: IptablesVariant | undefined;
  /** What it has only in a form that says too little. */
  readonly tooLittle: Diagnostic | undefined;
}

/** undefined: there is nothing that could be followed. */
export function joinedParts(parts: readonly DumpPart[], said: readonly string[]): ReadDump | undefined {
  const tables = withVariants(parts.flatMap((part) => part.tables));
  const sets = parts.flatMap(({ ipvs }) => (ipvs.sets === undefined ? [] : [...ipvs.sets]));
  const servers = parts.flatMap(({ ipvs }) => ipvs.virtualServers ?? []);
  const hasServers = parts.some(({ ipvs }) => ipvs.virtualServers !== undefined);
  const ipvs: SavedIPVS = {
    sets: sets.length === 0 ? undefined : new Map(sets),
    virtualServers: hasServers ? servers : undefined,
  };
  const listings = parts.flatMap(({ listed }) => listed?.dump ?? []);
  const listed = listings.length === 0 ? undefined : joinedListings(listings);
  const listedRemarks = listings.flatMap((each) => each.remarks ?? []);
  const remarks = [
    ...parts.flatMap((part) => part.remarks),
    ...said,
    ...listedRemarks,
    ...missingVariant(parts, tables),
  ];
  const leftOut = parts.find((part) => part.leftOut !== undefined)?.leftOut;
  if (tables.length > 0 || (hasServers && listed === undefined)) {
    const beside = listed === undefined ? {} : { listed };
    const isGathered = tables.some(({ isSaved }) => !isSaved);
    return {
      dump: { kind: 'saved', tables, ipvs, ...beside, remarks, leftOut, isGathered },
      diagnostics: [],
    };
  }
  return listed && { dump: { kind: 'listed', ruleset: listed, remarks, leftOut }, diagnostics: [] };
}

/** Which program made a table matters where both have made some. */
function withVariants(tables: DumpPart['tables']): DumpPart['tables'] {
  const known = new Set(tables.flatMap(({ variant }) => variant ?? []));
  const [only, another] = known;
  const isTwice = ({ name }: SavedTable) => tables.filter((each) => each.name === name).length > 1;
  if (only === undefined || (another === undefined && !tables.some(isTwice)))
    return tables.map(({ variant: _, ...table }) => table);
  return tables.map((table) => {
    const rival = tables.find(({ name, variant }) => name === table.name && variant !== undefined);
    const variant = table.variant ?? (rival?.variant && otherVariant(rival.variant));
    return variant === undefined ? table : { ...table, variant };
  });
}

/** Rules of a program that another one has told of. */
function missingVariant(parts: readonly DumpPart[], tables: DumpPart['tables']): readonly string[] {
  const warned = parts.find((part) => part.warned !== undefined)?.warned;
  const isThere = [...parts.flatMap((part) => part.tables), ...tables].some(
    ({ variant }) => variant === warned,
  );
  if (warned === undefined || isThere) return [];
  return [
    `the text says that there are rules of iptables-${warned} too, which are not in it: add what "iptables-${warned}-save" prints`,
  ];
}

export function joinedListings(dumps: readonly ListedDump[]): ListedRuleset {
  return {
    tables: dumps.flatMap(({ ruleset }) => ruleset.tables),
    others: dumps.flatMap(({ ruleset }) => ruleset.others),
  };
}

/**
 * Bundles print a table several times: what was saved says most, then `iptables -S`, then `iptables -L`. Two saves of one
 * name are those of both variants, if they differ. The text of nft is preferred to its JSON, which lacks lines.
 */
export function withoutRepeated(parts: readonly DumpPart[]): readonly DumpPart[] {
  const saved = new Map<string, SavedTable[]>();
  for (const table of parts.flatMap(({ tables }) => tables.filter(({ isSaved }) => isSaved)))
    saved.set(table.name, [...(saved.get(table.name) ?? []), table]);
  const seen = new Set<string>();
  const isNews = (table: DumpPart['tables'][number]) => {
    if (table.isSaved) {
      const same = saved.get(table.name)?.find((each) => each === table || isRepeated(each, table));
      return same === table;
    }
    const isNew = !saved.has(table.name) && !seen.has(table.name);
    seen.add(table.name);
    return isNew;
  };
  const hasText = parts.some(({ listed }) => listed !== undefined && listed.dump.remarks === undefined);
  return parts.map((part) => ({
    ...part,
    tables: part.tables.filter(isNews),
    listed: hasText && part.listed?.dump.remarks !== undefined ? undefined : part.listed,
  }));
}

/** Rules of one program may have changed a little in between; those of two have to be the same. */
function isRepeated(a: SavedTable, b: SavedTable): boolean {
  if (a.chains.size !== b.chains.size) return false;
  const isAlike = a.variant === b.variant ? hasAsMany : hasSame;
  return [...a.chains.values()].every((chain) => {
    const other = b.chains.get(chain.name);
    return other !== undefined && isAlike(chain, other);
  });
}

function hasAsMany(a: SavedChain, b: SavedChain): boolean {
  return countItems(a.lines) === countItems(b.lines);
}

function hasSame(a: SavedChain, b: SavedChain): boolean {
  const text = ({ lines }: SavedChain) => Array.from(lines, (line) => line.text).join('\n');
  return a.policy === b.policy && hasAsMany(a, b) && text(a) === text(b);
}
