import {
  type ListedColumns,
  listedChain,
  listedColumns,
  listedRule,
  specifiedRule,
} from '../lang/iptables/read/listed-rule.ts';
import type { IptablesVariant } from '../lang/iptables/ruleset.ts';
import {
  beginsSet,
  isListedServer,
  type LineTranslator,
  serverTranslator,
  setTranslator,
} from '../lang/ipvs/read/listed-ipvs.ts';
import { isJsonRuleset } from '../lang/nftables/read/json-ruleset.ts';
import { isElision } from '../lang/text/pasted-text.ts';
import {
  asWarned,
  emptyBlock,
  type LooseBlock,
  placeLoose,
  type RulesPart,
  type ToldOrigin,
  toldByLine,
  toldByName,
} from './loose-rules.ts';
import { isExpected, passedOver } from './passed-over.ts';

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

type Mode =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'save';
      readonly lines: string[];
      readonly firstLine: number;
      readonly told: ToldOrigin;
    }
  | { readonly kind: 'loose'; readonly block: LooseBlock; chain: string; columns: ListedColumns | undefined }
  | { readonly kind: 'ipvs'; readonly translate: LineTranslator; readonly tool: 'set' | 'server' }
  | { readonly kind: 'nft'; depth: number }
  | { readonly kind: 'nft-json'; readonly lines: string[] };

type ModeOf<Kind> = Extract<Mode, { kind: Kind }>;

interface Sorting {
  mode: Mode;
  /** What commands and comments above say of what follows. */
  told: ToldOrigin;
  readonly saves: RulesPart[];
  readonly blocks: LooseBlock[];
  /** By line, from 1. */
  readonly ipvs: Map<number, string>;
  readonly nft: Map<number, string>;
  readonly nftJson: string[];
  strangeLine: number | undefined;
  leftOut: number | undefined;
  /** Chains were listed without interfaces. */
  hasBareLists: boolean;
  readonly passedOver: number[];
}

/**
 * Sorts what people paste of a node: several saves, `iptables -S`, `iptables -L`, grepped lines, `ipset`, `ipvsadm` and `nft`,
 * one after the other, with prompts and comments between them.
 * @param fileName of a file whose name may tell which command printed it; "": it has none that does
 */
