import { describe, expect, test } from 'vitest';
import { CHANGES, REASONS, REFUSALS } from '../../src/expect/expectation.ts';
import { addressesOf } from '../support/kernel/addresses.ts';
import { expectPasses, sampleTexts } from '../support/kernel/traffic-samples.ts';

const texts = sampleTexts(addressesOf('IPv4'));

/** No packet can show them: nobody refuses what goes nowhere, and without an address nothing is sent. */
const WITHOUT_PACKETS: readonly string[] = ['no-rule', 'no-address'];

test.each([
  ...['pod default/', 'node,', '{ pods: ', '"'].map((client) => `from: ${client}`),
  ...['clusterIP', 'nodePort', 'externalIP', 'loadBalancer', 'each address', 'each port'].map(
    (what) => `to: ${what} of `,
  ),
  'to: default/',
  'to: "',
  ...[...CHANGES, 'patch'].map((verb) => `change: [{ ${verb}: `),
  ...['count', 'evenly', 'pods', 'endpoints'].map((field) => ` ${field}: `),
  ...['kept', 'rewritten'].map((source) => `source: ${source}`),
  ...REFUSALS,
  'only: ',
  ...REASONS.filter((reason) => !WITHOUT_PACKETS.includes(reason)),
])('packets are sent for a case with %j', (words) => {
  expect(texts.filter((text) => text.includes(words))).not.toEqual([]);
});

describe.each(['iptables', 'ipvs', 'nftables'] as const)('%s mode', (mode) => {
  test.each(['IPv4', 'IPv6'] as const)('the cases pass, %s', (family) => {
    expectPasses({ mode, net: addressesOf(family) });
  });
});
