import type { JsonValue } from '../model/json.ts';
import { resolvePlainScalar } from './plain-scalar.ts';

const YAML_TAG = 'tag:yaml.org,2002:';
const BASE64 = /^[A-Za-z0-9+/\s]*={0,2}\s*$/;

/**
 * A scalar with an explicit tag, as go-yaml v2 reads it. Tags of applications (`!Ref`) are ignored.
 * @returns undefined when the text is no such value, or JSON can't hold it
 */
export function resolveTaggedScalar(tag: string, text: string): JsonValue | undefined {
  const value = resolvePlainScalar(text);
  switch (tag.startsWith(YAML_TAG) ? tag.slice(YAML_TAG.length) : tag) {
    case 'int':
      return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
    case 'float':
      return typeof value === 'number' ? value : undefined;
    case 'bool':
      return typeof value === 'boolean' ? value : undefined;
    case 'null':
      return value === null ? null : undefined;
    case 'binary':
      return BASE64.test(text) ? decodeBase64(text) : undefined;
    default:
      return text;
  }
}

/** Bytes as UTF-8 text. */
function decodeBase64(text: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    return new TextDecoder().decode(bytes);
  } catch {
    return undefined;
  }
}
