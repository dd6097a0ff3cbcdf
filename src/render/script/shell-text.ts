import { CHAINS } from '../netfilter/chains.ts';

/** How the script starts. */
export const IPTABLES_HEADER = `#!/bin/sh
# Makes this node serve the Services of a Kubernetes cluster. Needs root; made by svcgen.
#
# It lives beside the rules of others: Docker's, firewalld's or your own stay as they are. Running it again changes
# nothing. Run after a change of the manifests, it also removes the chains of what is gone.
#
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

/** Failing, a temporary folder, settings of the kernel: what every script needs. */
export const SHELL_BASICS = String.raw`
fail() {
    printf 'svcgen: %s\n' "$*" >&2
    exit 1
}

prepare() {
    [ "$(id -u)" -eq 0 ] || fail 'this script needs root'
    work=$(mktemp -d) || fail 'cannot make a temporary folder'
    trap 'rm -rf "$work"' EXIT
    trap 'exit 1' HUP INT TERM
}

# sysctl_is NAME VALUE: NAME with slashes. (Some shells read byte by byte, which these files do not let them.)
sysctl_is() {
    [ "$(cat "/proc/sys/$1" 2>/dev/null)" = "$2" ]
}

# set_sysctl NAME VALUE
set_sysctl() {
    sysctl_is "$1" "$2" || echo "$2" >"/proc/sys/$1" ||
        fail "cannot set the kernel's $1 to $2"
}
`;

/** Functions that put rules into the tables of one family. */
export const SHELL_RULES = `
# ensure_jump TABLE CHAIN RULE...: puts a rule on top of a chain, unless the chain has it. Where the rules that were
# saved do not show it in the very same words, iptables is asked: that takes long where there are many rules.
ensure_jump() {
    table=$1
    chain=$2
    shift 2
    case $jumps in *"
$table -A $chain $*
"*) return 0 ;; esac
    if ! "$iptables" -w "$WAIT" -t "$table" -C "$chain" "$@" 2>/dev/null; then
        "$iptables" -w "$WAIT" -t "$table" -I "$chain" "$@" ||
            fail "$family: cannot insert into $chain of table $table: $*"
    fi
}

# plan FAMILY COMMAND RULES: works out what is to be restored in one family. RULES is a function that prints its rules.
plan() {
    family=$1
    iptables=$2
    for tool in "$iptables" "$iptables-save" "$iptables-restore"; do
        command -v "$tool" >/dev/null || fail "$family: there is no command $tool"
    done
    "$3" >"$work/wanted" || fail "$family: cannot write to $work"
    : >"$work/present"
    for table in filter nat; do
        "$iptables-save" -t "$table" >>"$work/present" || fail "$family: $iptables-save cannot read table $table"
    done
    : >"$work/$family.jumps"
    with_removals "$work/present" "$work/wanted" "$work/$family.jumps" >"$work/$family.restore" ||
        fail "$family: cannot write to $work"
}

# program FAMILY COMMAND: makes the tables of one family what was planned, but for the jumps.
program() {
    family=$1
    iptables=$2
    "$iptables-restore" -w "$WAIT" --noflush <"$work/$family.restore" ||
        fail "$family: $iptables-restore did not take the rules"
    jumps="
$(cat "$work/$family.jumps")
"
}

# has_rules COMMAND: whether a family has rules of ours.
has_rules() {
    command -v "$1" >/dev/null && "$1" -w "$WAIT" -t nat -n -L ${CHAINS.services.name} >/dev/null 2>&1
}
`;

/** Functions that take our rules away from a family. */
export const SHELL_CLEARING = String.raw`
no_rules() {
    printf '*filter\nCOMMIT\n*nat\nCOMMIT\n'
}

# clear_rules FAMILY COMMAND: for a family without Services. It is left alone unless it once had some.
clear_rules() {
    has_rules "$2" || return 0
    plan "$1" "$2" no_rules
    program "$1" "$2"
}
`;

/** A function for modes that iptables serves. */
export const SHELL_TABLES_REMOVAL = `
# remove_tables: what nftables mode left, whose rules come first and would go on sending connections where they went.
remove_tables() {
    command -v nft >/dev/null || return 0
    for ip in ip ip6; do
        nft list tables "$ip" 2>/dev/null | grep -q -x "table $ip kube-proxy" || continue
        nft delete table "$ip" kube-proxy || fail "nft cannot remove table $ip kube-proxy"
    done
}
`;
