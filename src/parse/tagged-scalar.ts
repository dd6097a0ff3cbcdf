import type { JsonValue } from '../model/json.ts';
import { resolveInteger, resolvePlainScalar } from './plain-scalar.ts';

const YAML_TAG = 'tag:yaml.org,2002:';
const TIMESTAMP = /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt ]\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})?)?$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

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
