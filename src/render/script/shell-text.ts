import { CHAINS } from '../netfilter/chains.ts';
import { TABLE_NAME } from '../nftables/vocabulary.ts';

/** How the head of a script ends that changes tables of iptables. */
export const SHELL_SETTINGS = `#
# The commands are those in PATH; to choose others (their -save and -restore forms are used too):
#   IPTABLES=iptables-legacy IP6TABLES=ip6tables-legacy sh SCRIPT
#
# Nothing happens before the last line, so a copy that was cut off on its way does no harm.
set -eu

IPTABLES=\${IPTABLES:-iptables}
IP6TABLES=\${IP6TABLES:-ip6tables}
# Seconds to wait for other programs that change the tables.
WAIT=5
# Character ranges mean ASCII.
LC_ALL=C
export LC_ALL
`;

/** How the script starts. */
export const IPTABLES_HEADER = `#!/bin/sh
# Makes this node serve the Services of a Kubernetes cluster. Needs root; made by svcgen.
#
# It lives beside the rules of others: Docker's, firewalld's or your own stay as they are. Running it again changes
# nothing. Run after a change of the manifests, it also removes the chains of what is gone.
${SHELL_SETTINGS}`;

/** Functions that look at the tables of one family, program them, and take our rules away. */
export const SHELL_FAMILY = String.raw`
# look FAMILY COMMAND: finds what is ours in the tables of one family.
look() {
    family=$1
    iptables=$2
    for tool in "$iptables" "$iptables-save" "$iptables-restore"; do
        command -v "$tool" >/dev/null || fail "$family: there is no command $tool"
    done
    : >"$work/present"
    for table in filter nat; do
        "$iptables-save" -t "$table" >>"$work/present" || fail "$family: $iptables-save cannot read table $table"
    done
    for table in $(hidden_tables "$work/present"); do
        fail "$family: table $table has rules that iptables cannot show, only nft (nft list ruleset): these belong in a" \
            'table of their own. svcgen render --mode nftables does without this table'
    done
    own_part "$work/present" >"$work/own" || fail "cannot write to $work"
}

# program FAMILY COMMAND: makes the tables of one family what was planned.
program() {
    "$2-restore" -w "$WAIT" --noflush <"$work/$1.restore" || fail "$1: $2-restore did not take the rules"
}

# has_rules FAMILY COMMAND: whether a family has rules of ours.
has_rules() {
    command -v "$2" >/dev/null || return 1
    save_tables "$2" "$work/present" || fail "$1: $2-save cannot read the tables: $(head -n 1 "$work/message")"
    own_part "$work/present" >"$work/own" || fail "cannot write to $work"
    grep -q -e '^:${CHAINS.services.name} ' "$work/own"
}

# clear_rules FAMILY COMMAND: for a family without Services. It is left alone unless it once had some.
clear_rules() {
    has_rules "$1" "$2" || return 0
    look "$1" "$2"
    printf '*filter\nCOMMIT\n*nat\nCOMMIT\n' >"$work/wanted"
    with_removals "$work/own" /dev/null "$work/wanted" >"$work/$1.restore" || fail "cannot write to $work"
    program "$1" "$2"
}
`;

/** A function that plans what one family gets. */
export const SHELL_PLAN = `
# plan FAMILY COMMAND RULES: works out what is to be restored in one family. RULES is a function that prints its rules.
plan() {
    look "$1" "$2"
    "$3" >"$work/wanted" || fail "cannot write to $work"
    wanted_jumps >"$work/jumps.wanted" || fail "cannot write to $work"
    plan_jumps
    with_removals "$work/own" "$work/jumps.change" "$work/wanted" >"$work/$1.restore" || fail "cannot write to $work"
}
`;

/** A function for modes that iptables serves. */
export const SHELL_TABLES_REMOVAL = `
# remove_tables: what nftables mode left, whose rules come first and would go on sending connections where they went.
remove_tables() {
    command -v nft >/dev/null || return 0
    list_tables nft "$work/tables" || fail "nft cannot list the tables of nftables: $(head -n 1 "$work/message")"
    for ip in ip ip6; do
        grep -q -x -e "table $ip ${TABLE_NAME}" "$work/tables" || continue
        nft delete table "$ip" ${TABLE_NAME} || fail "nft cannot remove table $ip ${TABLE_NAME}"
    done
}
`;
