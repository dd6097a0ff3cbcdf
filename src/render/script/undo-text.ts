import { SHELL_LOOKING } from './host-text.ts';
import { NGINX_REMOVAL, NGINX_RUN } from './nginx-text.ts';
import { UNDO_TABLES } from './undo-tables-text.ts';

const UNDO_HEADER = String.raw`#!/bin/sh
# Puts back what this host had before the last run of svcgen; made by that run. What it takes away is kept beside it, in
# /run/svcgen/undone, and what it says in /run/svcgen/undo.log and the system log.
#   sh /run/svcgen/undo/run                        now
#   sh /run/svcgen/undo/run after RUN SECONDS      when that process has failed, or in so many seconds after its end
set -u
undo=/run/svcgen/undo
# Where the functions below find nginx.conf, and leave what they need for a moment.
work=$undo
LC_ALL=C
export LC_ALL

say() {
    printf 'svcgen: %s\n' "$*" | tee -a /run/svcgen/undo.log >&2
    ! command -v logger >/dev/null || logger -t svcgen -- "$*" || :
}

fail() {
    say "undo: $*"
    exit 1
}
`;

const UNDO = String.raw`
# is_pending: nobody has confirmed, and the run is still that one.
is_pending() {
    [ "$(cat "$undo/pending" 2>/dev/null)" = "$1" ]
}

# is_running PROCESS: one that has ended may still have its number.
is_running() {
    state=$(awk '/^State:/ { print $2 }' "/proc/$1/status" 2>/dev/null)
    [ -n "$state" ] && [ "$state" != Z ]
}

# wait_for RUN SECONDS
wait_for() {
    while [ ! -e "$undo/applied" ]; do
        is_pending "$1" || exit 0
        # It may have come to its end since the look above.
        is_running "$1" || [ -e "$undo/applied" ] || return 0
        sleep 1
    done
    left=$2
    while [ "$left" -gt 0 ]; do
        sleep 1
        is_pending "$1" || exit 0
        left=$((left - 1))
    done
}

# put_sets_back: before rules that ask for them, the others go after those.
put_sets_back() {
    [ -s "$undo/sets" ] || return 0
    awk '$1 == "create" { print; print "flush", $2; next } { print }' "$undo/sets" | ipset -exist restore ||
        fail 'ipset did not take the sets that were there'
}

remove_other_sets() {
    [ -e "$undo/sets" ] || return 0
    ipset save | awk 'before { if ($1 == "create") kept[$2]; next }
        $1 == "create" && $2 ~ /^KUBE-/ && !($2 in kept) { print "destroy", $2 }' before=1 "$undo/sets" before=0 - |
        ipset restore ||
        fail 'ipset cannot remove the sets that were not there'
}

# put_servers_back: those that are as they were are left alone, with their connections.
put_servers_back() {
    command -v ipvsadm >/dev/null && [ -r /proc/net/ip_vs ] || return 0
    ipvsadm -S -n >"$undone/servers" || fail 'ipvsadm cannot read the virtual servers'
    awk 'before { kept[$0]; next }
        $0 in kept { next }
        $1 == "-A" { print "-D", $2, $3; gone[$2, $3] }
        $1 == "-a" && !(($2, $3) in gone) { print "-d", $2, $3, $4, $5 }' before=1 "$undo/servers" before=0 "$undone/servers" |
        ipvsadm -R || fail 'ipvsadm cannot remove the servers that were not there'
    ipvsadm -S -n | awk 'now { there[$0]; next } !($0 in there)' now=1 - now=0 "$undo/servers" | ipvsadm -R ||
        fail 'ipvsadm did not take the servers that were there'
    [ ! -e "$undo/timeouts" ] || ipvsadm --set $(awk '{ print $(NF - 2), $(NF - 1), $NF }' "$undo/timeouts") || :
}

put_device_back() {
    grep -q -e '^ *kube-ipvs0:' /proc/net/dev || return 0
    if [ ! -e "$undo/addresses" ]; then
        ip link del dev kube-ipvs0 || fail 'ip cannot remove the device kube-ipvs0'
        return 0
    fi
    ip -o address show dev kube-ipvs0 | awk 'now { present[$4]; next } { wanted[$4] }
        END {
            for (each in present) if (!(each in wanted)) print "address del " each " dev kube-ipvs0"
            for (each in wanted) if (!(each in present)) print "address add " each " dev kube-ipvs0"
        }' now=1 - now=0 "$undo/addresses" | ip -batch - || fail 'the addresses of kube-ipvs0 are not as they were'
}

put_sysctls_back() {
    while read -r name value; do
        [ "$(cat "/proc/sys/$name")" = "$value" ] || echo "$value" >"/proc/sys/$name" || say "undo: cannot set $name to $value"
    done <"$undo/sysctls"
}

# put_nginx_back: rules that lead to it come after it, and go before it.
put_nginx_back() {
    [ ! -e "$undo/nginx.conf" ] || run_nginx
}

remove_new_nginx() {
    [ -e "$undo/nginx.conf" ] || remove_nginx
}

put_back() {
    # One of us at a time, and no run of svcgen meanwhile.
    ! command -v flock >/dev/null || { exec 9>>/run/svcgen.lock && flock -w 600 9 9>&9; } || say 'undo: goes on without the lock'
    [ "$#" -eq 0 ] || is_pending "$1" || exit 0
    # One that failed, or was killed, can be tried again.
    mv "$undo/pending" "$undo/undoing" 2>/dev/null || [ -e "$undo/undoing" ] ||
        fail 'there is nothing to put back: somebody has confirmed it'
    undone=/run/svcgen/undone
    rm -rf "$undone"
    mkdir "$undone" || fail "cannot make the folder $undone"
    status=0
    # What cannot be put back is told, and does not keep the rest from coming back.
    for step in put_nginx_back put_sets_back 'put_tables_back IPv4 ip' 'put_tables_back IPv6 ip6' put_nft_back \
        put_servers_back put_device_back remove_other_sets put_sysctls_back remove_new_nginx; do
        ($step) || status=1
    done
    rm -f /run/svcgen/confirm
    if [ "$status" -eq 0 ]; then
        say 'what was there before the last run is back; the run itself is in /run/svcgen/undone'
        rm -rf "$undo"
    else
        say "not all that was there before the last run is back: what it was is in $undo (to try again: sh $undo/run)"
    fi
    exit "$status"
}

umask 077
case ${'$'}{1:-} in
    after)
        wait_for "$2" "$3"
        put_back "$2"
        ;;
    *) put_back ;;
esac
`;

/** The script that puts back what `confirm-text.ts` has kept, in pieces. */
export const UNDO_SCRIPT: readonly string[] = [
  UNDO_HEADER,
  SHELL_LOOKING,
  NGINX_REMOVAL,
  NGINX_RUN,
  UNDO_TABLES,
  UNDO,
];
