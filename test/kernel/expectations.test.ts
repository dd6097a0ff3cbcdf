import { test } from 'vitest';
import type { IPFamily } from '../../src/model/cluster.ts';
import { addressesOf } from '../support/kernel/addresses.ts';
import { iptablesBackend, nftablesBackend } from '../support/kernel/backend.ts';
import { describeKernel } from '../support/kernel/kernel-support.ts';
import { startLab } from '../support/kernel/lab.ts';
import { expectSamples } from '../support/kernel/traffic-samples.ts';

const SETUPS = [
  { backend: iptablesBackend('nft'), mode: 'iptables' },
  { backend: nftablesBackend('compact'), mode: 'nftables' },
] as const;

describeKernel('packets do what cases say', () => {
  const setups = SETUPS.flatMap((setup) =>
    (['IPv4', 'IPv6'] as const satisfies readonly IPFamily[]).map((family) => ({ ...setup, family })),
  );
  test.concurrent.each(setups)('$mode mode, $family', async ({ backend, mode, family }) => {
    const lab = await startLab();
    try {
      await backend.prepare(lab);
      await expectSamples({ backend, mode, net: addressesOf(family) }, lab);
    } finally {
      await lab.stop();
    }
  });
});
