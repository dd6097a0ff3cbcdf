import { restoreWord } from '../../../lang/text/quote.ts';
import { KUBE_PROXY_CHAINS, KUBELET_CHAINS } from '../../netfilter/own-chains.ts';
import { SHELL_BASICS } from '../host-text.ts';
import { SHELL_SERVERS } from '../ipvs/servers-text.ts';
import { NGINX_REMOVAL } from '../nginx-text.ts';
import { ownRulesFunctions } from '../own-rules-text.ts';
import { hereDocument } from '../parts.ts';
import { SHELL_CLEAN_KERNEL } from './kernel-text.ts';
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
