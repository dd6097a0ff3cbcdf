import { isJsonObject, type JsonObject } from '../../../model/json.ts';
import { asList, hexMark, safelyQuoted, safeWord, unknownText } from './json-words.ts';

/** An element of a set, or a key and value of a map. */
export function elementText(element: unknown, types: readonly string[], values: readonly string[]): string {
  if (!Array.isArray(element)) return expressionText(element, types);
  const [key, value] = element;
  return `${expressionText(key, types)} : ${isVerdict(value) ? verdictText(value) : expressionText(value, values)}`;
}

function isVerdict(value: unknown): value is JsonObject {
  return isJsonObject(value) && Object.keys(value).some((key) => VERDICTS.has(key));
}

/** `accept`, `jump NAME`: an object of one member. */
export function verdictText(value: JsonObject): string {
  const [[kind = '', body] = []] = Object.entries(value);
  const { target } = isJsonObject(body) ? body : {};
  if (kind === 'jump' || kind === 'goto') return `${kind} ${safeWord(target)}`;
  return body === null ? safeWord(kind) : unknownText(value);
}

const VERDICTS: ReadonlySet<string> = new Set(['accept', 'drop', 'return', 'continue', 'jump', 'goto']);

/** What a value is compared with: names of interfaces are safelyQuoted, marks have 32 bits. */
export function typesAskedBy(key: unknown): readonly string[] {
  if (!isJsonObject(key)) return [];
  if (Array.isArray(key.concat)) return key.concat.flatMap((part) => typesAskedBy(part)[0] ?? '');
  for (const operator of OPERATORS) if (Array.isArray(key[operator])) return typesAskedBy(key[operator][0]);
  const of = isJsonObject(key.meta) ? key.meta.key : isJsonObject(key.ct) ? key.ct.key : undefined;
  if (of === 'mark') return ['mark'];
  return typeof of === 'string' && /^[io]if(?:name)?$/.test(of) ? ['ifname'] : [];
}

const OPERATORS = ['&', '|', '^', '<<', '>>'] as const;

/** @param types of its parts: those of nft, as far as they matter */
export function expressionText(value: unknown, types: readonly string[] = []): string {
  const [type] = types;
  if (typeof value === 'number') return type === 'mark' ? hexMark(value) : `${value}`;
  if (typeof value === 'string')
    return type === 'ifname' && !value.startsWith('@') ? safelyQuoted(value) : safeWord(value);
  if (!isJsonObject(value))
    return Array.isArray(value) ? value.map(safeWord).join(' | ') : unknownText(value);
  const [[kind = '', body] = []] = Object.entries(value);
  const of = isJsonObject(body) ? body : {};
  const items = asList(body);
  switch (kind) {
    case 'payload':
      return of.base === undefined
        ? `${safeWord(of.protocol)} ${safeWord(of.field)}`
        : `@${safeWord(of.base)},${safeWord(of.offset)},${safeWord(of.len)}`;
    case 'meta':
      return /^[io]if(?:name|group)?$/.test(safeWord(of.key)) ? safeWord(of.key) : `meta ${safeWord(of.key)}`;
    case 'ct':
      return ['ct', of.dir ?? [], of.key ?? []].flat().map(safeWord).join(' ');
    case 'fib':
      return `fib ${asList(of.flags).map(safeWord).join(' . ')} ${safeWord(of.result)}`;
    case 'prefix':
      return `${expressionText(of.addr)}/${safeWord(of.len)}`;
    case 'range':
      return items.map((each) => expressionText(each, types)).join('-');
    case 'concat':
      return items.map((each, index) => expressionText(each, types.slice(index, index + 1))).join(' . ');
    case 'set':
      return setText(value, types, []);
    case 'map':
      return `${expressionText(of.key)} map ${setText(of.data, typesAskedBy(of.key), types)}`;
    case 'elem':
      return elementWithDetails(of, types);
    case 'numgen':
      return `numgen ${safeWord(of.mode)} mod ${safeWord(of.mod)}${offsetText(of.offset)}`;
    case 'jhash':
      return `jhash ${expressionText(of.expr)} mod ${safeWord(of.mod)}${offsetText(of.offset)}`;
    case 'tcp option':
      return `tcp option ${safeWord(of.name)} ${safeWord(of.field)}`;
    case '&':
    case '|':
    case '^':
      return items
        .map((each) => expressionText(each, types.length > 0 ? types : typesAskedBy(value)))
        .join(` ${kind} `);
    default:
      return unknownText(value);
  }
}

function elementWithDetails({ val, timeout, comment }: JsonObject, types: readonly string[]): string {
  const seconds = (name: string, value: unknown) =>
    value === undefined ? [] : [`${name} ${safeWord(value)}s`];
  return [
    expressionText(val, types),
    ...seconds('timeout', timeout),
    ...(typeof comment === 'string' ? [`comment ${safelyQuoted(comment)}`] : []),
  ].join(' ');
}

function offsetText(offset: unknown): string {
  return offset === undefined || offset === 0 ? '' : ` offset ${safeWord(offset)}`;
}

/** `@NAME`, or elements between braces. */
export function setText(data: unknown, types: readonly string[], values: readonly string[]): string {
  if (typeof data === 'string') return safeWord(data);
  const elements = isJsonObject(data) ? asList(data.set) : [];
  return `{ ${elements.map((each) => elementText(each, types, values)).join(', ')} }`;
}
