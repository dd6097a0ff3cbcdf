import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { aboutRun } from '../../diagnostic/report.ts';
import type { IPFamily } from '../../model/cluster.ts';
import type { ListedRuleset } from '../../model/nftables.ts';
import type { NodeState } from '../../model/node-state.ts';

const TABLES = { IPv4: 'ip kube-proxy', IPv6: 'ip6 kube-proxy' } as const satisfies Record<IPFamily, string>;

/** A warning when a table is not in a listing that has to be there: it may have been left out. */
export function checkRuleset({ tables }: ListedRuleset, states: readonly NodeState[]): readonly Diagnostic[] {
  const absent = states.filter(
    ({ family, servicePorts }) => servicePorts.length > 0 && tables.every((table) => table.family !== family),
  );
  if (absent.length === 0) return [];
  const names = absent.map(({ family }) => TABLES[family]);
  const [only] = absent.length === 1 ? states.filter((state) => !absent.includes(state)) : [];
  return [
    aboutRun({
      code: 'saved-rules-complete',
      severity: 'warning',
      message: `the rules of the node hold no table ${names.join(' and no table ')}: all of it is taken to be missing`,
      hint:
        only === undefined
          ? 'give the whole output of "nft list ruleset", unless the node has none of these rules'
          : `give the whole output of "nft list ruleset", or --family ${only.family.toLowerCase()}`,
    }),
  ];
}
