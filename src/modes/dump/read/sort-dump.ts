import { listedChain } from '../../../lang/iptables/read/listed-rule.ts';
import type { IptablesVariant } from '../../../lang/iptables/ruleset.ts';
import { beginsSet, isListedServer } from '../../../lang/ipvs/read/listed-ipvs.ts';
import { isElision } from '../../../lang/text/pasted-text.ts';
import { asWarned, placeLoose, type RulesPart, toldByLine, toldByName } from './loose-rules.ts';
import { isExpected, passedOver } from './passed-over.ts';
import { translate, useTranslator } from './sort-ipvs.ts';
import { addRule, beginListed, PLAIN_RULE, sortListed, sortLoose } from './sort-loose.ts';
import { beginNft, sortNft, sortNftJson } from './sort-nft.ts';
import type { NumberedLine, SectionOf, Sorting } from './sorting.ts';

/** What is in the text of a node, whoever printed it. Lines keep their numbers. */
export interface SortedDump {
  readonly rules: readonly RulesPart[];
  /** As `ipset save` and `ipvsadm-save -n` print it; "": nothing. */
  readonly ipvs: string;
  /** As `nft list ruleset` prints it; "": nothing. */
  readonly nft: string;
  /** As `nft -j list ruleset` prints it. */
  readonly nftJson: readonly string[];
  /** What the reader took for granted: whole sentences. */
  readonly remarks: readonly string[];
  /** The first line that stands for rules that are left out, like `[...]`; undefined: there is none. */
  readonly leftOut: number | undefined;
  /** A line inside a table that is none of its rules; undefined: there is none. */
  readonly strangeLine: number | undefined;
  /** The text says that there are tables of this program too; undefined: it does not. */
  readonly warned: IptablesVariant | undefined;
}

/**
 * Sorts what people paste of a node: several saves, `iptables -S`, `iptables -L`, grepped lines, `ipset`, `ipvsadm` and `nft`,
 * one after the other, with prompts and comments between them.
 * @param fileName of a file whose name may tell which command printed it; "": it has none that does
 */
export function sortDump(text: string, fileName = ''): SortedDump {
  const sorting: Sorting = {
    section: { kind: 'none' },
    told: toldByName(fileName),
    saves: [],
    blocks: [],
    ipvs: new Map(),
    nft: new Map(),
    nftJson: [],
    strangeLine: undefined,
    leftOut: undefined,
    hasBareLists: false,
    passedOver: [],
  };
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) sortLine(sorting, line.replace(/\r$/, ''), index + 1);
  const { section, leftOut } = sorting;
  if (section.kind === 'save' && leftOut !== undefined)
    sortSaved(sorting, section, { text: 'COMMIT', number: lines.length });
  else if (section.kind === 'save') sorting.strangeLine ??= lines.length;
  const loose = placeLoose(sorting.blocks, lines.length);
  return {
    rules: asWarned([...sorting.saves, ...loose.rules], sorting.told),
    ipvs: spread(sorting.ipvs, lines.length),
    nft: spread(sorting.nft, lines.length),
    nftJson: sorting.nftJson,
    remarks: [
      ...(sorting.hasBareLists ? [BARE_LISTS] : []),
      ...loose.remarks,
      ...passedOver(sorting.passedOver, lines),
    ],
    leftOut: sorting.leftOut,
    strangeLine: sorting.strangeLine,
    warned: sorting.told.warned,
  };
}

/** A text that has lines where they were found, by their numbers from 1, and nothing elsewhere; "": there are none. */
function spread(lines: ReadonlyMap<number, string>, count: number): string {
  if (lines.size === 0) return '';
  return `${Array.from({ length: count }, (_, index) => lines.get(index + 1) ?? '').join('\n')}\n`;
}

const BARE_LISTS =
  '"iptables -L" without -v does not print interfaces: rules that ask for one look as if they asked for none';

