import { hereDocument } from './parts.ts';
import { UNDO_SCRIPT } from './undo-text.ts';

/** What a script calls when it has looked around, and when everything is in place. */
interface ConfirmSteps {
  readonly first: readonly string[];
  readonly last: readonly string[];
}

/**
 * Shell functions that keep what a host has, and put it back unless somebody confirms in time.
 * @param seconds undefined: nobody has to confirm anything
 */
export function* confirmFunctions(seconds: number | undefined): Generator<string> {
  if (seconds === undefined) return;
  yield `\n# Seconds to wait for somebody to confirm.\nCONFIRM_SECONDS=${seconds}\n`;
  yield* hereDocument('undo_script', UNDO_SCRIPT);
  yield* hereDocument('confirm_script', [CONFIRM]);
  yield KEEP;
}

/** Steps of a script, around all others. */
export function confirmSteps(seconds: number | undefined): ConfirmSteps {
  if (seconds === undefined) return { first: [], last: [] };
  return { first: ['keep_state'], last: ['ask_to_confirm'] };
}

/** Every setting of the kernel that a script of ours may change. */
const SYSCTLS = [
  'net/ipv4/ip_forward',
  'net/ipv6/conf/all/forwarding',
  'net/ipv4/conf/all/route_localnet',
  'net/ipv4/conf/all/arp_ignore',
  'net/ipv4/conf/all/arp_announce',
  'net/netfilter/nf_conntrack_tcp_be_liberal',
  'net/ipv4/vs/conntrack',
  'net/ipv4/vs/conn_reuse_mode',
  'net/ipv4/vs/expire_nodest_conn',
  'net/ipv4/vs/expire_quiescent_template',
];

/** Part of the script itself. */
const KEEP = String.raw`
# keep_state: to /run/svcgen/undo goes what is there now, and who puts it back: a process of its own, which outlives this
# one and the session that started it. It starts before anything changes.
keep_state() {
    undo=/run/svcgen/undo
    [ -d /run/svcgen ] || (umask 022 && mkdir /run/svcgen) || fail 'cannot make the folder /run/svcgen'
    rm -rf "$undo"
    mkdir "$undo" || fail "cannot make the folder $undo"
    keep_tables IPv4 "$IPTABLES"
    keep_tables IPv6 "$IP6TABLES"
    keep_nft
    keep_ipvs
    for name in ${SYSCTLS.join(' ')}; do
        [ ! -r "/proc/sys/$name" ] || printf '%s %s\n' "$name" "$(cat "/proc/sys/$name")"
    done >"$undo/sysctls"
    ! nginx_runs || cat /run/svcgen/running.conf >"$undo/nginx.conf" || fail 'cannot read /run/svcgen/running.conf'
    undo_script >"$undo/run" && confirm_script >/run/svcgen/confirm && printf '%s\n' "$$" >"$undo/pending" ||
        fail 'cannot write to /run/svcgen'
    # What ends this run, its session or its process group must not end that one.
    apart=
    ! command -v setsid >/dev/null || apart=setsid
    (
        # Here, and not behind the parentheses, where some shells keep copies: it waits for the lock itself.
        exec </dev/null >/dev/null 2>&1 9>&-
        trap '' HUP INT TERM
        exec $apart sh "$undo/run" after "$$" "$CONFIRM_SECONDS"
    ) &
    note 'if this run does not come to its end, or nobody confirms it, what is there now comes back'
}

# keep_tables FAMILY COMMAND: with counters, which are part of what is there.
keep_tables() {
    command -v "$2-save" >/dev/null || return 0
    save_counted "$2" "$undo/$1.tables" || fail "$1: $2-save cannot read the tables: $(head -n 1 "$work/message")"
    printf '%s\n' "$2" >"$undo/$1.command" || fail "cannot write to $undo"
}

keep_nft() {
    nft=${'$'}{NFT:-nft}
    command -v "$nft" >/dev/null || return 0
    list_tables "$nft" "$undo/nft.tables" || fail "$nft cannot list the tables of nftables: $(head -n 1 "$work/message")"
    for ip in ip ip6; do
        : >"$undo/nft.$ip"
        ! grep -q -x -e "table $ip kube-proxy" "$undo/nft.tables" ||
            "$nft" list table "$ip" kube-proxy >"$undo/nft.$ip" || fail "$nft cannot read table $ip kube-proxy"
    done
    printf '%s\n' "$nft" >"$undo/nft.command"
}

# keep_ipvs: virtual servers, their time-outs, our sets, and the addresses of our device.
keep_ipvs() {
    : >"$undo/servers"
    if command -v ipvsadm >/dev/null && [ -r /proc/net/ip_vs ]; then
        ipvsadm -S -n >"$undo/servers" || fail 'ipvsadm cannot read the virtual servers'
        ipvsadm -l --timeout >"$undo/timeouts" || fail 'ipvsadm cannot read its time-outs'
    fi
    if command -v ipset >/dev/null; then
        # Where the module is not there, there are no sets.
        ipset save >"$undo/sets.all" 2>"$work/message" || { [ -d /sys/module ] && [ ! -d /sys/module/ip_set ]; } ||
            fail "ipset cannot read the sets: $(head -n 1 "$work/message")"
        awk '$2 ~ /^KUBE-/' "$undo/sets.all" >"$undo/sets" || fail "cannot write to $undo"
    fi
    ! grep -q -e '^ *kube-ipvs0:' /proc/net/dev || ip -o address show dev kube-ipvs0 >"$undo/addresses" ||
        fail 'ip cannot read the addresses of kube-ipvs0'
}

ask_to_confirm() {
    : >"$undo/applied" || fail "cannot write to $undo"
    printf 'svcgen: in %s seconds what was there before comes back, unless this host is told to keep the new rules:\n    %s\n' \
        "$CONFIRM_SECONDS" 'sh /run/svcgen/confirm' >&2 || :
}
`;

const CONFIRM = `#!/bin/sh
# Keeps what the last run of svcgen has made. Whoever moves the file decides: this, or the undo.
if [ -e /run/svcgen/undo/pending ] && [ ! -e /run/svcgen/undo/applied ]; then
    echo 'svcgen: the run is not at its end yet: confirm it then' >&2
    exit 1
fi
mv /run/svcgen/undo/pending /run/svcgen/undo/confirmed 2>/dev/null || {
    echo 'svcgen: there is nothing to confirm: it was put back, or somebody has confirmed it' >&2
    exit 1
}
rm -rf /run/svcgen/undo /run/svcgen/confirm
echo 'svcgen: confirmed: the new rules stay'
`;
