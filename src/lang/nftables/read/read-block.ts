import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import type { SourceText } from '../../../model/source-text.ts';
import type { LinePlace } from '../../text/text-problem.ts';
import { readHook } from '../hook.ts';
import type { OpenTable, TableBlock } from './open-table.ts';
import { listingCutOff, repeatedBlock, unlistedLine } from './problems.ts';

interface TextAtPlace {
  /** Without indent and handle. */
  readonly text: string;
  readonly place: LinePlace;
}

/** Reads a line of a table, other than its first and last one. @returns what is wrong with it */
export function readBlockLine(
  table: OpenTable,
  line: TextAtPlace,
  source: SourceText,
): Diagnostic | undefined {
  const { block } = table;
  if (block === undefined) return beginBlock(table, line, source);
  const { text, place } = line;
  const isInElements = block.kind !== 'chain' && block.isInElements;
  if (text === '}' && !isInElements) {
    table.block = undefined;
    return undefined;
  }
  if (BLOCK.test(text)) return listingCutOff(source, block, place);
  if (block.kind === 'set') return readSetLine(block, line, source);
  if (block.kind === 'chain') return readChainLine(table, block, line, source);
  readPassedLine(table, block, text);
  return undefined;
}

/** `chain services {`, `ct helper ftp {`. */
const BLOCK =
  /^(set|map|chain|flowtable|counter|quota|limit|secmark|synproxy|ct helper|ct timeout|ct expectation) (\S+) \{$/;

/** What a table says of itself. */
const OF_TABLE = /^(?:comment "[^"]*"|flags [a-z,]+)$/;

/** The kernel runs none of its rules. */
const DORMANT = /^flags [a-z,]*\bdormant\b/;

function beginBlock(
  table: OpenTable,
  { text, place }: TextAtPlace,
  source: SourceText,
): Diagnostic | undefined {
  const [, kind, name] = BLOCK.exec(text) ?? [];
  if (kind === undefined || name === undefined) {
    table.isDormant ||= DORMANT.test(text);
    if (table.isOwn && table.isDormant)
      return unlistedLine(source, place, 'a table that is in use, not dormant');
    if (OF_TABLE.test(text)) return undefined;
    return unlistedLine(source, place, 'a set, map or chain ("chain NAME {") or }');
  }
  const { line } = place;
  const title = `${kind} ${name}`;
  if (kind === 'chain' && name === table.iptablesServices) table.hasIptablesServices = true;
  if (!table.isFollowed || (kind !== 'chain' && kind !== 'set' && kind !== 'map')) {
    table.block = { kind: 'passed', title, line, hookedAt: undefined, isInElements: false };
    return undefined;
  }
  if (kind === 'chain') return beginChain(table, { title, line, name }, { place, source });
  const earlier = table.sets.get(name);
  if (earlier !== undefined) return repeatedBlock(source, place, { title, line: earlier.line });
  const set = { name, line, type: '', timeout: undefined, elements: undefined };
  table.sets.set(name, set);
  table.block = { kind: 'set', title, line, set, isInElements: false };
  return undefined;
}

function beginChain(
  table: OpenTable,
  { title, line, name }: { readonly title: string; readonly line: number; readonly name: string },
  { place, source }: { readonly place: LinePlace; readonly source: SourceText },
): Diagnostic | undefined {
  const earlier = table.chains.get(name);
  if (earlier !== undefined) return repeatedBlock(source, place, { title, line: earlier.line });
  const chain = { name, line, hook: undefined, hookedAt: undefined, isDrop: false, rules: undefined };
  table.chains.set(name, chain);
  table.block = { kind: 'chain', title, line, chain };
  return undefined;
}

type BlockOf<Kind> = Extract<TableBlock, { readonly kind: Kind }>;

function readSetLine(
  block: BlockOf<'set'>,
  { text, place }: TextAtPlace,
  source: SourceText,
): Diagnostic | undefined {
  const { set } = block;
  const { start, end, line } = place;
  if (block.isInElements) {
    if (set.elements !== undefined) set.elements.end = end;
    block.isInElements = !text.endsWith('}');
  } else if (text.startsWith('elements = {')) {
    set.elements = { start, end, line };
    block.isInElements = !text.endsWith('}');
  } else if (text.startsWith('type')) set.type = text;
  else if (text.startsWith('timeout ')) set.timeout = text.slice('timeout '.length);
  else if (/[,}]$/.test(text)) return unlistedLine(source, place, 'elements only behind "elements = {"');
  return undefined;
}

/** A base chain says so in its first line; a comment of the chain may come next. */
function readChainLine(
  { isOwn }: OpenTable,
  { chain }: BlockOf<'chain'>,
  ...[{ text, place }, source]: readonly [TextAtPlace, SourceText]
): Diagnostic | undefined {
  const { start, end, line } = place;
  if (chain.rules !== undefined) {
    chain.rules.end = end;
    return undefined;
  }
  if (text.startsWith('type ')) {
    const hooked = readHook(text);
    chain.hook = hooked?.hook;
    chain.hookedAt = hooked?.at;
    chain.isDrop = hooked?.isDrop === true;
    const isStrange = isOwn && chain.hook === undefined;
    return isStrange ? unlistedLine(source, place, 'a hook of type nat or filter') : undefined;
  }
  if (!/^comment "[^"]*"$/.test(text)) chain.rules = { start, end, line };
  return undefined;
}

function readPassedLine(table: OpenTable, block: BlockOf<'passed'>, text: string): void {
  if (block.isInElements) {
    block.isInElements = !text.endsWith('}');
    return;
  }
  if (text.startsWith('elements = {')) {
    block.isInElements = !text.endsWith('}');
    return;
  }
  const found = block.hookedAt === undefined ? readHook(text) : undefined;
  if (found !== undefined) {
    block.hookedAt = found.at;
    if (found.isDrop) table.hooks.add(found.at);
  } else if (block.hookedAt !== undefined) table.hooks.add(block.hookedAt);
}
