import { isJsonObject, type JsonObject } from '../../../model/json.ts';
import { expressionText, setText, typesAskedBy, verdictText } from './json-expression.ts';
import { asList, safelyQuoted, safeWord, safeWords, unknownText } from './json-words.ts';

/** What a rule asks or does: an object of one member. */
export function statementText(value: unknown): string {
  if (!isJsonObject(value)) return unknownText(value);
  const [[kind = '', body] = []] = Object.entries(value);
  const of = isJsonObject(body) ? body : {};
  switch (kind) {
    case 'match':
      return comparison(of);
    case 'jump':
    case 'goto':
      return verdictText(value);
    case 'vmap':
      return `${expressionText(of.key)} vmap ${setText(of.data, typesAskedBy(of.key), [])}`;
    case 'mangle':
      return `${expressionText(of.key)} set ${expressionText(of.value, typesAskedBy(of.key))}`;
    case 'counter':
      return typeof body === 'string' ? `counter name ${safelyQuoted(body)}` : 'counter';
    case 'dnat':
    case 'snat':
    case 'redirect':
    case 'masquerade':
      return translation(kind, of);
    case 'reject':
      return typeof of.type === 'string'
        ? `reject with ${[of.type, of.expr ?? []].flat().map(safeWord).join(' ')}`
        : kind;
    case 'log':
      return [
        'log',
        ...Object.entries(of).map(
          ([name, each]) => `${name} ${name === 'prefix' ? safelyQuoted(safeWord(each)) : safeWords(each)}`,
        ),
      ].join(' ');
    case 'limit':
      return `limit rate ${of.inv === true ? 'over ' : ''}${safeWord(of.rate)}${unit(of.rate_unit)}/${safeWord(of.per)} burst ${safeWord(of.burst)} ${safeWord(of.burst_unit ?? 'packets')}`;
    case 'quota':
    case 'ct count':
      return `${kind} ${of.inv === true ? 'over ' : ''}${safeWord(of.val)}${unit(of.val_unit)}`;
    case 'set':
      return `${safeWord(of.op)} ${safeWord(of.set)} { ${[expressionText(of.elem), ...asList(of.stmt).map(statementText)].join(' ')} }`;
    case 'ct helper':
      return `${kind} set ${safelyQuoted(safeWord(body))}`;
    case 'xt':
      return `xt ${safeWord(of.type)} ${safelyQuoted(safeWord(of.name))}`;
    default:
      return body === null ? safeWord(kind) : unknownText(value);
  }
}

function unit(name: unknown): string {
  return name === undefined || name === 'packets' ? '' : ` ${safeWord(name)}`;
}

/** nft names the operator where it is not `==`, or bits are compared; of bits that are set, it prints a list. */
function comparison({ op, left, right }: JsonObject): string {
  const isOfBits = isJsonObject(left) && ['&', '|', '^'].some((operator) => operator in left);
  const operator = (op === '==' && !isOfBits) || op === 'in' ? '' : `${operatorText(op)} `;
  if (isJsonObject(left) && isJsonObject(left.fib) && typeof right === 'boolean')
    return `${expressionText(left)} ${operator}${right ? 'exists' : 'missing'}`;
  const value = Array.isArray(right)
    ? right.map(safeWord).join(',')
    : expressionText(right, typesAskedBy(left));
  return `${expressionText(left)} ${operator}${value}`;
}

function operatorText(op: unknown): string {
  return typeof op === 'string' && /^[!=<>]=?$/.test(op) ? op : '==';
}

function translation(kind: string, { family, addr, port, flags }: JsonObject): string {
  const host = addr === undefined ? '' : expressionText(addr);
  const place = port === undefined ? '' : `:${expressionText(port)}`;
  const isBracketed = port !== undefined && host.includes(':');
  const to = `${isBracketed ? `[${host}]` : host}${place}`;
  const ofFamily = typeof family === 'string' ? ` ${safeWord(family)}` : '';
  return `${kind}${to === '' ? '' : `${ofFamily} to ${to}`}${flags === undefined ? '' : ` ${safeWords(flags)}`}`;
}
