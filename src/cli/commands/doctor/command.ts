import { Command } from 'commander';
import { DOCTOR_SCRIPT } from '../../../render/script/doctor.ts';
import type { CommandContext } from '../../context.ts';
import { emit } from '../../output/emit.ts';

const AFTER = `
Examples:
  svcgen doctor | ssh root@worker-1 sh > worker-1.txt
      on a node, which needs no svcgen; then
  svcgen explain --rules worker-1.txt --from 10.244.1.9 --to default/web
      all that the text has counts: rules, sets, addresses, routes and settings of the kernel
  svcgen doctor > doctor.sh && less doctor.sh
      for people who run it themselves, after a look at it
  svcgen doctor | kubectl debug -i node/worker-1 --profile=sysadmin --image=busybox -- chroot /host sh > worker-1.txt
      where nobody can log in

The script prints what iptables-save (legacy and nft, IPv4 and IPv6), nft, ipset, ipvsadm and ip print, settings such as
net.ipv4.ip_forward and hairpin mode, UDP flows that conntrack remembers and clients that session affinity
remembers. It changes nothing and loads no module of the kernel. There are addresses and names of Services in the text, and no
secrets. It needs root, and a POSIX shell such as busybox has; what the node lacks is said in the text.`;

/** `svcgen doctor`. */
export function doctorCommand({ terminal, finish }: CommandContext): Command {
  return new Command('doctor')
    .description(
      'Prints a shell script that gathers from a node, without changing it, what explain and diff want to know.',
    )
    .addHelpText('after', AFTER)
    .action(async () => finish(await emit({ files: [], stdout: [DOCTOR_SCRIPT] }, terminal)));
}
