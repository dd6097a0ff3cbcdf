import { test } from 'vitest';
import { addressesOf } from '../../support/kernel/addresses.ts';
import { expectSamples } from '../../support/kernel/traffic-samples.ts';
import { ipvsBackend, prepareForIPVS } from '../../support/uml/ipvs-backend.ts';
import { shareUML } from '../../support/uml/uml-place.ts';

const { place } = shareUML(prepareForIPVS);

place.describe('packets do what cases say, through IPVS too', () => {
  test.each(['IPv4', 'IPv6'] as const)('%s', async (family) => {
    const lab = await place.startLab();
    await expectSamples({ backend: ipvsBackend, mode: 'ipvs', net: addressesOf(family) }, lab);
  });
});
