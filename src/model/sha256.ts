import { hash } from 'node:crypto';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Two base32 characters for each value of ten bits: 80 bits of a digest are eight look-ups. */
const PAIRS = Array.from(
  { length: 1024 },
  (_, value) => BASE32.charAt(value >> 5) + BASE32.charAt(value & 31),
);

/**
 * The first 16 characters of the base32 form (RFC 4648) of the SHA-256 of a text: what kube-proxy puts behind
 * the prefix of a chain's name.
 */
export function sha256Base32Prefix(text: string): string {
  const digest = hash('sha256', text, 'buffer');
  return (
    fiveBytes(digest.readUInt32BE(0), digest.readUInt8(4)) +
    fiveBytes(digest.readUInt32BE(5), digest.readUInt8(9))
  );
}

/** 40 bits, as their upper 32 and their lower 8, in eight characters. */
function fiveBytes(upper: number, lower: number): string {
  return pair(upper >>> 22) + pair(upper >>> 12) + pair(upper >>> 2) + pair((upper << 8) | lower);
}

function pair(bits: number): string {
  return PAIRS[bits & 1023] ?? '';
}
