import type { JsonValue } from '../../model/json.ts';

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...spellings(['y', 'yes', 'true', 'on'], true),
  ...spellings(['n', 'no', 'false', 'off'], false),
]);

const NULLS: ReadonlySet<string> = new Set(['', '~', 'null', 'Null', 'NULL']);

/** `.nan` and `.inf`, with or without sign: numbers that JSON does not have. */
const NOT_JSON = /^(?:\.nan|\.NaN|\.NAN|[-+]?\.(?:inf|Inf|INF))$/;

/** What Go's `strconv.ParseInt(text, 0, 64)` takes, underscores aside. */
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;
const STRAY_UNDERSCORE = /(?<![0-9])_|_(?![0-9])/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;
/** The greatest of int64 reads as 2^63, being no double: what is greater than it must not read the same. */
const BEYOND_INT64 = 2 ** 63 + 2048;
const MAX_UINT64 = 2n ** 64n - 1n;

/**
 * What a plain (unquoted, untagged) YAML scalar means to Kubernetes: YAML 1.1 as go-yaml v2 resolves it, which
 * sigs.k8s.io/yaml uses. Dates and sexagesimal numbers are strings there.
 * @returns undefined for numbers that JSON can't hold
 */
export function resolvePlainScalar(text: string): JsonValue | undefined {
  const first = text.charCodeAt(0);
  if (NULLS.has(text)) return null;
  const boolean = BOOLEANS.get(text);
  if (boolean !== undefined) return boolean;
  if (NOT_JSON.test(text)) return undefined;
  const startsNumber = (first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d || first === 0x2e;
  return startsNumber ? (resolveNumber(text) ?? text) : text;
}

function resolveNumber(text: string): number | undefined {
  const integer = resolveInteger(text);
  if (integer === undefined) return resolveFloat(text);
  return integer > MAX_INT64 ? Math.max(Number(integer), BEYOND_INT64) : Number(integer);
}

/**
 * The integer that a plain scalar is; not `80.0`, which is a float of that value.
 * @returns undefined also for those that neither int64 nor uint64 holds: they are floats
 */
export function resolveInteger(text: string): bigint | undefined {
  const match = INTEGER.exec(text.replaceAll('_', ''));
  if (match === null || text.startsWith('_')) return undefined;
  const [, sign, hexadecimal, binary, octal, decimal] = match;
  const magnitude = BigInt(digitsOf({ hexadecimal, binary, octal, decimal }));
  const value = sign === '-' ? -magnitude : magnitude;
  return value < MIN_INT64 || value > MAX_UINT64 ? undefined : value;
}

/** As BigInt spells them. Just one is there. */
function digitsOf(
  groups: Readonly<Record<'hexadecimal' | 'binary' | 'octal' | 'decimal', string | undefined>>,
): string {
  const { hexadecimal, binary, octal, decimal } = groups;
  if (hexadecimal !== undefined) return `0x${hexadecimal}`;
  if (binary !== undefined) return `0b${binary}`;
  return octal === undefined ? (decimal ?? '0') : `0o${octal}`;
}

/** Underscores may stand anywhere, but in what starts with a point only between digits. */
function resolveFloat(text: string): number | undefined {
  if (text.startsWith('.') && STRAY_UNDERSCORE.test(text)) return undefined;
  const digits = text.replaceAll('_', '');
  if (!FLOAT.test(digits)) return undefined;
  const value = Number(digits);
  return Number.isFinite(value) ? value : undefined;
}

/** `yes` → yes, Yes, YES. */
function spellings(words: readonly string[], value: boolean): [string, boolean][] {
  return words
    .flatMap((word) => [word, word.charAt(0).toUpperCase() + word.slice(1), word.toUpperCase()])
    .map((word) => [word, value]);
}
