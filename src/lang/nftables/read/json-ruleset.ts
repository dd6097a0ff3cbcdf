import { isJsonObject, type JsonObject } from '../../../model/json.ts';

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
      const title = `table ${word(value.family)} ${word(name)}`;
      const flags = kind === 'table' && value.flags !== undefined ? `\tflags ${words(value.flags)}\n` : '';
      const table = tables.get(title) ?? { title, flags, blocks: [], chains: new Map() };
      tables.set(title, table);
      addPart(table, kind, value);
    }
  }
  return [...tables.values()].map(printTable).join('');
}

function addPart({ blocks, chains }: Table, kind: string, value: JsonObject): void {
  if (kind === 'set' || kind === 'map') blocks.push(setBlock(kind, value));
  else if (kind === 'chain') chains.set(word(value.name), { head: hookOf(value), rules: [] });
  else if (kind === 'rule') chains.get(word(value.chain))?.rules.push(ruleText(value));
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
  const device = typeof dev === 'string' ? ` device ${quoted(dev)}` : '';
  return [
    `type ${word(type)} hook ${word(hook)}${device} priority ${word(prio)}; policy ${word(policy ?? 'accept')};`,
  ];
}

function setBlock(kind: string, value: JsonObject): string {
  const { name, type, map, flags, timeout, elem } = value;
  const types = typeNames(type);
  const values = kind === 'map' ? typeNames(map) : [];
  const elements = list(elem).map((each) => elementText(each, types, values));
  return block(`${kind} ${word(name)}`, [
    `type ${types.join(' . ')}${kind === 'map' ? ` : ${values.join(' . ')}` : ''}`,
    ...(flags === undefined ? [] : [`flags ${words(flags)}`]),
    ...(timeout === undefined ? [] : [`timeout ${word(timeout)}s`]),
    ...(elements.length === 0 ? [] : [`elements = { ${elements.join(',\n\t\t\t     ')} }`]),
  ]);
}

function typeNames(type: unknown): readonly string[] {
  return typeof type === 'string' ? type.split(' . ') : list(type).map(word);
}

/** An element of a set, or a key and value of a map. */
function elementText(element: unknown, types: readonly string[], values: readonly string[]): string {
  if (!Array.isArray(element)) return expression(element, types);
  const [key, value] = element;
  return `${expression(key, types)} : ${isVerdict(value) ? statement(value) : expression(value, values)}`;
}

function isVerdict(value: unknown): value is JsonObject {
  return isJsonObject(value) && Object.keys(value).some((key) => VERDICTS.has(key));
}

const VERDICTS: ReadonlySet<string> = new Set(['accept', 'drop', 'return', 'continue', 'jump', 'goto']);

function ruleText({ expr, comment }: JsonObject): string {
  const parts = list(expr).map(statement);
  return [...parts, ...(typeof comment === 'string' ? [`comment ${quoted(comment)}`] : [])].join(' ');
}

/** What a rule asks or does: an object of one member. */
function statement(value: unknown): string {
  if (!isJsonObject(value)) return unknownText(value);
  const [[kind = '', body] = []] = Object.entries(value);
  const of = isJsonObject(body) ? body : {};
  switch (kind) {
    case 'match':
      return comparison(of);
    case 'jump':
    case 'goto':
      return `${kind} ${word(of.target)}`;
    case 'vmap':
      return `${expression(of.key)} vmap ${setOf(of.data, typesOf(of.key), [])}`;
    case 'mangle':
      return `${expression(of.key)} set ${expression(of.value, typesOf(of.key))}`;
    case 'counter':
      return typeof body === 'string' ? `counter name ${quoted(body)}` : 'counter';
    case 'dnat':
    case 'snat':
    case 'redirect':
    case 'masquerade':
      return translation(kind, of);
    case 'reject':
      return typeof of.type === 'string'
        ? `reject with ${[of.type, of.expr ?? []].flat().map(word).join(' ')}`
        : kind;
    case 'log':
      return [
        'log',
        ...Object.entries(of).map(
          ([name, each]) => `${name} ${name === 'prefix' ? quoted(word(each)) : words(each)}`,
        ),
      ].join(' ');
    case 'limit':
      return `limit rate ${of.inv === true ? 'over ' : ''}${word(of.rate)}${unit(of.rate_unit)}/${word(of.per)} burst ${word(of.burst)} ${word(of.burst_unit ?? 'packets')}`;
    case 'quota':
    case 'ct count':
      return `${kind} ${of.inv === true ? 'over ' : ''}${word(of.val)}${unit(of.val_unit)}`;
    case 'set':
      return `${word(of.op)} ${word(of.set)} { ${[expression(of.elem), ...list(of.stmt).map(statement)].join(' ')} }`;
    case 'ct helper':
      return `${kind} set ${quoted(word(body))}`;
    case 'xt':
      return `xt ${word(of.type)} ${quoted(word(of.name))}`;
    default:
      return body === null ? word(kind) : unknownText(value);
  }
}

function unit(name: unknown): string {
  return name === undefined || name === 'packets' ? '' : ` ${word(name)}`;
}

/** nft names the operator where it is not `==`, or bits are compared; of bits that are set, it prints a list. */
function comparison({ op, left, right }: JsonObject): string {
  const isOfBits = isJsonObject(left) && ['&', '|', '^'].some((operator) => operator in left);
  const operator = (op === '==' && !isOfBits) || op === 'in' ? '' : `${operatorText(op)} `;
  if (isJsonObject(left) && isJsonObject(left.fib) && typeof right === 'boolean')
    return `${expression(left)} ${operator}${right ? 'exists' : 'missing'}`;
  const value = Array.isArray(right) ? right.map(word).join(',') : expression(right, typesOf(left));
  return `${expression(left)} ${operator}${value}`;
}

