import { OUTSIDE_COMMENTS } from './host-text.ts';

/** How the text of a gathered node begins. */
export const DOCTOR_TITLE = '# svcgen doctor';

/** How it ends: a text without this line was cut off on its way. */
export const DOCTOR_END = `${DOCTOR_TITLE}: end`;

/**
 * A POSIX shell script that prints what `--rules` and `--host` want of a node, in one text. It only looks: no file is
 * written, no table is made, and no module of the kernel is loaded, which `ipvsadm` and `nft` would do where there is
 * nothing to see. It runs in dash and in busybox, where some tools are missing: that is said in the text.
 */
export const DOCTOR_SCRIPT = String.raw`#!/bin/sh
# Prints what svcgen explain wants to know of a node: rules, sets, addresses, routes and settings of the kernel.
# It changes nothing, and there are no secrets in it: addresses, names of Services and interfaces are. Made by svcgen.
#
# Nothing happens before the last line, so a copy that was cut off on its way does no harm.
set -u
LC_ALL=C
# k3s and k0s bring their own tools, which count where the node has none.
PATH=$PATH:/usr/sbin:/sbin:/usr/local/sbin
PATH=$PATH:/var/lib/rancher/k3s/data/current/bin:/var/lib/rancher/k3s/data/current/bin/aux:/var/lib/k0s/bin
export LC_ALL PATH
unset IFS

# section COMMAND: what the lines below are.
section() {
    printf '\n# $ %s\n' "$*"
}

# lacking WHAT: something that is not in this text, and why.
lacking() {
    printf '# svcgen doctor: lacking: %s\n' "$*"
}

# lacking_iptables COMMAND RULES: the node does not have it, but nearly always kube-proxy has.
lacking_iptables() {
    crictl=/var/lib/rancher/rke2/bin/crictl
    if [ -x "$crictl" ]; then
        config=/var/lib/rancher/rke2/agent/etc/crictl.yaml
        lacking "$2: there is no command $1; kube-proxy of RKE2 has it:" \
            "export CRI_CONFIG_FILE=$config; $crictl exec \$($crictl ps -q --name kube-proxy) $1"
    else
        lacking "$2: there is no command $1; where kube-proxy is a pod, that has it:" \
            "kubectl -n kube-system exec POD -- $1"
    fi
}

has_tool() {
    command -v "$1" >/dev/null 2>&1
}

# show COMMAND: runs it, under a title.
show() {
    section "$*"
    list "$@"
}

# list COMMAND: runs it. What it complains about is said as a comment; when it fails, its answer is lacking.
list() {
    failed=
    { complaints=$("$@" 2>&1 >&3); } 3>&1 || failed=$?
    [ -z "$complaints" ] || printf '%s\n' "$complaints" | sed "s/^/# $1: /"
    [ -z "$failed" ] || lacking "what $* prints: it failed (exit status $failed)"
}

# is_loaded MODULE: false when it is a module that the kernel has not loaded, so that there is nothing of it to see.
is_loaded() {
    ! grep -q -e "^$1 " /proc/modules 2>/dev/null || return 0
    ! grep -q -e "/$1\.ko" "/lib/modules/$(uname -r)/modules.dep" 2>/dev/null
}

# show_iptables IPTABLES NAMES: both variants, each where it has rules.
show_iptables() {
    if has_tool "$1-nft-save"; then
        ! is_loaded nf_tables || show "$1-nft-save"
        show_legacy "$1-legacy-save" "$2"
    elif ! has_tool "$1-save"; then
        # What iptables-nft has made, nft shows as well.
        if grep -q . "$2" 2>/dev/null || ! has_tool nft; then
            lacking_iptables "$1-save" "rules of $1"
        fi
    elif "$1-save" -V 2>/dev/null | grep -q nf_tables; then
        ! is_loaded nf_tables || show "$1-save"
        show_legacy "$1-legacy-save" "$2"
    else
        show_legacy "$1-save" "$2"
    fi
}

# show_legacy COMMAND NAMES: NAMES has the tables that there are.
show_legacy() {
    grep -q . "$2" 2>/dev/null || return 0
    if has_tool "$1"; then
        show "$1"
    else
        lacking_iptables "$1" 'rules of iptables-legacy'
    fi
}

# saved_tables: the tables of nftables that the text has already, as iptables-nft prints them: "ip nat".
saved_tables() {
    for tool in iptables-nft-save iptables-save; do
        ! has_tool "$tool" || "$tool" 2>/dev/null | names_of_tables ip
    done
    for tool in ip6tables-nft-save ip6tables-save; do
        ! has_tool "$tool" || "$tool" 2>/dev/null | names_of_tables ip6
    done
}

# names_of_tables KIND: those of what iptables-save prints.
names_of_tables() {
    awk -v kind="$1" '
${OUTSIDE_COMMENTS}
        /^[*]/ { print kind, substr($1, 2) }
    '
}

show_nft() {
    is_loaded nf_tables || return 0
    if ! has_tool nft; then
        lacking 'rules of nftables: there is no command nft'
        return 0
    fi
    section nft list ruleset
    list nft list ruleset | awk -v saved="$(saved_tables | sort -u | tr '\n' ',')" '
        BEGIN { count = split(saved, names, ","); for (i = 1; i <= count; i++) known[names[i]] = 1 }
        /^# (nft: # )?Warning: table / { next }
        /^# / { print; next }
        /^table / { skip = (($2 " " $3) in known) }
        !skip { print }
        /^}/ { skip = 0 }
    '
}

show_ipvs() {
    [ -r /proc/net/ip_vs ] || return 0
    if has_tool ipvsadm; then
        show ipvsadm -S -n
        section 'ipvsadm -L -n -c | grep :0'
        list ipvsadm -L -n -c | grep -e ':0 ' -e '^#' | head -n 1000
    elif grep -q -E '^(TCP|UDP|SCTP|FWM) ' /proc/net/ip_vs; then
        lacking 'virtual servers of IPVS: there is no command ipvsadm'
    fi
}

show_sets() {
    is_loaded ip_set || return 0
    if has_tool ipset; then
        show ipset save
    elif grep -q -e '^ip_set ' /proc/modules 2>/dev/null; then
        lacking 'sets: there is no command ipset'
    fi
}

show_addresses() {
    if ! has_tool ip; then
        lacking 'addresses and routes: there is no command ip'
        return 0
    fi
    if ip -j addr >/dev/null 2>&1; then
        show ip -j addr
        show ip -j route
        show ip -6 -j route
    else
        show ip addr
        show ip route
        show ip -6 route
    fi
    show ip rule
}

# Settings of the kernel, as sysctl prints them: in names of interfaces, dots and slashes change places.
show_settings() {
    section sysctl
    grep -H . /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/all/forwarding \
        /proc/sys/net/ipv4/conf/*/rp_filter /proc/sys/net/ipv4/conf/*/route_localnet \
        /proc/sys/net/bridge/bridge-nf-call-iptables /proc/sys/net/bridge/bridge-nf-call-ip6tables \
        /proc/sys/net/ipv4/vs/conntrack /proc/sys/net/ipv4/vs/conn_reuse_mode \
        /proc/sys/net/netfilter/nf_conntrack_max /proc/sys/net/netfilter/nf_conntrack_count 2>/dev/null |
        sed 's#^/proc/sys/##' | tr './' '/.' | sed 's/:\([^:]*\)$/ = \1/'
    grep -H . /sys/class/net/*/brport/hairpin_mode 2>/dev/null | sed 's/:\([^:]*\)$/ = \1/'
}

# Flows of UDP that were sent on, and clients that session affinity remembers: not more than people can read.
show_flows() {
    if has_tool conntrack && is_loaded nf_conntrack; then
        section conntrack -L -p udp --dst-nat
        list conntrack -L -p udp --dst-nat | grep -v 'flow entries have been shown' | head -n 1000
    fi
    section 'grep -H . /proc/net/xt_recent/KUBE-*'
    grep -H . /proc/net/xt_recent/KUBE-* 2>/dev/null | head -n 1000
}

main() {
    printf '%s\n' '${DOCTOR_TITLE} 1: what a node has, for svcgen explain --rules'
    printf '# node: %s\n# kernel: %s\n' "$(uname -n)" "$(uname -r)"
    [ "$(id -u)" -eq 0 ] || lacking 'nearly all of it: this script was not run by root'
    show_iptables iptables /proc/net/ip_tables_names
    show_iptables ip6tables /proc/net/ip6_tables_names
    show_nft
    show_sets
    show_ipvs
    show_addresses
    show_settings
    show_flows
    printf '\n%s\n' '${DOCTOR_END}'
}

main
`;
