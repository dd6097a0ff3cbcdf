import { plainText, restoreWord } from '../../lang/text/quote.ts';
import { KUBELET_CHAINS } from '../own-chains.ts';
import { hereDocument } from './parts.ts';

/** One rule of a built-in chain that leads into one of ours. */
export interface ScriptJump {
  readonly table: string;
  /** The built-in chain. */
  readonly from: string;
  /** Matches and action as restore text has them, each behind a space. */
  readonly rule: string;
}

/** Shell functions that know the jumps which are wanted, in the order that they have in their chains, and plan them. */
export function* jumpsFunctions(jumps: readonly ScriptJump[]): Generator<string> {
  yield "\n# The ways from the kernel's own chains into ours, for both families, in their order.";
  yield* hereDocument('wanted_jumps', jumpLines(jumps));
  yield PLAN_JUMPS;
}

function jumpLines(jumps: readonly ScriptJump[]): readonly string[] {
  const tables = [...new Set(jumps.map(({ table }) => table))];
  return tables.flatMap((table) => [
    `*${restoreWord(table)}\n`,
    ...jumps
      .filter((jump) => jump.table === table)
      .map(({ from, rule }) => `-A ${restoreWord(from)}${plainText(rule)}\n`),
  ]);
}

const SHARED_CHAINS = KUBELET_CHAINS.map(
  ([table, chain]) => `            is_shared["${restoreWord(table)} ${restoreWord(chain)}"]\n`,
).join('');

const PLAN_JUMPS = String.raw`
# plan_jumps: what has to change so that a chain has its jumps once, in their order. Missing ones go on top; where that is not
# their place, or one is there twice, the chain gets all of its jumps anew. A jump that a kubelet makes too stays wherever it
# is. Words are compared, so no comment of others looks like a jump of ours.
plan_jumps() {
    : >"$work/jumps.confirmed"
    compare_jumps
    [ -s "$work/jumps.doubt" ] || return 0
    confirm_jumps
    compare_jumps
}

# compare_jumps: to jumps.doubt go jumps that may be there in other words, as something else leads where they lead: their
# number, their table and their words, a line each, and an empty line.
compare_jumps() {
    : >"$work/jumps.doubt"
    doubt="$work/jumps.doubt" awk '
        # The words of a line, with a line break after each.
        function words_of(line,    words, is_quoted, i, c) {
            for (i = 1; i <= length(line); i++) {
                c = substr(line, i, 1)
                if (c == "\"") { is_quoted = !is_quoted; continue }
                if (c == "\\" && is_quoted) c = substr(line, ++i, 1)
                else if (c == " " && !is_quoted) c = "\n"
                words = words c
            }
            return words "\n"
        }
        BEGIN {
${SHARED_CHAINS}        }
        # ours[1..count] become the wanted jumps whose place matters, found[1..present] those that are there.
        function settle(chain,    i, times, ours, count, found, present_ones, missing) {
            for (i = 1; i <= present_count[chain]; i++) times[present_words[chain, i]]++
            for (i = 1; i <= wanted_count[chain]; i++)
                if (!((table_of[chain] " " wanted_target[chain, i]) in is_shared) || times[wanted_words[chain, i]] != 1)
                    ours[++count] = i
                else
                    delete times[wanted_words[chain, i]]
            for (i = 1; i <= present_count[chain]; i++)
                if ((chain, present_words[chain, i]) in is_wanted && present_words[chain, i] in times)
                    found[++present_ones] = i
            missing = count - present_ones
            for (i = 1; i <= present_ones; i++)
                if (present_words[chain, found[i]] != wanted_words[chain, ours[missing + i]]) break
            if (i <= present_ones) {
                for (i = 1; i <= present_ones; i++) print table_of[chain] " -D" substr(present[chain, found[i]], 3)
                missing = count
            }
            for (i = missing; i >= 1; i--) print table_of[chain] " -I" substr(wanted[chain, ours[i]], 3)
        }
        function doubt(chain, i,    j) {
            for (j = 1; j <= present_count[chain]; j++)
                if (present_words[chain, j] == wanted_words[chain, i]) return
            for (j = 1; j <= present_count[chain]; j++) {
                if (target[chain, j] != wanted_target[chain, i] || (chain, present_words[chain, j]) in is_wanted) continue
                print number[chain, i] "\n" table_of[chain] "\n" wanted_words[chain, i] >ENVIRON["doubt"]
                return
            }
        }
        /^[*]/ { table = substr($1, 2) }
        /^-A / { chain = table " " $2 }
        phase == 1 && /^-A / {
            i = ++present_count[chain]
            present[chain, i] = $0
            present_words[chain, i] = words_of($0)
            target[chain, i] = $NF
        }
        phase == 2 { confirmed[$1] = 1 }
        phase == 3 && /^-A / {
            jumps++
            if (jumps in confirmed) next
            if (!(chain in wanted_count)) chains[++chain_count] = chain
            table_of[chain] = table
            i = ++wanted_count[chain]
            number[chain, i] = jumps
            wanted[chain, i] = $0
            wanted_words[chain, i] = words_of($0)
            wanted_target[chain, i] = $NF
            is_wanted[chain, wanted_words[chain, i]] = 1
        }
        END {
            for (c = 1; c <= chain_count; c++) {
                settle(chains[c])
                for (i = 1; i <= wanted_count[chains[c]]; i++) doubt(chains[c], i)
            }
        }
    ' phase=1 "$work/own" phase=2 "$work/jumps.confirmed" phase=3 "$work/jumps.wanted" >"$work/jumps.change" ||
        fail "cannot write to $work"
}

# confirm_jumps: iptables knows whether a rule is there, whatever the words. That takes long where there are many rules.
confirm_jumps() {
    set --
    while IFS= read -r word; do
        if [ -n "$word" ]; then
            set -- "$@" "$word"
            continue
        fi
        number=$1
        table=$2
        shift 3
        answer=0
        "$iptables" -w "$WAIT" -t "$table" -C "$@" 2>"$work/message" || answer=$?
        case $answer in
            0) echo "$number" >>"$work/jumps.confirmed" ;;
            1) ;;
            *) fail "$family: $iptables -C: $(head -n 1 "$work/message")" ;;
        esac
        set --
    done <"$work/jumps.doubt"
}
`;
