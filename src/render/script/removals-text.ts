import { restoreWord } from '../../lang/text/quote.ts';
import {
  type ChainNames,
  HASH_LENGTH,
  type KUBELET_CHAINS,
  SIGNS_OF_KUBELET,
} from '../netfilter/own-chains.ts';

/** Chains that are to go when they are not wanted. */
interface RemovedChains {
  readonly ours: ChainNames;
  /** By table and name: those that stay where a kubelet has chains of its own. */
  readonly kubelets?: typeof KUBELET_CHAINS;
}

/** A shell function that adds to wanted rules the removal of chains that are there and not wanted. */
export function removalsFunction({ ours, kubelets = [] }: RemovedChains): string {
  const sparesKubelet = kubelets.length > 0;
  return `
# with_removals PRESENT WANTED JUMPS: the wanted rules, and in the same transaction the removal of those chains of ours
# that are present and not wanted, with the jumps that lead there. Only names that no one else makes count as ours;
# those of all modes do, so that one mode can follow another. The jumps that are present go to the file JUMPS, without
# quotes.
with_removals() {
    awk -v jumps_file="$3" '
        BEGIN {
${ours.fixed.map((name) => `            fixed["${restoreWord(name)}"]\n`).join('')}        }
        function is_ours(chain) {
${sparesKubelet ? KUBELET_TEST : ''}            return chain in fixed${hashedNames(ours)}
        }
        function is_stale(chain) { return (table, chain) in present_chain && !((table, chain) in wanted) }
        function is_jump() { return $(NF - 1) == "-j" || $(NF - 1) == "-g" }
        /^[*]/ { table = substr($1, 2) }
${sparesKubelet ? kubeletRules(kubelets) : ''}${AWK_RULES}
    ' ${sparesKubelet ? 'phase=0 "$1" ' : ''}phase=1 "$1" phase=2 "$2"
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

const AWK_RULES = `        phase == 1 && /^:/ && is_ours(substr($1, 2)) {
            present[table, ++count[table]] = substr($1, 2)
            present_chain[table, substr($1, 2)] = 1
        }
        phase == 1 && /^-A / && is_jump() && !is_ours($2) && is_ours($NF) {
            jump[table, ++jumps[table]] = "-D" substr($0, 3)
            target[table, jumps[table]] = $NF
        }
        phase == 1 && /^-A / && $NF ~ /^KUBE-/ && !is_ours($2) {
            text = table " " $0
            gsub(/"/, "", text)
            print text >jumps_file
        }
        phase == 2 && /^:/ { wanted[table, substr($1, 2)] = 1 }
        phase == 2 && /^COMMIT/ {
            for (i = 1; i <= count[table]; i++) if (is_stale(present[table, i])) print ":" present[table, i] " - [0:0]"
            for (i = 1; i <= jumps[table]; i++) if (is_stale(target[table, i])) print jump[table, i]
            for (i = 1; i <= count[table]; i++) if (is_stale(present[table, i])) print "-X " present[table, i]
        }
        phase == 2 { print }`;

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
