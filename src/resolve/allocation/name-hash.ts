const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * A number from 0 to 2³²-1 that depends on the text alone: FNV-1a over its UTF-16 code units, then MurmurHash3's
 * finaliser, so that names that differ in their last letter only do not end up side by side. Allocations depend on
 * it: changing it moves every address that is not locked.
 */
export function hashName(text: string): number {
  let hash = FNV_OFFSET;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
