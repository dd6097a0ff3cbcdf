import { Command } from 'commander';
import { renderCleanup } from '../../../modes/index.ts';
import type { CommandContext } from '../../context.ts';
import { emit } from '../../output/emit.ts';

const AFTER = `
Examples:
  svcgen cleanup | sudo sh
      on a host that is to serve no Services any more, or that gets another mode
  svcgen cleanup > cleanup.sh && less cleanup.sh && sudo sh cleanup.sh
      the same after a look at it
  svcgen cleanup | ssh root@worker-1 sh
      on another host, which needs no svcgen

The script removes the chains of iptables (legacy and nft, IPv4 and IPv6), virtual servers of IPVS with the device
kube-ipvs0, IP sets and tables of nftables that svcgen or kube-proxy made, and nothing of others. It may run twice, and
on a host that has nothing of all that. Its exit status is 0 when nothing of ours is left. Settings of the kernel (sysctls) stay
as they are: nobody knows what they were before. Where there is a kubelet, its chain KUBE-FIREWALL stays. kube-proxy is
to be stopped first: it would make everything anew.`;

/** `svcgen cleanup`. */
export function cleanupCommand({ terminal, finish }: CommandContext): Command {
  return new Command('cleanup')
    .description(
      'Prints a shell script that removes from a host what svcgen or kube-proxy made there, in any mode.',
    )
    .addHelpText('after', AFTER)
    .action(async () => finish(await emit({ files: [], stdout: renderCleanup() }, terminal)));
}
