import { expect, test } from 'vitest';
import { didYouMean } from '../../src/diagnostic/did-you-mean.ts';

const FIELDS = ['clusterIP', 'clusterIPs', 'selector', 'ports', 'type', 'externalIPs'];

test.each([
  ['clusterIp', 'clusterIP'],
  ['cluster_ips', 'clusterIPs'],
  ['selecter', 'selector'],
  ['slector', 'selector'],
  ['sleector', 'selector'],
  ['port', 'ports'],
  ['tpye', 'type'],
  ['ExternalIPs', 'externalIPs'],
  ['colour', undefined],
  ['x', undefined],
  ['', undefined],
])('%j: %j', (word, expected) => expect(didYouMean(word, FIELDS)).toBe(expected));

test('long words are compared by their start', () => {
  expect(didYouMean('x'.repeat(1_000_000), FIELDS)).toBeUndefined();
});
