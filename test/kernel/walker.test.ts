import fc from 'fast-check';
import { test } from 'vitest';
import { addressesOf } from '../support/kernel/addresses.ts';
import { arbitraryServices, servicesOf } from '../support/kernel/arbitrary-services.ts';
import { iptablesBackend, nftablesBackend } from '../support/kernel/backend.ts';
import { compareWalker, type WalkerSetup } from '../support/kernel/compare-walker.ts';
import { describeKernel } from '../support/kernel/kernel-support.ts';
import { startLab } from '../support/kernel/lab.ts';

/** Enough to see each of four endpoints, but for one time in ten million. */
const COUNTS = { few: 6, many: 56 };

const SETUPS: readonly WalkerSetup[] = [
  {
    name: 'iptables-legacy, IPv4',
    family: 'IPv4',
    setting: { mode: 'iptables', layout: 'kube-proxy' },
    backend: iptablesBackend('legacy'),
    counts: COUNTS,
    save: ['iptables-legacy-save'],
  },
  {
    name: 'iptables-nft, layout compact, IPv6',
    family: 'IPv6',
    setting: { mode: 'iptables', layout: 'compact' },
    backend: iptablesBackend('nft', 'compact'),
    counts: COUNTS,
    save: ['ip6tables-nft-save'],
  },
  {
    name: 'nftables, layout compact, IPv4',
    family: 'IPv4',
    setting: { mode: 'nftables', layout: 'compact' },
    backend: nftablesBackend('compact'),
    counts: COUNTS,
    save: ['nft', 'list', 'ruleset'],
  },
  {
    name: 'nftables, layout kube-proxy, IPv6',
    family: 'IPv6',
    setting: { mode: 'nftables', layout: 'kube-proxy' },
    backend: nftablesBackend('kube-proxy'),
    counts: COUNTS,
    save: ['nft', 'list', 'ruleset'],
  },
  ...['1.31', '1.33.6', '1.35', '1.36'].map(
    (version): WalkerSetup => ({
      name: `nftables, layout kube-proxy, IPv4, ${version}`,
      family: 'IPv4',
      setting: { mode: 'nftables', layout: 'kube-proxy' },
      backend: nftablesBackend('kube-proxy', version),
      counts: COUNTS,
      save: ['nft', 'list', 'ruleset'],
    }),
  ),
];

describeKernel('the walker goes where packets go', () => {
  test.for(SETUPS.map((setup) => [setup.name, setup] as const))(
    '%s',
    { timeout: 120_000 },
    async ([, setup]) => {
      const net = addressesOf(setup.family);
      const lab = await startLab();
      try {
        await setup.backend.prepare(lab);
        await fc.assert(
          fc.asyncProperty(arbitraryServices(24), async (services) => {
            await compareWalker(setup, lab, servicesOf(net, services));
          }),
          // One batch makes hundreds of connections; a smaller one would say no more of what is wrong.
          { numRuns: 1, endOnFailure: true },
        );
      } finally {
        await lab.stop();
      }
    },
  );
});
