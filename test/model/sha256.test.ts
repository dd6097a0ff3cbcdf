import { createHash, hash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kubeChainName, sha256Base32Prefix, useNativeSha256 } from '../../src/model/sha256.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** By the book: 80 bits of the digest, five at a time. */
function expected(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 10);
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? []).map((five) => ALPHABET[Number.parseInt(five, 2)]).join('');
}

test('what kube-proxy makes of a service port and its endpoints', () => {
  expect(sha256Base32Prefix('default/my-nginxtcp')).toBe('L65ENXXZWWSAPRCR');
  expect(sha256Base32Prefix('default/my-nginxtcp172.16.0.43:80')).toBe('CKTK4HVPCCPKEGFT');
  expect(sha256Base32Prefix('default/my-nginxtcp172.16.0.83:80')).toBe('5DPHGI3VF3PCK466');
});

test('names of chains', () => {
  expect(kubeChainName('KUBE-SEP-', 'default/my-nginxtcp172.16.0.43:80')).toBe('KUBE-SEP-CKTK4HVPCCPKEGFT');
  expect(kubeChainName('KUBE-SUB-', 'default/my-nginxtcp')).toBe('KUBE-SUB-L65ENXXZWWSAPRCR');
});

test.each(Array.from({ length: 131 }, (_, length) => length))('a text of %i characters', (length) => {
  const text = 'abcdefghij'.repeat(14).slice(0, length);
  expect(sha256Base32Prefix(text)).toBe(expected(text));
});

test('any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
      expect(sha256Base32Prefix(text)).toBe(expected(text));
    }),
  );
});

test('digests that Node.js computes become the same names', () => {
  const texts = Array.from(
    { length: 300 },
    (_, index) => `default/web-${index}tcp\ud800 é${'x'.repeat(index)}`,
  );
  const ours = texts.map(sha256Base32Prefix);
  let calls = 0;
  useNativeSha256((text) => {
    calls += 1;
    return hash('sha256', text, 'binary');
  });
  expect(texts.map(sha256Base32Prefix)).toEqual(ours);
  expect(calls).toBe(texts.length);
});
