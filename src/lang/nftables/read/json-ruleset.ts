import { isJsonObject, type JsonObject } from '../../../model/json.ts';
import { elementText } from './json-expression.ts';
import { statementText } from './json-statement.ts';
import { asList, safelyQuoted, safeWord, safeWords } from './json-words.ts';

/**
 * What `nft -j list ruleset` printed, as `nft list ruleset` prints the same (libnftables-json(5)): one reader does for both. What
 * is not known here becomes a statement that nobody knows either.
 * @returns undefined when it is no such text
 */
export function listingOfJson(text: string): string | undefined {
  if (!isJsonRuleset(text)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const items = isJsonObject(value) ? value.nftables : undefined;
  return Array.isArray(items) ? listing(items.filter(isJsonObject)) : undefined;
}

/** Whether a text begins as `nft -j` does. */
export function isJsonRuleset(text: string): boolean {
  return /^\s*\{\s*"nftables"\s*:\s*\[/.test(text.slice(0, START_LENGTH));
}

/** Where a text has to show what it is. */
const START_LENGTH = 1000;

/** Chains are named before their rules, and both after their table. */
interface Table {
  readonly title: string;
  readonly flags: string;
  readonly blocks: string[];
  readonly chains: Map<string, { readonly head: readonly string[]; readonly rules: string[] }>;
}

function listing(items: readonly JsonObject[]): string {
  const tables = new Map<string, Table>();
  for (const item of items) {
    for (const [kind, value] of Object.entries(item)) {
      if (!isJsonObject(value) || kind === 'metainfo') continue;
      const name = kind === 'table' ? value.name : value.table;
      const title = `table ${safeWord(value.family)} ${safeWord(name)}`;
      const flags =
        kind === 'table' && value.flags !== undefined ? `\tflags ${safeWords(value.flags)}\n` : '';
      const table = tables.get(title) ?? { title, flags, blocks: [], chains: new Map() };
      tables.set(title, table);
      addPart(table, kind, value);
    }
  }
  return [...tables.values()].map(printTable).join('');
}

function addPart({ blocks, chains }: Table, kind: string, value: JsonObject): void {
  if (kind === 'set' || kind === 'map') blocks.push(setBlock(kind, value));
  else if (kind === 'chain') chains.set(safeWord(value.name), { head: hookOf(value), rules: [] });
  else if (kind === 'rule') chains.get(safeWord(value.chain))?.rules.push(ruleText(value));
}

function printTable({ title, flags, blocks, chains }: Table): string {
  const parts = [...chains].map(([name, { head, rules }]) => block(`chain ${name}`, [...head, ...rules]));
  return `${title} {\n${flags}${[...blocks, ...parts].join('\n')}}\n`;
}

function block(title: string, lines: readonly string[]): string {
  return `\t${title} {\n${lines.map((line) => `\t\t${line}\n`).join('')}\t}\n`;
}

function hookOf({ type, hook, dev, prio, policy }: JsonObject): readonly string[] {
  if (typeof type !== 'string' || typeof hook !== 'string') return [];
  const device = typeof dev === 'string' ? ` device ${safelyQuoted(dev)}` : '';
  return [
    `type ${safeWord(type)} hook ${safeWord(hook)}${device} priority ${safeWord(prio)}; policy ${safeWord(policy ?? 'accept')};`,
  ];
}

function setBlock(kind: string, value: JsonObject): string {
  const { name, type, map, flags, timeout, elem } = value;
  const types = typeNames(type);
  const values = kind === 'map' ? typeNames(map) : [];
  const elements = asList(elem).map((each) => elementText(each, types, values));
  return block(`${kind} ${safeWord(name)}`, [
    `type ${types.join(' . ')}${kind === 'map' ? ` : ${values.join(' . ')}` : ''}`,
    ...(flags === undefined ? [] : [`flags ${safeWords(flags)}`]),
    ...(timeout === undefined ? [] : [`timeout ${safeWord(timeout)}s`]),
    ...(elements.length === 0 ? [] : [`elements = { ${elements.join(',\n\t\t\t     ')} }`]),
  ]);
}

function typeNames(type: unknown): readonly string[] {
  return typeof type === 'string' ? type.split(' . ') : asList(type).map(safeWord);
}

function ruleText({ expr, comment }: JsonObject): string {
  const parts = asList(expr).map(statementText);
  return [...parts, ...(typeof comment === 'string' ? [`comment ${safelyQuoted(comment)}`] : [])].join(' ');
}
