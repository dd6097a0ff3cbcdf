import { restoreWord } from '../../../lang/text/quote.ts';
import { KUBE_PROXY_CHAINS, KUBELET_CHAINS } from '../../own-chains.ts';
import { SHELL_BASICS } from '../host-text.ts';
import { SHELL_SERVERS } from '../ipvs/servers-text.ts';
import { NGINX_REMOVAL } from '../nginx-text.ts';
import { ownRulesFunctions } from '../own-rules-text.ts';
import { hereDocument } from '../parts.ts';
import { CLEANUP_HEADER, SHELL_CLEAN_RULES } from './rules-text.ts';

/** What can be there, beside chains of iptables. */
export interface CleanupInput {
  /** The names of all sets that can be ours, in both families. */
  readonly setNames: readonly string[];
  /** Tables of nftables: `ip kube-proxy`. */
  readonly tables: readonly string[];
}

/** A POSIX shell script that removes what any mode has left on a host, and nothing else, in pieces. */
export function* renderCleanupScript({ setNames, tables }: CleanupInput): Generator<string> {
  yield CLEANUP_HEADER;
  yield* hereDocument('own_set_names', lines(setNames));
  yield* hereDocument('own_tables', lines(tables));
  yield '\n# No virtual server and no address is wanted, and none is spared.';
  for (const name of ['wanted_servers', 'wanted_addresses', 'excluded_prefixes']) yield `\n${name}() { :; }`;
  yield '\n';
  yield SHELL_BASICS;
  yield ownRulesFunctions({ ours: KUBE_PROXY_CHAINS, kubelets: KUBELET_CHAINS });
  yield SHELL_CLEAN_RULES;
  yield SHELL_SERVERS;
  yield SHELL_CLEAN_KERNEL;
  yield NGINX_REMOVAL;
  yield MAIN;
}

function lines(texts: readonly string[]): readonly string[] {
  return texts.map((text) => `${text.split(' ').map(restoreWord).join(' ')}\n`);
}

/** Rules hold on to sets, and sets and addresses say which virtual servers are ours. */
const MAIN = `
main() {
    prepare
    uses_sets=0
    had_firewall=0
    clean_legacy IPv4 iptables
    clean_legacy IPv6 ip6tables
    clean_nft IPv4 iptables
    clean_nft IPv6 ip6tables
    clean_tables
    read_sets
    ! clean_servers || clean_sets
    clean_counters
    remove_nginx
    rm -rf /run/svcgen
    warn_of_localnet
    exit "$status"
}

main
`;

/** Functions that remove what is not in chains of iptables. They come after those of the ipvs script. */
const SHELL_CLEAN_KERNEL = `
# clean_servers: virtual servers, then the device whose addresses say which of them are ours.
clean_servers() {
    has_device=0
    ! grep -q -e '^ *kube-ipvs0:' /proc/net/dev || has_device=1
    if [ -r /proc/net/ip_vs ] && grep -E -q -e '^(TCP|UDP|SCTP) ' /proc/net/ip_vs; then
        if ! has_tools ipvsadm ip; then
            [ "$has_device" -eq 0 ] && ! grep -q -e '^create KUBE-' "$work/sets.present" ||
                trouble "there may be virtual servers of ours, but there is no command $missing_tool to remove them"
            return 1
        fi
        plan_servers
        change_servers
    fi
    [ "$has_device" -eq 1 ] || return 0
    has_tools ip || {
        trouble 'there is the device kube-ipvs0, but no command ip to remove it'
        return 1
    }
    ip link del dev kube-ipvs0 || trouble 'cannot remove the device kube-ipvs0'
}

# has_tools COMMAND...: the first that is missing is left in missing_tool.
has_tools() {
    for missing_tool; do
        command -v "$missing_tool" >/dev/null || return 1
    done
}

# read_sets: those of the kernel. The module is there when there are any.
read_sets() {
    : >"$work/sets.present"
    [ -d /sys/module/ip_set ] || [ ! -d /sys/module ] || return 0
    if has_tools ipset; then
        ipset save >"$work/sets.present" || fail 'ipset cannot read the sets of the kernel'
    elif [ "$uses_sets" -eq 1 ] || grep -q -e '^ *kube-ipvs0:' /proc/net/dev; then
        trouble 'there are IP sets of ours, but no command ipset to remove them'
    else
        note 'there is no command ipset: IP sets were not looked at'
    fi
}

# clean_sets: iptables-nft lets go of a set only some time after its rules are gone.
clean_sets() {
    own_set_names >"$work/sets.names"
    awk '
        phase == 1 { ours[$1] = 1 }
        phase == 2 && $1 == "create" && ($2 in ours || $2 ~ /^KUBE-LARGER-[0-9]+$/) { print $2 }
    ' phase=1 "$work/sets.names" phase=2 "$work/sets.present" >"$work/sets.remove" || fail "cannot write to $work"
    while read -r name; do
        tries=$WAIT
        until ipset destroy "$name" 2>"$work/message"; do
            if [ "$tries" -eq 0 ]; then
                trouble "$(head -n 1 "$work/message") ($name)"
                break
            fi
            tries=$((tries - 1))
            sleep 1
        done
    done <"$work/sets.remove"
}

# clean_tables: of nftables.
clean_tables() {
    if ! has_tools nft; then
        [ ! -d /sys/module/nf_tables ] || note 'there is no command nft: tables of nftables were not looked at'
        return 0
    fi
    if ! list_tables nft "$work/tables"; then
        trouble "nft list tables: $(head -n 1 "$work/message")"
        return 0
    fi
    own_tables | while read -r table; do
        ! grep -q -x -e "table $table" "$work/tables" || nft delete table $table || exit 1
    done || trouble 'nft cannot remove the tables of kube-proxy'
}

# clean_counters: those that kube-proxy 1.32 and later count packets with.
clean_counters() {
    has_tools nfacct || return 0
    if ! nfacct list >"$work/counters" 2>"$work/message"; then
        kernel_lacks_it || trouble "nfacct list: $(head -n 1 "$work/message")"
        return 0
    fi
    for name in ct_state_invalid_dropped_pkts localhost_nps_accepted_pkts; do
        ! grep -q -e " = $name;" "$work/counters" || nfacct delete "$name" || trouble "nfacct cannot remove $name"
    done
}

# warn_of_localnet: what KUBE-FIREWALL was for.
warn_of_localnet() {
    [ "$had_firewall" -eq 0 ] || ! sysctl_is net/ipv4/conf/all/route_localnet 1 ||
        note 'net.ipv4.conf.all.route_localnet is still 1, so neighbours can reach what listens on' \\
        '127.0.0.1; unless something else needs it: sysctl -w net.ipv4.conf.all.route_localnet=0'
}
`;