function operatorText(op: unknown): string {
  return typeof op === 'string' && /^[!=<>]=?$/.test(op) ? op : '==';
}

function translation(kind: string, { family, addr, port, flags }: JsonObject): string {
  const host = addr === undefined ? '' : expression(addr);
  const place = port === undefined ? '' : `:${expression(port)}`;
  const isBracketed = port !== undefined && host.includes(':');
  const to = `${isBracketed ? `[${host}]` : host}${place}`;
  const ofFamily = typeof family === 'string' ? ` ${word(family)}` : '';
  return `${kind}${to === '' ? '' : `${ofFamily} to ${to}`}${flags === undefined ? '' : ` ${words(flags)}`}`;
}

/** What a value is compared with: names of interfaces are quoted, marks have 32 bits. */
function typesOf(key: unknown): readonly string[] {
  if (!isJsonObject(key)) return [];
  if (Array.isArray(key.concat)) return key.concat.flatMap((part) => typesOf(part)[0] ?? '');
  for (const operator of OPERATORS) if (Array.isArray(key[operator])) return typesOf(key[operator][0]);
  const of = isJsonObject(key.meta) ? key.meta.key : isJsonObject(key.ct) ? key.ct.key : undefined;
  if (of === 'mark') return ['mark'];
  return typeof of === 'string' && /^[io]if(?:name)?$/.test(of) ? ['ifname'] : [];
}

const OPERATORS = ['&', '|', '^', '<<', '>>'] as const;

/** @param types of its parts: those of nft, as far as they matter */
function expression(value: unknown, types: readonly string[] = []): string {
  const [type] = types;
  if (typeof value === 'number') return type === 'mark' ? hex(value) : `${value}`;
  if (typeof value === 'string')
    return type === 'ifname' && !value.startsWith('@') ? quoted(value) : word(value);
  if (!isJsonObject(value)) return Array.isArray(value) ? value.map(word).join(' | ') : unknownText(value);
  const [[kind = '', body] = []] = Object.entries(value);
  const of = isJsonObject(body) ? body : {};
  const items = list(body);
  switch (kind) {
    case 'payload':
      return of.base === undefined
        ? `${word(of.protocol)} ${word(of.field)}`
        : `@${word(of.base)},${word(of.offset)},${word(of.len)}`;
    case 'meta':
      return /^[io]if(?:name|group)?$/.test(word(of.key)) ? word(of.key) : `meta ${word(of.key)}`;
    case 'ct':
      return ['ct', of.dir ?? [], of.key ?? []].flat().map(word).join(' ');
    case 'fib':
      return `fib ${list(of.flags).map(word).join(' . ')} ${word(of.result)}`;
    case 'prefix':
      return `${expression(of.addr)}/${word(of.len)}`;
    case 'range':
      return items.map((each) => expression(each, types)).join('-');
    case 'concat':
      return items.map((each, index) => expression(each, types.slice(index, index + 1))).join(' . ');
    case 'set':
      return setOf(value, types, []);
    case 'map':
      return `${expression(of.key)} map ${setOf(of.data, typesOf(of.key), types)}`;
    case 'elem':
      return elementWithDetails(of, types);
    case 'numgen':
      return `numgen ${word(of.mode)} mod ${word(of.mod)}${offsetText(of.offset)}`;
    case 'jhash':
      return `jhash ${expression(of.expr)} mod ${word(of.mod)}${offsetText(of.offset)}`;
    case 'tcp option':
      return `tcp option ${word(of.name)} ${word(of.field)}`;
    case '&':
    case '|':
    case '^':
      return items
        .map((each) => expression(each, types.length > 0 ? types : typesOf(value)))
        .join(` ${kind} `);
    default:
      return unknownText(value);
  }
}

function elementWithDetails({ val, timeout, comment }: JsonObject, types: readonly string[]): string {
  const seconds = (name: string, value: unknown) => (value === undefined ? [] : [`${name} ${word(value)}s`]);
  return [
    expression(val, types),
    ...seconds('timeout', timeout),
    ...(typeof comment === 'string' ? [`comment ${quoted(comment)}`] : []),
  ].join(' ');
}

function offsetText(offset: unknown): string {
  return offset === undefined || offset === 0 ? '' : ` offset ${word(offset)}`;
}

/** `@NAME`, or elements between braces. */
function setOf(data: unknown, types: readonly string[], values: readonly string[]): string {
  if (typeof data === 'string') return word(data);
  const elements = isJsonObject(data) ? list(data.set) : [];
  return `{ ${elements.map((each) => elementText(each, types, values)).join(', ')} }`;
}

function hex(value: number): string {
  return `0x${(value >>> 0).toString(16).padStart(8, '0')}`;
}

function list(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

const words = (value: unknown): string => list(value).map(word).join(',');

/** A name, number or address: nothing that could end it or the line. */
function word(value: unknown): string {
  const text = typeof value === 'string' || typeof value === 'number' ? `${value}` : unknownText(value);
  return text
    .replaceAll(/["{};#]+/g, ' ')
    .replaceAll(INVISIBLE, ' ')
    .trim();
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', ' ').replaceAll(INVISIBLE, ' ')}"`;
}

/** What is not known, so that the reader will not know it either. */
function unknownText(value: unknown): string {
  const text = (JSON.stringify(value) ?? '').replaceAll('"', "'").replaceAll(INVISIBLE, ' ');
  return `json ${text.slice(0, UNKNOWN_LENGTH)}`;
}

const UNKNOWN_LENGTH = 200;
/** What does not show, and line breaks of any kind. */
const INVISIBLE = /[^ \p{L}\p{N}\p{P}\p{S}\p{M}]/gu;
