import type { SizeLimit } from '../../../lang/text/size-limit.ts';

/** How much of a node's rules is read. Chains, tables and sets have limits of their own, where they are read. */
export const DUMP_LIMITS: readonly SizeLimit[] = [
  {
    what: 'real servers of "ipvsadm -Ln"',
    signs: [/\n {0,4}-> (?!RemoteAddress)/g],
    most: 2 ** 18,
    hint: 'give what "ipvsadm-save -n" prints, of which twice as many are read, or only the virtual servers that matter',
  },
  {
    what: 'real servers of "ipvsadm-save -n"',
    signs: [/\n-a -/g],
    most: 2 ** 19,
    hint: 'give only the virtual servers that matter, each with its real servers',
  },
  {
    what: 'members of sets of ipset',
    // The other is a member that "ipset list" prints: it stands alone in its line, with extensions at most.
    signs: [/\nadd /g, /\n[\da-f]+[.:]\S*(?=\n| (?:timeout|packets|comment) )/g],
    most: 2 ** 19,
    hint: 'give only the sets that the rules of kube-proxy name ("ipset save KUBE-CLUSTER-IP" and the like)',
  },
];
