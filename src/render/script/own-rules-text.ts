import { restoreWord } from '../../lang/text/quote.ts';
import { type ChainNames, HASH_LENGTH, type KUBELET_CHAINS, SIGNS_OF_KUBELET } from '../own-chains.ts';
import { OUTSIDE_COMMENTS } from './host-text.ts';

/** Chains that are to go when they are not wanted. */
interface RemovedChains {
  readonly ours: ChainNames;
  /** By table and name: those that stay where a kubelet has chains of its own. */
  readonly kubelets?: typeof KUBELET_CHAINS;
}

/** Shell functions that tell what is ours in saved tables, and add to wanted rules the removal of what is not wanted. */
export function ownRulesFunctions({ ours, kubelets = [] }: RemovedChains): string {
  const sparesKubelet = kubelets.length > 0;
  return `
# own_part SAVED: of saved tables, our chains, and the rules in chains of others that lead to any named like ours. Only names
# that no one else makes count as ours; those of all modes do, so that one mode can follow another.
own_part() {
    awk '
${isOursFunction(ours, sparesKubelet ? KUBELET_TEST : '')}${OUTSIDE_COMMENTS}
        /^[*]/ { table = substr($1, 2) }
${sparesKubelet ? kubeletRules(kubelets) : ''}${OWN_LINES}
    ' ${sparesKubelet ? 'phase=0 "$1" ' : ''}phase=1 "$1"
}
${WITH_REMOVALS}`;
}

/**
 * For awk: whether a chain has one of these names.
 * @param first a line to begin with
 */
export function isOursFunction(ours: ChainNames, first = ''): string {
  return `        BEGIN {
${ours.fixed.map((name) => `            fixed["${restoreWord(name)}"]\n`).join('')}        }
        function is_ours(chain) {
${first}            return chain in fixed${hashedNames(ours)}
        }
`;
}

const KUBELET_TEST = '            if (has_kubelet && (table, chain) in kubelets) return 0\n';

function kubeletRules(chains: typeof KUBELET_CHAINS): string {
  const keys = chains.map(
    ([table, chain]) => `            kubelets["${restoreWord(table)}", "${restoreWord(chain)}"]\n`,
  );
  return `        BEGIN {
${keys.join('')}        }
        phase == 0 && /^:KUBE-(${SIGNS_OF_KUBELET.map(withoutKube).join('|')}) / { has_kubelet = 1 }
`;
}

function withoutKube(chain: string): string {
  return restoreWord(chain).replace(/^KUBE-/, '');
}

/** A rule that leads to a chain ends with its name: quotes would follow the end of a comment. */
const OWN_LINES = `        phase == 1 && /^[*]/ { print }
        phase == 1 && /^:/ && is_ours(substr($1, 2)) { print }
        phase == 1 && /^-A / && ($(NF - 1) == "-j" || $(NF - 1) == "-g") && $NF ~ /^KUBE-/ && !is_ours($2) { print }`;

const WITH_REMOVALS = `
# with_removals OWN CHANGES WANTED: the wanted rules, with the changes (a table and a line of restore text each), and in
# the same transaction the removal of those chains of ours that are not wanted, with the rules that lead there.
with_removals() {
    awk '
        function is_stale(chain) { return (table, chain) in is_present && !((table, chain) in wanted) }
        /^[*]/ { table = substr($1, 2) }
        phase == 1 && /^:/ {
            present[table, ++count[table]] = substr($1, 2)
            is_present[table, substr($1, 2)] = 1
        }
        phase == 1 && /^-A / {
            jump[table, ++jumps[table]] = "-D" substr($0, 3)
            target[table, jumps[table]] = $NF
        }
        phase == 2 { change[$1, ++changes[$1]] = substr($0, length($1) + 2) }
        phase == 3 && /^:/ { wanted[table, substr($1, 2)] = 1 }
        phase == 3 && /^COMMIT/ {
            for (i = 1; i <= count[table]; i++) if (is_stale(present[table, i])) print ":" present[table, i] " - [0:0]"
            for (i = 1; i <= jumps[table]; i++) if (is_stale(target[table, i])) print jump[table, i]
            for (i = 1; i <= changes[table]; i++) print change[table, i]
            for (i = 1; i <= count[table]; i++) if (is_stale(present[table, i])) print "-X " present[table, i]
        }
        phase == 3 { print }
    ' phase=1 "$1" phase=2 "$2" phase=3 "$3"
}
`;

/** As awk conditions, for prefixes of equal length together: not every awk knows `{16}`. */
function hashedNames({ hashedPrefixes }: ChainNames): string {
  const lengths = [...new Set(hashedPrefixes.map(({ length }) => length))];
  return lengths
    .map((length) => {
      const prefixes = hashedPrefixes.filter((prefix) => prefix.length === length).map(restoreWord);
      const names = `/^(${prefixes.join('|')})[A-Z2-7]+$/`;
      return ` ||\n                chain ~ ${names} && length(chain) == ${length + HASH_LENGTH}`;
    })
    .join('');
}
