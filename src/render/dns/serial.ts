/**
 * The serial of a zone: the FNV-1a hash of its text, 32 bits, never 0. Equal zones have equal serials on every
 * machine, others almost surely not. It tells versions apart, not which is newer.
 */
export function zoneSerial(lines: Iterable<string>): number {
  let hash = 0x811c9dc5;
  for (const line of lines) {
    for (let index = 0; index < line.length; index += 1) {
      hash = Math.imul(hash ^ line.charCodeAt(index), 0x01000193);
    }
  }
  return hash >>> 0 || 1;
}
