import type { JsonValue } from '../model/json.ts';

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...spellings(['y', 'yes', 'true', 'on'], true),
  ...spellings(['n', 'no', 'false', 'off'], false),
]);

const NULLS: ReadonlySet<string> = new Set(['', '~', 'null', 'Null', 'NULL']);

/** `.nan` and `.inf`, with or without sign: numbers that JSON does not have. */
const NOT_JSON = /^(?:\.nan|\.NaN|\.NAN|[-+]?\.(?:inf|Inf|INF))$/;

/** What Go's `strconv.ParseInt(text, 0, 64)` takes, underscores aside. */
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

const MIN_INT64 = -(2n ** 63n);
const MAX_UINT64 = 2n ** 64n - 1n;

/**
 * What a plain (unquoted, untagged) YAML scalar means to Kubernetes: YAML 1.1 as go-yaml v2 resolves it, which
 * sigs.k8s.io/yaml uses. Dates and sexagesimal numbers are strings there.
 * @returns undefined for numbers that JSON can't hold
 */
export function resolvePlainScalar(text: string): JsonValue | undefined {
  const first = text.charCodeAt(0);
  // Most scalars start with a letter that starts no special word.
  if (NULLS.has(text)) return null;
  const boolean = BOOLEANS.get(text);
  if (boolean !== undefined) return boolean;
  if (NOT_JSON.test(text)) return undefined;
  const startsNumber = (first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d || first === 0x2e;
  return startsNumber ? (resolveNumber(text) ?? text) : text;
}

function resolveNumber(text: string): number | undefined {
  const digits = text.startsWith('.') ? text : text.replaceAll('_', '');
  return resolveInteger(digits) ?? resolveFloat(digits);
}

function resolveInteger(digits: string): number | undefined {
  const match = INTEGER.exec(digits);
  if (match === null) return undefined;
  const [, sign, hexadecimal, binary, octal, decimal] = match;
  const magnitude = BigInt(
    hexadecimal !== undefined
      ? `0x${hexadecimal}`
      : binary !== undefined
        ? `0b${binary}`
        : octal !== undefined
          ? `0o${octal}`
          : (decimal ?? '0'),
  );
  const value = sign === '-' ? -magnitude : magnitude;
  return value < MIN_INT64 || value > MAX_UINT64 ? undefined : Number(value);
}

function resolveFloat(digits: string): number | undefined {
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
