import fc from 'fast-check';
import { afterAll, beforeAll, test } from 'vitest';
import { addressesOf, REMOTE_PODS } from '../support/kernel/addresses.ts';
import { arbitraryServices, SHARED, servicesOf } from '../support/kernel/arbitrary-services.ts';
import { iptablesBackend, nftablesBackend } from '../support/kernel/backend.ts';
import { arbitraryAttempt, compareExplain, LIMITS } from '../support/kernel/compare-explain.ts';
import { describeKernel } from '../support/kernel/kernel-support.ts';
import { type Lab, startLab } from '../support/kernel/lab.ts';
import { NEIGHBOURS } from '../support/kernel/neighbours.ts';
import { usualFlags } from '../support/kernel/scenario.ts';
import { runProgram } from '../support/run-program.ts';
import { isLong } from '../support/share.ts';

const BACKENDS = [
  { backend: iptablesBackend('nft'), isWhole: true },
  { backend: nftablesBackend('kube-proxy'), isWhole: false },
];

const NET = addressesOf('IPv4');

/** Connections that `npm test` makes, the same ones in every run. */
const SEED = 14;

const CASE = arbitraryServices(10).chain((others) => {
  const services = [...SHARED, ...others];
  return fc.record({
    services: fc.constant(services),
    attempts: fc.array(arbitraryAttempt(NET, services), { minLength: 50, maxLength: 50 }),
  });
});

describeKernel('packets end where explain says, with its shares', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab();
    await Promise.all(
      [lab.node, lab.client, lab.peer, ...Object.values(lab.pods)].map((each) => each.sysctl(LIMITS)),
    );
    await lab.peer.must(['sh', '-ec', PODS_ASK_THE_NODE]);
    for (const { backend } of BACKENDS) await backend.prepare(lab);
  });
  afterAll(() => lab?.stop());

  const pairs = NEIGHBOURS.flatMap((neighbour) => BACKENDS.map((each) => ({ neighbour, ...each })));
  test.for(pairs)('$backend.name beside $neighbour.name', async ({ neighbour, backend, isWhole }) => {
    const check = fc.asyncProperty(CASE, async ({ services, attempts }) => {
      await lab.node.must(['sh', '-c', CLEAN]);
      const manifests = servicesOf(NET, services);
      const program = () => backend.apply(lab, { manifests, family: 'IPv4', flags: usualFlags(NET) });
      // What iptables-restore gets stands for whole tables, so others come later. A table of nftables leaves others alone.
      if (isWhole) await program();
      const { command, rules, sets } = neighbour;
      if (sets !== undefined) await lab.node.must(['ipset', 'restore'], sets(NET));
      await lab.node.must(command, rules(NET));
      if (!isWhole) await program();
      await lab.node.must(['conntrack', '--flush']);
      const { stdout: doctor } = await runProgram(['doctor']);
      const text = await lab.node.must(['sh', '-s'], doctor);
      await compareExplain({ lab, net: NET, text }, attempts);
    });
    await fc.assert(check, { numRuns: 1, endOnFailure: true, ...(isLong() ? {} : { seed: SEED }) });
  });
});

/** Pods of the peer find Services behind the node under test. The peer itself knows no way to them. */
const PODS_ASK_THE_NODE = REMOTE_PODS.map((pod) => `ip rule add from ${NET.pods[pod]} iif lo table 100`)
  .concat(`ip route add default via ${NET.nodeOnPeerLink} table 100`)
  .join('; ');

/** Neighbours come and go. */
const CLEAN =
  'nft flush ruleset; iptables-legacy -P INPUT ACCEPT; iptables-legacy -P FORWARD ACCEPT; iptables-legacy -F; iptables-legacy -X; ipset destroy';