function sortLine(sorting: Sorting, line: string, number: number): void {
  const { section } = sorting;
  // Most lines by far, where there are many.
  if (section.kind === 'loose' && PLAIN_RULE.test(line) && !line.includes(' -c '))
    addRule(section.block, line, number);
  else if (section.kind === 'save') sortSaved(sorting, section, { text: line.trim(), number });
  else if (section.kind === 'nft') sortNft(sorting, section, { text: line, number });
  else if (section.kind === 'nft-json' && sortNftJson(sorting, section.lines, line)) return;
  else if (line.startsWith('{"nftables"')) sorting.nftJson.push(line);
  else if (line.trimEnd() === '{') sorting.section = { kind: 'nft-json', lines: [line] };
  else if (line.trim() === '') endBlock(sorting);
  else if (/^[ \t]*table (?:ip|ip6|inet|arp|bridge|netdev) \S+ \{/.test(line))
    beginNft(sorting, { text: line, number });
  else sortText(sorting, { text: line.trim(), number });
}

const IPVS_LINE = /^(?:(?:create|add) \S+ |-[Aa] (?:-[tuf]|--sctp-service) )/;

function sortText(sorting: Sorting, line: NumberedLine): void {
  const { section } = sorting;
  const { text, number } = line;
  const rule = text.replace(/^\d+[:-](?=-[APN] |\[)/, '').replace(/^\[\d+:\d+\] (?=-A )/, '');
  if (/^\*(?:raw|mangle|nat|filter|security)$/.test(text)) beginSave(sorting, line);
  else if (IPVS_LINE.test(text)) sorting.ipvs.set(number, text);
  else if (beginsSet(text)) useTranslator(sorting, 'set', line);
  else if (isListedServer(text)) useTranslator(sorting, 'server', line);
  else if (/^(?:\S*[#$] |# )/.test(text)) sortOther(sorting, line);
  else if (section.kind === 'ipvs') translate(sorting, section, line);
  else if (/^-[APN] \S/.test(rule)) sortLoose(sorting, { text: rule, number });
  else if (listedChain(text) !== undefined) beginListed(sorting, line);
  else if (section.kind !== 'loose' || !sortListed(sorting, section, line)) sortOther(sorting, line);
}

function beginSave(sorting: Sorting, { text, number }: NumberedLine): void {
  sorting.section = { kind: 'save', lines: [text], firstLine: number, told: sorting.told };
}

function sortSaved(sorting: Sorting, section: SectionOf<'save'>, { text, number }: NumberedLine): void {
  const isElided = isElision(text);
  section.lines.push(isElided ? '' : text);
  if (isElided) {
    sorting.leftOut ??= number;
  } else if (text !== 'COMMIT') {
    if (!/^(?:$|#|:|\[\d+:\d+\] -A |-A )/.test(text)) sorting.strangeLine ??= number;
  }
  if (text !== 'COMMIT') return;
  const { firstLine, lines } = section;
  const { family, variant } = section.told;
  sorting.saves.push({ family, variant, firstLine, isSaved: true, text: `${lines.join('\n')}\n` });
  sorting.section = { kind: 'none' };
}

/** Chains that are listed have an empty line between them. */
function endBlock(sorting: Sorting): void {
  const { section } = sorting;
  if (section.kind === 'loose' && section.chain !== '') section.columns = undefined;
  else if (section.kind === 'ipvs') sorting.section = { kind: 'none' };
}

function sortOther(sorting: Sorting, { text, number }: NumberedLine): void {
  const told = toldByLine(sorting.told, { text, number });
  if (told !== undefined) {
    sorting.told = told;
    sorting.section = { kind: 'none' };
  } else if (!text.startsWith('#') || isElision(text)) {
    const isElided = isElision(text);
    if (isElided) sorting.leftOut ??= number;
    else if (!isExpected(text)) sorting.passedOver.push(number);
    // Rules of a listed chain go on after some that are left out.
    if (!isElided || sorting.section.kind !== 'loose') sorting.section = { kind: 'none' };
  }
}