export function sortDump(text: string, fileName = ''): SortedDump {
  const sorting: Sorting = {
    mode: { kind: 'none' },
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
  const { mode, leftOut } = sorting;
  if (mode.kind === 'save' && leftOut !== undefined)
    sortSaved(sorting, mode, { text: 'COMMIT', number: lines.length });
  else if (mode.kind === 'save') sorting.strangeLine ??= lines.length;
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
  const { mode } = sorting;
  // Most lines by far, where there are many.
  if (mode.kind === 'loose' && PLAIN_RULE.test(line) && !line.includes(' -c '))
    addRule(mode.block, line, number);
  else if (mode.kind === 'save') sortSaved(sorting, mode, { text: line.trim(), number });
  else if (mode.kind === 'nft') sortNft(sorting, mode, { text: line, number });
  else if (mode.kind === 'nft-json') sortNftJson(sorting, mode.lines, { text: line, number });
  else if (line.startsWith('{"nftables"')) sorting.nftJson.push(line);
  else if (line.trimEnd() === '{') sorting.mode = { kind: 'nft-json', lines: [line] };
  else if (line.trim() === '') endBlock(sorting);
  else if (/^[ \t]*table (?:ip|ip6|inet|arp|bridge|netdev) \S+ \{/.test(line))
    beginNft(sorting, { text: line, number });
  else sortText(sorting, { text: line.trim(), number });
}

/** A rule as `iptables -S` prints it, which no other reader would take: without `-v`, it has no `-c`. */
const PLAIN_RULE = /^-A [^\s-]\S* (?:.*\S)?$/;

/** A line, and which one. */
interface NumberedLine {
  readonly text: string;
  readonly number: number;
}

const IPVS_LINE = /^(?:(?:create|add) \S+ |-[Aa] (?:-[tuf]|--sctp-service) )/;

function sortText(sorting: Sorting, line: NumberedLine): void {
  const { mode } = sorting;
  const { text, number } = line;
  const rule = text.replace(/^\d+[:-](?=-[APN] |\[)/, '').replace(/^\[\d+:\d+\] (?=-A )/, '');
  if (/^\*(?:raw|mangle|nat|filter|security)$/.test(text)) beginSave(sorting, line);
  else if (IPVS_LINE.test(text)) sorting.ipvs.set(number, text);
  else if (beginsSet(text)) useTranslator(sorting, 'set', line);
  else if (isListedServer(text)) useTranslator(sorting, 'server', line);
  else if (/^(?:\S*[#$] |# )/.test(text)) sortOther(sorting, line);
  else if (mode.kind === 'ipvs') translate(sorting, mode, line);
  else if (/^-[APN] \S/.test(rule)) sortLoose(sorting, { text: rule, number });
  else if (listedChain(text) !== undefined) beginListed(sorting, line);
  else if (mode.kind !== 'loose' || !sortListed(sorting, mode, line)) sortOther(sorting, line);
}

function beginSave(sorting: Sorting, { text, number }: NumberedLine): void {
  sorting.mode = { kind: 'save', lines: [text], firstLine: number, told: sorting.told };
}

function sortSaved(sorting: Sorting, mode: ModeOf<'save'>, { text, number }: NumberedLine): void {
  const isElided = isElision(text);
  mode.lines.push(isElided ? '' : text);
  if (isElided) {
    sorting.leftOut ??= number;
  } else if (text !== 'COMMIT') {
    if (!/^(?:$|#|:|\[\d+:\d+\] -A |-A )/.test(text)) sorting.strangeLine ??= number;
  }
  if (text !== 'COMMIT') return;
  const { firstLine, lines } = mode;
  const { family, variant } = mode.told;
  sorting.saves.push({ family, variant, firstLine, isSaved: true, text: `${lines.join('\n')}\n` });
  sorting.mode = { kind: 'none' };
}

function beginNft(sorting: Sorting, line: NumberedLine): void {
  const mode: ModeOf<'nft'> = { kind: 'nft', depth: 0 };
  sorting.mode = mode;
  sortNft(sorting, mode, line);
}

function sortNft(sorting: Sorting, mode: ModeOf<'nft'>, { text: line, number }: NumberedLine): void {
  sorting.nft.set(number, line);
  const bare = line.replaceAll(/"[^"]*"/g, '');
  mode.depth += bare.split('{').length - bare.split('}').length;
  if (mode.depth <= 0) sorting.mode = { kind: 'none' };
}

/** As other tools lay JSON out: it ends with a brace that stands alone. */
function sortNftJson(sorting: Sorting, lines: string[], { text, number }: NumberedLine): void {
  lines.push(text);
  const isEnd = text.trimEnd() === '}';
  const isOther = lines.length === 2 && !isJsonRuleset(lines.join('\n'));
  if (isEnd || isOther) sorting.mode = { kind: 'none' };
  if (isOther) sortLine(sorting, text, number);
  else if (isEnd) sorting.nftJson.push(lines.join('\n'));
}

function useTranslator(sorting: Sorting, tool: 'set' | 'server', line: NumberedLine): void {
  const { mode } = sorting;
  const kept = mode.kind === 'ipvs' && mode.tool === tool ? mode : undefined;
  const next = kept ?? {
    kind: 'ipvs',
    tool,
    translate: tool === 'set' ? setTranslator() : serverTranslator(),
  };
  sorting.mode = next;
  translate(sorting, next, line);
}

function translate(sorting: Sorting, mode: ModeOf<'ipvs'>, { text, number }: NumberedLine): void {
  const translated = mode.translate(text);
  if (translated !== undefined) sorting.ipvs.set(number, translated);
}

function looseMode(sorting: Sorting, number: number): ModeOf<'loose'> {
  if (sorting.mode.kind === 'loose') return sorting.mode;
  const block = emptyBlock(sorting.told, number);
  sorting.blocks.push(block);
  const mode: ModeOf<'loose'> = { kind: 'loose', block, chain: '', columns: undefined };
  sorting.mode = mode;
  return mode;
}

function addRule({ rules }: LooseBlock, text: string, number: number): void {
  rules.texts.push(text);
  rules.lines.push(number);
}

/** `-P INPUT ACCEPT`, `-N CHAIN`, `-A CHAIN …`. */
function sortLoose(sorting: Sorting, { text: rule, number }: NumberedLine): void {
  const { block } = looseMode(sorting, number);
  const [option = '', chain = '', policy = '-'] = rule.split(/\s+/, 3);
  if (option === '-A') addRule(block, specifiedRule(rule), number);
  else block.declared.set(chain, option === '-P' ? policy : '-');
}

function beginListed(sorting: Sorting, { text, number }: NumberedLine): void {
  const mode = looseMode(sorting, number);
  const { name = '', policy = '-' } = listedChain(text) ?? {};
  // What is listed next has the built-in chains of another table.
  const isNext = policy !== '-' && mode.block.declared.has(name);
  if (isNext) sorting.mode = { kind: 'none' };
  const next = isNext ? looseMode(sorting, number) : mode;
  next.block.declared.set(name, policy);
  next.chain = name;
  next.columns = undefined;
}

/** @returns whether it is a row of a chain that is listed */
function sortListed(sorting: Sorting, mode: ModeOf<'loose'>, { text, number: line }: NumberedLine): boolean {
  const columns = listedColumns(text);
  if (columns !== undefined) {
    mode.columns = columns;
    if (!columns.isVerbose) sorting.hasBareLists = true;
    return true;
  }
  const rule = mode.columns === undefined ? undefined : listedRule(text, mode.chain, mode.columns);
  if (rule === undefined) return false;
  addRule(mode.block, rule, line);
  return true;
}

/** Chains that are listed have an empty line between them. */
function endBlock(sorting: Sorting): void {
  const { mode } = sorting;
  if (mode.kind === 'loose' && mode.chain !== '') mode.columns = undefined;
  else if (mode.kind === 'ipvs') sorting.mode = { kind: 'none' };
}

function sortOther(sorting: Sorting, { text, number }: NumberedLine): void {
  const told = toldByLine(sorting.told, { text, number });
  if (told !== undefined) {
    sorting.told = told;
    sorting.mode = { kind: 'none' };
  } else if (!text.startsWith('#') || isElision(text)) {
    const isElided = isElision(text);
    if (isElided) sorting.leftOut ??= number;
    else if (!isExpected(text)) sorting.passedOver.push(number);
    // Rules of a listed chain go on after some that are left out.
    if (!isElided || sorting.mode.kind !== 'loose') sorting.mode = { kind: 'none' };
  }
}
