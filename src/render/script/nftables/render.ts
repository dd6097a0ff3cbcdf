import type { IPFamily } from '../../../model/cluster.ts';
import type { NodeState } from '../../../model/node-state.ts';
import { TABLE_NAME } from '../../nftables/vocabulary.ts';
import { OWN_CHAINS } from '../../own-chains.ts';
import { confirmFunctions, confirmSteps } from '../confirm-text.ts';
import { endpointFlows, flowsFunctions, flowsStep } from '../flows-text.ts';
import { SHELL_BASICS } from '../host-text.ts';
import { nginxFunctions, nginxSteps, type ScriptNginx } from '../nginx-text.ts';
import { ownRulesFunctions } from '../own-rules-text.ts';
import { hereDocument, sysctlLines } from '../parts.ts';
import { SHELL_FAMILY } from '../shell-text.ts';
import { neededSysctls } from '../sysctls.ts';

export interface NftablesScriptInput {
  /** Of the families that are wanted. */
  readonly states: readonly NodeState[];
  /** The chain that drops what others send to loopback addresses. */
  readonly guard: string;
  /** Text for `nft -f`: our tables of these families. Read once. */
  readonly tables: Iterable<string>;
  readonly nginx: ScriptNginx;
  /** What was there comes back unless somebody confirms in time; undefined: nobody has to. */
  readonly confirmSeconds?: number | undefined;
}

/**
 * A POSIX shell script that programs our tables of nftables, in pieces to be written one after the other. Rules stand
 * in a here-document that the shell does not look into; nothing else comes from manifests.
 */
export function* renderNftablesScript({
  states,
  guard,
  tables,
  nginx,
  confirmSeconds,
}: NftablesScriptInput): Generator<string> {
  yield NFTABLES_HEADER;
  yield* hereDocument('wanted_tables', tables);
  yield SHELL_BASICS;
  yield SHELL_TABLES;
  yield ownRulesFunctions({ ours: OWN_CHAINS });
  yield SHELL_FAMILY;
  const flows = endpointFlows(states);
  yield* flowsFunctions(flows);
  yield* nginxFunctions(nginx);
  yield* confirmFunctions(confirmSeconds);
  const { check, change } = nginxSteps(nginx);
  const confirm = confirmSteps(confirmSeconds);
  yield mainFunction(states, {
    guard,
    first: [...confirm.first, ...check],
    last: [...change, ...flowsStep(flows), ...confirm.last],
  });
}

const FAMILIES: Readonly<Record<IPFamily, { readonly nft: string; readonly iptables: string }>> = {
  IPv4: { nft: 'ip', iptables: '"$IPTABLES"' },
  IPv6: { nft: 'ip6', iptables: '"$IP6TABLES"' },
};

type Steps = readonly string[];

/** What serves is made first, what nobody needs any more goes then. */
function mainFunction(
  states: readonly NodeState[],
  { guard, first, last }: { readonly guard: string; readonly first: Steps; readonly last: Steps },
): string {
  const stale = states
    .filter(({ servicePorts }) => servicePorts.some(hasAffinity))
    .map(({ family }) => `    remove_stale ${FAMILIES[family].nft}\n`);
  const sysctls = neededSysctls(states, { guard }).map(sysctlLines);
  const iptables = states.map(({ family }) => `    clear_rules ${family} ${FAMILIES[family].iptables}\n`);
  const lines = (steps: Steps) => steps.map((step) => `    ${step}\n`).join('');
  return `
main() {
    prepare
${lines(first)}    check_versions
    program_tables
${stale.join('')}${sysctls.join('')}${iptables.join('')}${lines(last)}}

main
`;
}

function hasAffinity({ sessionAffinitySeconds }: NodeState['servicePorts'][number]): boolean {
  return sessionAffinitySeconds !== undefined;
}

/** How the script of nftables mode starts. */
const NFTABLES_HEADER = `#!/bin/sh
# Makes this node serve the Services of a Kubernetes cluster with nftables. Needs root; made by svcgen.
#
# It has tables of its own, ip ${TABLE_NAME} and ip6 ${TABLE_NAME}, and makes them what is wanted in one transaction: tables
# of others stay as they are. Running it again changes nothing, and clients with session affinity stay where they are.
# It also removes what iptables mode left behind.
#
# The commands are those in PATH; to choose others (of iptables, the -save and -restore forms are used too):
#   NFT=/opt/nftables/bin/nft IPTABLES=iptables-legacy IP6TABLES=ip6tables-legacy sh SCRIPT
#
# Nothing happens before the last line, so a copy that was cut off on its way does no harm.
set -eu

NFT=\${NFT:-nft}
IPTABLES=\${IPTABLES:-iptables}
IP6TABLES=\${IP6TABLES:-ip6tables}
# Seconds to wait for other programs that change tables of iptables.
WAIT=5
# Character ranges mean ASCII.
LC_ALL=C
export LC_ALL
`;

/** Functions that look whether the host has what is needed, and that program our tables. */
const SHELL_TABLES = String.raw`
# at_least VERSION WANTED: both are numbers with dots between them.
at_least() {
    awk -v version="$1" -v wanted="$2" 'BEGIN {
        split(version, have, /[^0-9]+/)
        parts = split(wanted, want, ".")
        for (i = 1; i <= parts; i++) if (have[i] + 0 != want[i] + 0) exit have[i] + 0 < want[i] + 0
    }'
}

# The versions that kube-proxy's nftables mode asks for: earlier ones read the rules of all tables, and trip over some.
check_versions() {
    command -v "$NFT" >/dev/null || fail "there is no command $NFT" \
        '(Debian, Ubuntu: apt-get install nftables; Fedora: dnf install nftables; Alpine: apk add nftables)'
    at_least "$(uname -r)" 5.13 || fail "the kernel is $(uname -r): nftables mode takes 5.13 or later." \
        'svcgen render --mode iptables does without'
    version=$("$NFT" --version) || fail "$NFT does not tell its version"
    at_least "${'$'}{version#*v}" 1.0.1 || fail "$NFT is $version: nftables mode takes 1.0.1 or later." \
        'svcgen render --mode iptables does without'
}

# program_tables: all families at once.
program_tables() {
    wanted_tables >"$work/wanted" || fail "cannot write to $work"
    "$NFT" -f "$work/wanted" || fail "$NFT did not take the rules; nothing was changed"
}

# remove_stale FAMILY: chains, sets and maps that an earlier run left in our table, where nothing leads to them any more.
# Maps go first: their elements hold chains.
remove_stale() {
    "$NFT" --terse list table "$1" ${TABLE_NAME} >"$work/present" || fail "$NFT cannot read table $1 ${TABLE_NAME}"
    for kinds in 'set|map' chain; do
        awk -v family="$1" -v kinds="^(${'$'}{kinds})\$" '
            $1 == "table" { ours = $2 == family && $3 == "${TABLE_NAME}" }
            !ours || !/^\t[^\t]/ || $1 !~ kinds || $3 != "{" { next }
            FILENAME == ARGV[1] { wanted[$1, $2] }
            FILENAME == ARGV[2] && !(($1, $2) in wanted) { print "delete", $1, family, "${TABLE_NAME}", $2 }
        ' "$work/wanted" "$work/present" >"$work/stale" || fail "cannot write to $work"
        # Kernels before 6.2 hold on to a chain for a moment after the last map element that leads there is gone.
        "$NFT" -f "$work/stale" 2>/dev/null || { sleep 1 && "$NFT" -f "$work/stale"; } ||
            fail "$NFT cannot remove what is stale in table $1 ${TABLE_NAME}"
    done
}
`;
