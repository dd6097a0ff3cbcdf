/**
 * SHA-256 (FIPS 180-4) of short texts, and the names that kube-proxy makes of it. Our own, since it runs in browsers and
 * is faster than libraries that do, which take bytes and give an object. A name of some 55 characters took 2.3 µs on
 * Node.js 20, 6.8 with @noble/hashes 1.8 (2.4 wants a newer Node.js), 9.4 with js-sha256 1.0, 11.8 with fast-sha256 1.3,
 * 9.8 with createHash of node:crypto. Bundled it has 2.6 kB, @noble/hashes 4.7.
 */

/** The character codes of base32. */
const BASE32 = Uint8Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', (character) => character.charCodeAt(0));

/** The characters of `KUBE-`. */
const [K, U, B, E, DASH] = [0x4b, 0x55, 0x42, 0x45, 0x2d];

/** The constants of FIPS 180-4: fractions of the cube roots of the first 64 primes. */
const ROUND_CONSTANTS = Int32Array.of(
  0x428a2f98,
  0x71374491,
  0xb5c0fbcf,
  0xe9b5dba5,
  0x3956c25b,
  0x59f111f1,
  0x923f82a4,
  0xab1c5ed5,
  0xd807aa98,
  0x12835b01,
  0x243185be,
  0x550c7dc3,
  0x72be5d74,
  0x80deb1fe,
  0x9bdc06a7,
  0xc19bf174,
  0xe49b69c1,
  0xefbe4786,
  0x0fc19dc6,
  0x240ca1cc,
  0x2de92c6f,
  0x4a7484aa,
  0x5cb0a9dc,
  0x76f988da,
  0x983e5152,
  0xa831c66d,
  0xb00327c8,
  0xbf597fc7,
  0xc6e00bf3,
  0xd5a79147,
  0x06ca6351,
  0x14292967,
  0x27b70a85,
  0x2e1b2138,
  0x4d2c6dfc,
  0x53380d13,
  0x650a7354,
  0x766a0abb,
  0x81c2c92e,
  0x92722c85,
  0xa2bfe8a1,
  0xa81a664b,
  0xc24b8b70,
  0xc76c51a3,
  0xd192e819,
  0xd6990624,
  0xf40e3585,
  0x106aa070,
  0x19a4c116,
  0x1e376c08,
  0x2748774c,
  0x34b0bcb5,
  0x391c0cb3,
  0x4ed8aa4a,
  0x5b9cca4f,
  0x682e6ff3,
  0x748f82ee,
  0x78a5636f,
  0x84c87814,
  0x8cc70208,
  0x90befffa,
  0xa4506ceb,
  0xbef9a3f7,
  0xc67178f2,
);

/** Fractions of the square roots of the first 8 primes. */
const INITIAL_STATE = Int32Array.of(
  0x6a09e667,
  0xbb67ae85,
  0x3c6ef372,
  0xa54ff53a,
  0x510e527f,
  0x9b05688c,
  0x1f83d9ab,
  0x5be0cd19,
);

const BLOCK_BYTES = 64;

/** Scratch space, always written before it is read: to make it anew for each text would take longer than the rest. */
const schedule = new Int32Array(64);
const state = new Int32Array(8);

/** The SHA-256 of a text in UTF-8, one character a byte. */
export type Sha256 = (text: string) => string;

/** Whoever computes digests, they are the same. */
let native: Sha256 | undefined;

/**
 * Names that were asked for last, by prefix and text. The rules of several nodes, families and modes have the same ones: `svcgen
 * test` of the example in bench/README.md asks 61 times for 14 names, and takes 0.93 x the time of a processor with this (Node.js 20).
 */
const recent = new Map<string, string>();

/** A few hundred Services; of more, each name would cost a place as well as a digest. */
const MAX_RECENT = 512;

/**
 * Has digests computed by something faster from now on, which must give the same. Our own SHA-256 is for few texts:
 * that of Node.js takes as long to load as the quickstart to render, and twice as much time per text is nothing then.
 */
export function useNativeSha256(sha256OfText: Sha256): void {
  native = sha256OfText;
}

/**
 * The first 16 characters of the base32 form (RFC 4648) of the SHA-256 of a text: what kube-proxy puts behind
 * the prefix of a chain's name.
 */
export function sha256Base32Prefix(text: string): string {
  return kubeChainName(ANY_PREFIX, text).slice(ANY_PREFIX.length);
}

const ANY_PREFIX = 'KUBE-ANY-';

/**
 * The name of a chain of kube-proxy: a prefix, and those 16 characters.
 * @param prefix `KUBE-`, the three letters of its kind, `-`
 */
