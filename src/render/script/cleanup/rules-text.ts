import { CHAINS } from '../../netfilter/chains.ts';
import { DROP_EMPTY_TABLE } from '../host-text.ts';

/** How the script that cleans up starts. */
export const CLEANUP_HEADER = `#!/bin/sh
# Removes from this host whatever svcgen or kube-proxy made there to serve the Services of a Kubernetes cluster, in any
# mode: chains of iptables (legacy and nft, IPv4 and IPv6) and the jumps into them, virtual servers of IPVS with the
# device kube-ipvs0, IP sets, tables of nftables, the nginx that a script started. Needs root; made by svcgen.
#
# What others have stays, and what only a part of these modes needs may be missing: run it anywhere, as often as you
# like. Stop kube-proxy first, where it runs: it would make everything anew. Where there is a kubelet, its chains stay
# (${CHAINS.loopbackGuard.name} in filter, ${CHAINS.markForDrop.name} in nat). Settings of the kernel (sysctls) stay as they are, since nobody
# knows what they were before, and so do loaded modules and connections that are being tracked.
#
# Nothing happens before the last line, so a copy that was cut off on its way does no harm.
set -eu

# Seconds to wait for other programs that change the tables.
WAIT=5
# Character ranges mean ASCII.
LC_ALL=C
export LC_ALL
`;

/** Functions that remove our chains, with all variants of iptables that there are. */
export const SHELL_CLEAN_RULES = `
status=0

# trouble TEXT...: something of ours may be left. The rest is removed all the same, and the exit code tells.
trouble() {
    printf 'svcgen: %s\\n' "$*" >&2 || :
    status=1
}

# find_iptables NAME VARIANT: the command for a family (NAME is iptables or ip6tables) that works on legacy or nft rules.
find_iptables() {
    if command -v "$1-$2" >/dev/null; then
        echo "$1-$2"
        return 0
    fi
    case $("$1" -V 2>/dev/null) in
        '') found=none ;;
        *nf_tables*) found=nft ;;
        *) found=legacy ;;
    esac
    [ "$found" != "$2" ] || echo "$1"
}

# clean_legacy FAMILY NAME: the kernel lists the tables that there are, so without any no command is needed.
clean_legacy() {
    names=/proc/net/\${2%tables}_tables_names
    [ -r "$names" ] || return 0
    legacy_tables=$(tr '\\n' ' ' <"$names")
    [ -n "$legacy_tables" ] || return 0
    command=$(find_iptables "$2" legacy)
    if [ -n "$command" ]; then
        clean_rules "$1" "$command"
    else
        trouble "$1: there are legacy tables ($legacy_tables), but no command $2-legacy to look into them"
    fi
}

# clean_nft FAMILY NAME: rules that iptables-nft made.
clean_nft() {
    command=$(find_iptables "$2" nft)
    if [ -n "$command" ]; then
        clean_rules "$1" "$command"
    elif has_tools nft && nft list chains "\${2%tables}" >"$work/chains" 2>"$work/message"; then
        ! grep -q -e 'chain ${CHAINS.postrouting.name} {' "$work/chains" ||
            trouble "$1: there are rules of ours, but no command $2-nft to remove them"
    elif has_tools nft && ! kernel_lacks_it; then
        trouble "$1: nft list chains: $(head -n 1 "$work/message")"
    fi
}

# clean_rules FAMILY COMMAND: all tables of one variant in one go.
clean_rules() {
    family=$1
    iptables=$2
    if ! save_tables "$iptables" "$work/present"; then
        trouble "$family: $iptables-save: $(head -n 1 "$work/message")"
        return 0
    fi
    ! grep -q -e '--match-set KUBE-' "$work/present" || uses_sets=1
    own_part "$work/present" >"$work/own" || fail "cannot write to $work"
    awk '/^[*](filter|nat|mangle)$/ { print; print "COMMIT" }' "$work/own" >"$work/wanted" ||
        fail "cannot write to $work"
    with_removals "$work/own" /dev/null "$work/wanted" >"$work/restore" || fail "cannot write to $work"
    grep -q -e '^-' "$work/restore" || return 0
    [ "$family" = IPv6 ] || ! grep -q -x -e '-X ${CHAINS.loopbackGuard.name}' "$work/restore" || had_firewall=1
    tell_jumps_of_others
    if ! "$iptables-restore" -w "$WAIT" --noflush <"$work/restore"; then
        trouble "$family: $iptables-restore could not remove the chains"
        return 0
    fi
    case $("$iptables" -V) in *nf_tables*) drop_empty_tables ;; esac
}

# tell_jumps_of_others: a chain can only go with all rules that lead into it, in whosever chain they are.
tell_jumps_of_others() {
    awk -v builtin=' PREROUTING INPUT FORWARD OUTPUT POSTROUTING ' '
        # Others may have written anything into it, also for terminals.
        /^-D / && !index(builtin, " " $2 " ") { gsub(/[^ -~]|##/, "?"); print substr($0, 4) }
    ' "$work/restore" >"$work/others"
    while read -r rule; do
        note "$family: this rule of others led into a chain of ours, and goes with it ($iptables): $rule"
    done <"$work/others"
}

# drop_empty_tables: those that iptables-nft made for our chains, when nothing is left in them.
drop_empty_tables() {
    kind=ip
    [ "$family" = IPv4 ] || kind=ip6
    for table in $(awk '/^[*]/ { table = substr($1, 2) } /^-/ { seen[table] = 1 } END { for (table in seen) print table }' \\
        "$work/restore"); do
        drop_empty_table "$kind" "$table"
    done
}
${DROP_EMPTY_TABLE}`;
