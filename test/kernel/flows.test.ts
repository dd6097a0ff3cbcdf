import { afterAll } from 'vitest';
import { chooseIptables, type IptablesVariant } from '../support/kernel/backend.ts';
import { describeFlows } from '../support/kernel/describe-flows.ts';
import { describeKernel } from '../support/kernel/kernel-support.ts';
import { type Lab, startLab } from '../support/kernel/lab.ts';

const MODES: readonly (readonly [name: string, flags: readonly string[], variant: IptablesVariant])[] = [
  ['iptables mode, legacy', [], 'legacy'],
  ['iptables mode, nft, layout compact', ['--layout', 'compact'], 'nft'],
  ['nftables mode', ['--mode', 'nftables'], 'nft'],
  ['userspace mode', ['--mode', 'userspace'], 'nft'],
];

for (const [name, flags, variant] of MODES) {
  describeKernel(`flows over UDP, ${name}`, () => {
    let lab: Lab | undefined;

    describeFlows(flags, async () => {
      lab = await startLab();
      await chooseIptables(lab.node, variant);
      return lab;
    });
    afterAll(() => lab?.stop());
  });
}
