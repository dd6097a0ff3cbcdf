import { expect, test } from 'vitest';
import { namedPort } from '../../src/lang/packet/port-names.ts';

test.each([
  ['http', 80],
  ['tcpmux', 1],
  ['tproxy', 8081],
  ['poppassd', 106],
  ['sun-sr-https', 6443],
  ['fido', 60179],
])('%s is port %i', (name, port) => {
  expect(namedPort(name)).toBe(port);
});

test('what is no name, and names that distributions give to two ports', () => {
  expect(['', '80', 'dicom', 'sunproxyadmin', 'tcpmux,'].map(namedPort)).toEqual(Array(5).fill(undefined));
});
