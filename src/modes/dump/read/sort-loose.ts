import {
  listedChain,
  listedColumns,
  listedRule,
  specifiedRule,
} from '../../../lang/iptables/read/listed-rule.ts';
import { emptyBlock, type LooseBlock } from './loose-rules.ts';
import type { NumberedLine, SectionOf, Sorting } from './sorting.ts';

/** A rule as `iptables -S` prints it, which no other reader would take: without `-v`, it has no `-c`. */
export const PLAIN_RULE = /^-A [^\s-]\S* (?:.*\S)?$/;

function looseSection(sorting: Sorting, number: number): SectionOf<'loose'> {
  if (sorting.section.kind === 'loose') return sorting.section;
  const block = emptyBlock(sorting.told, number);
  sorting.blocks.push(block);
  const section: SectionOf<'loose'> = { kind: 'loose', block, chain: '', columns: undefined };
  sorting.section = section;
  return section;
}

/** A rule as it is saved. */
export function addRule({ rules }: LooseBlock, text: string, number: number): void {
  rules.texts.push(text);
  rules.lines.push(number);
}

/** `-P INPUT ACCEPT`, `-N CHAIN`, `-A CHAIN …`. */
export function sortLoose(sorting: Sorting, { text: rule, number }: NumberedLine): void {
  const { block } = looseSection(sorting, number);
  const [option = '', chain = '', policy = '-'] = rule.split(/\s+/, 3);
  if (option === '-A') addRule(block, specifiedRule(rule), number);
  else block.declared.set(chain, option === '-P' ? policy : '-');
}

/** `Chain INPUT (policy ACCEPT)`. */
export function beginListed(sorting: Sorting, { text, number }: NumberedLine): void {
  const section = looseSection(sorting, number);
  const { name = '', policy = '-' } = listedChain(text) ?? {};
  // What is listed next has the built-in chains of another table.
  const isNext = policy !== '-' && section.block.declared.has(name);
  if (isNext) sorting.section = { kind: 'none' };
  const next = isNext ? looseSection(sorting, number) : section;
  next.block.declared.set(name, policy);
  next.chain = name;
  next.columns = undefined;
}

/** @returns whether it is a row of a chain that is listed */
export function sortListed(
  sorting: Sorting,
  section: SectionOf<'loose'>,
  { text, number: line }: NumberedLine,
): boolean {
  const columns = listedColumns(text);
  if (columns !== undefined) {
    section.columns = columns;
    if (!columns.isVerbose) sorting.hasBareLists = true;
    return true;
  }
  const rule = section.columns === undefined ? undefined : listedRule(text, section.chain, section.columns);
  if (rule === undefined) return false;
  addRule(section.block, rule, line);
  return true;
}
