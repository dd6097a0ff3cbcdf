import type { JsonObject } from '../../model/json.ts';
import { sha256Base32Prefix } from '../../model/sha256.ts';

const MAX_BASE = 58;
const SUFFIX_LENGTH = 5;

/**
 * A name for an object that leaves it to the API server to make one up (metadata.generateName): as long as those are,
 * but always the same for the same object.
 */
export function makeUpName(generateName: string, value: JsonObject): string {
  const suffix = sha256Base32Prefix(JSON.stringify(value)).slice(0, SUFFIX_LENGTH).toLowerCase();
  return `${generateName.slice(0, MAX_BASE)}${suffix}`;
}
