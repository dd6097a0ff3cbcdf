import { isScalar, type Scalar } from 'yaml';
import type { JsonValue } from '../../model/json.ts';
import { resolveInteger, resolvePlainScalar } from './plain-scalar.ts';

const YAML_TAG = 'tag:yaml.org,2002:';
const TIMESTAMP = /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt ]\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})?)?$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * What a scalar of the general parser means to Kubernetes.
 * @returns undefined when JSON can't hold it
 */
export function resolveScalar({ source = '', tag, type }: Scalar): JsonValue | undefined {
  if (tag !== undefined) return resolveTaggedScalar(tag, source);
  return type === 'PLAIN' ? resolvePlainScalar(source) : source;
}

/**
 * A scalar with an explicit tag, quoted or not, as go-yaml v2 reads it: `!!int "80"` is a number. Tags of
 * applications (`!Ref`) mean nothing to it, and the lone `!` means that there is no tag.
 * @returns undefined when the text is no such value, or JSON can't hold it
 */
export function resolveTaggedScalar(tag: string, text: string): JsonValue | undefined {
  const value = resolvePlainScalar(text);
  switch (tag.startsWith(YAML_TAG) ? tag.slice(YAML_TAG.length) : tag) {
    case '!':
      return value;
    case 'int':
      return resolveInteger(text) === undefined ? undefined : value;
    case 'float':
      return typeof value === 'number' ? value : undefined;
    case 'bool':
      return typeof value === 'boolean' ? value : undefined;
    case 'null':
      return value === null ? null : undefined;
    case 'timestamp':
      return TIMESTAMP.test(text) ? text : undefined;
    case 'binary':
      return decodeBase64(text.replace(/[\r\n]/g, ''));
    default:
      return text;
  }
}

/** Bytes as UTF-8 text: in JSON, bytes that are none become U+FFFD. */
function decodeBase64(text: string): string | undefined {
  if (!BASE64.test(text)) return undefined;
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** `<<` without quotes. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.source === '<<' && key.type === 'PLAIN';
}

/**
 * The name that a key has in JSON: sigs.k8s.io/yaml turns numbers and booleans into text.
 * @returns undefined for keys that it refuses: null, and integers beyond int64
 */
export function keyName(key: Scalar): string | undefined {
  const value = resolveScalar(key);
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return numberName(key.source ?? '', value);
  return value === undefined ? infinityName(key.source ?? '') : undefined;
}

function numberName(source: string, value: number): string | undefined {
  const integer = resolveInteger(source);
  if (integer === undefined) return floatName(value);
  return integer < 2n ** 63n ? String(integer) : undefined;
}

/** Not-a-number and the infinities can be keys, though not values. */
function infinityName(source: string): string | undefined {
  if (/^\.nan$/i.test(source)) return '.nan';
  const match = /^([-+]?)(\.inf)$/i.exec(source);
  return match === null ? undefined : `${match[1] === '-' ? '-' : ''}.inf`;
}

/** Go's `strconv.FormatFloat(value, 'g', -1, 32)`: the shortest digits that tell 32-bit floats apart. */
function floatName(value: number): string {
  const float = Math.fround(value);
  if (!Number.isFinite(float)) return float < 0 ? '-.inf' : '.inf';
  const [digits = '', exponent = '0'] = shortestExponential(float).split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return plainDecimal(digits, power);
  const magnitude = String(Math.abs(power)).padStart(2, '0');
  return `${digits}e${power < 0 ? '-' : '+'}${magnitude}`;
}

function shortestExponential(float: number): string {
  for (let precision = 0; precision < 9; precision += 1) {
    const text = float.toExponential(precision);
    if (Math.fround(Number(text)) === float) return text;
  }
  return float.toExponential(8);
}

function plainDecimal(digits: string, power: number): string {
  const precision = digits.replace(/[-.]/g, '').length - 1;
  return Number(`${digits}e${power}`).toFixed(Math.max(0, precision - power));
}
