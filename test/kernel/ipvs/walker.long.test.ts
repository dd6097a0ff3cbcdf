import fc from 'fast-check';
import { test } from 'vitest';
import { addressesOf } from '../../support/kernel/addresses.ts';
import { arbitraryServices, servicesOf } from '../../support/kernel/arbitrary-services.ts';
import { compareWalker, type WalkerSetup } from '../../support/kernel/compare-walker.ts';
import { ipvsBackend, prepareForIPVS } from '../../support/uml/ipvs-backend.ts';
import { shareUML } from '../../support/uml/uml-place.ts';

const { place } = shareUML(prepareForIPVS);

/** Round robin needs no more connections than there are endpoints, and a few for those that came in between. */
const setup: WalkerSetup = {
  name: 'ipvs, IPv4',
  family: 'IPv4',
  setting: { mode: 'ipvs', layout: 'kube-proxy' },
  backend: ipvsBackend,
  counts: { few: 2, many: 12 },
  save: ['sh', '-ec', 'iptables-save; ipset save; ipvsadm --save --numeric'],
};

place.describe('the walker goes where packets go, through IPVS too', () => {
  test(setup.name, async () => {
    const lab = await place.startLab();
    await fc.assert(
      fc.asyncProperty(arbitraryServices(12), async (services) => {
        await compareWalker(setup, lab, servicesOf(addressesOf(setup.family), services));
      }),
      { numRuns: 1, endOnFailure: true },
    );
  });
});
