import { splitLogCommands } from '../../diagnostic/escape.ts';
import type { JsonObject, JsonValue } from '../../model/json.ts';
import { isJsonObject } from '../../model/json.ts';

/** Words and dotted names: no reader takes them for anything but text, apart from those in `AMBIGUOUS`. */
const PLAIN = /^[A-Za-z][A-Za-z0-9_]*(?:[./-][A-Za-z0-9_]+)*$/;
const ADDRESS = /^\d{1,3}(?:\.\d{1,3}){3}$/;
const AMBIGUOUS = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf|infinity)$/i;

/** What JSON leaves as it is, and YAML would fold, refuse or not show. */
const UNSEEN = /[\u007f-\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff0-\uffff]/g;

/** Text as a YAML scalar that every reader, of YAML 1.1 or 1.2, takes for that text: plain, or in double quotes. */
export function yamlScalar(text: string): string {
  if (ADDRESS.test(text) || (PLAIN.test(text) && !AMBIGUOUS.test(text))) return text;
  return splitLogCommands(JSON.stringify(text).replace(UNSEEN, escapeUnit));
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A YAML document in block style, without `---`, as `kubectl get -o yaml` prints it. Keys stay in their order. */
export function yamlDocument(object: JsonObject): string {
  return yamlEntries(object, '');
}

function yamlEntries(object: JsonObject, indent: string): string {
  let text = '';
  for (const key of Object.keys(object))
    text += `${indent}${yamlScalar(key)}:${yamlValue(object[key] ?? null, indent)}`;
  return text;
}

/** What stands behind a key and its colon, to the end of the line or of the block. */
function yamlValue(value: JsonValue, indent: string): string {
  if (Array.isArray(value)) return value.length === 0 ? ' []\n' : `\n${yamlItems(value, indent)}`;
  if (isJsonObject(value)) {
    return Object.keys(value).length === 0 ? ' {}\n' : `\n${yamlEntries(value, `${indent}  `)}`;
  }
  return ` ${yamlAtom(value)}\n`;
}

function yamlItems(list: readonly JsonValue[], indent: string): string {
  let text = '';
  for (const item of list) {
    if (isJsonObject(item) && Object.keys(item).length > 0) {
      text += `${indent}- ${yamlEntries(item, `${indent}  `).slice(indent.length + 2)}`;
    } else if (Array.isArray(item) && item.length > 0) {
      text += `${indent}-\n${yamlItems(item, `${indent}  `)}`;
    } else text += `${indent}-${yamlValue(item, indent)}`;
  }
  return text;
}

function yamlAtom(value: JsonValue): string {
  return typeof value === 'string' ? yamlScalar(value) : JSON.stringify(value);
}