export function kubeChainName(prefix: string, text: string): string {
  if (native !== undefined) {
    const digest = native(text);
    return spellName(prefix, readWord(digest, 0), readWord(digest, 4), readWord(digest, 8));
  }
  const key = prefix + text;
  const known = recent.get(key);
  if (known !== undefined) return known;
  sha256(toBytes(text));
  const name = spellName(prefix, state[0] ?? 0, state[1] ?? 0, state[2] ?? 0);
  if (recent.size >= MAX_RECENT) recent.clear();
  recent.set(key, name);
  return name;
}

/**
 * With the first 80 bits of a digest that begins with these words. Made at once: a string that is put together of
 * others takes three times the memory, and has to be copied when it is read first.
 */
function spellName(prefix: string, first: number, second: number, third: number): string {
  return String.fromCharCode(
    K,
    U,
    B,
    E,
    DASH,
    prefix.charCodeAt(5),
    prefix.charCodeAt(6),
    prefix.charCodeAt(7),
    DASH,
    digit(first >>> 27),
    digit(first >>> 22),
    digit(first >>> 17),
    digit(first >>> 12),
    digit(first >>> 7),
    digit(first >>> 2),
    digit((first << 3) | (second >>> 29)),
    digit(second >>> 24),
    digit(second >>> 19),
    digit(second >>> 14),
    digit(second >>> 9),
    digit(second >>> 4),
    digit((second << 1) | (third >>> 31)),
    digit(third >>> 26),
    digit(third >>> 21),
    digit(third >>> 16),
  );
}

function digit(bits: number): number {
  return BASE32[bits & 31] ?? 0;
}

/** UTF-8, one character a byte. Nearly all texts are ASCII, and so are that already. */
function toBytes(text: string): string {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) > 127) return encodeUTF8(text);
  }
  return text;
}

function encodeUTF8(text: string): string {
  let bytes = '';
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return bytes;
}

/** Leaves the digest in `state`. `bytes` holds one character a byte. */
function sha256(bytes: string): void {
  state.set(INITIAL_STATE);
  const blocks = (bytes.length + 9 + BLOCK_BYTES - 1) >> 6;
  for (let block = 0; block < blocks; block++) {
    for (let word = 0; word < 16; word++) schedule[word] = readWord(bytes, block * BLOCK_BYTES + word * 4);
    if (block === blocks - 1) schedule[15] = bytes.length * 8;
    extend();
    mix();
  }
}

/** Four bytes; behind the end stand a 1 bit and then zeros. */
function readWord(bytes: string, offset: number): number {
  return (
    (readByte(bytes, offset) << 24) |
    (readByte(bytes, offset + 1) << 16) |
    (readByte(bytes, offset + 2) << 8) |
    readByte(bytes, offset + 3)
  );
}

function readByte(bytes: string, offset: number): number {
  if (offset < bytes.length) return bytes.charCodeAt(offset);
  return offset === bytes.length ? 0x80 : 0;
}

function extend(): void {
  for (let index = 16; index < 64; index++) {
    const a = schedule[index - 15] ?? 0;
    const b = schedule[index - 2] ?? 0;
    const sigma0 = ((a >>> 7) | (a << 25)) ^ ((a >>> 18) | (a << 14)) ^ (a >>> 3);
    const sigma1 = ((b >>> 17) | (b << 15)) ^ ((b >>> 19) | (b << 13)) ^ (b >>> 10);
    schedule[index] = sigma0 + sigma1 + (schedule[index - 7] ?? 0) + (schedule[index - 16] ?? 0);
  }
}

function mix(): void {
  let a = state[0] ?? 0;
  let b = state[1] ?? 0;
  let c = state[2] ?? 0;
  let d = state[3] ?? 0;
  let e = state[4] ?? 0;
  let f = state[5] ?? 0;
  let g = state[6] ?? 0;
  let h = state[7] ?? 0;
  for (let round = 0; round < 64; round++) {
    const sum1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const choice = (e & (f ^ g)) ^ g;
    const next = (h + sum1 + choice + (ROUND_CONSTANTS[round] ?? 0) + (schedule[round] ?? 0)) | 0;
    const sum0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const majority = (a & b) | (c & (a | b));
    h = g;
    g = f;
    f = e;
    e = (d + next) | 0;
    d = c;
    c = b;
    b = a;
    a = (next + sum0 + majority) | 0;
  }
  state[0] = (state[0] ?? 0) + a;
  state[1] = (state[1] ?? 0) + b;
  state[2] = (state[2] ?? 0) + c;
  state[3] = (state[3] ?? 0) + d;
  state[4] = (state[4] ?? 0) + e;
  state[5] = (state[5] ?? 0) + f;
  state[6] = (state[6] ?? 0) + g;
  state[7] = (state[7] ?? 0) + h;
}
