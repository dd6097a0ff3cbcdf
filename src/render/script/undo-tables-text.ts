import { KUBE_PROXY_CHAINS } from '../own-chains.ts';
import { DROP_EMPTY_TABLE, OUTSIDE_COMMENTS } from './host-text.ts';
import { isOursFunction } from './own-rules-text.ts';

/**
 * Functions that put back our rules and tables. Not the tables `filter` and `nat` as a whole: iptables-nft saves what others made with nft
 * as what it is not (`ip daddr { 192.0.2.1, 192.0.2.2 } drop` as `-j DROP`), and a host would be locked up by what is to unlock it.
 */
export const UNDO_TABLES = String.raw`
# without_counters FILE: what tables hold, however many packets have come by.
without_counters() {
    awk '!/^#/ { gsub(/\[[0-9]+:[0-9]+\] ?/, ""); print }' "$1"
}

# put_tables_back FAMILY IP: our chains and the jumps into them, each at its place. What others have there stays.
put_tables_back() {
    [ -e "$undo/$1.command" ] || return 0
    iptables=$(cat "$undo/$1.command")
    save_counted "$iptables" "$undone/$1.tables" ||
        fail "$1: $iptables-save cannot read the tables: $(head -n 1 "$work/message")"
    hidden_tables "$undo/$1.tables" >"$work/hidden" || fail "cannot write to $work"
    for table in $(hidden_tables "$undone/$1.tables"); do
        grep -q -x -e "$table" "$work/hidden" ||
            fail "$1: table $table now has rules that iptables cannot show, only nft (nft list ruleset)"
    done
    [ "$(without_counters "$undone/$1.tables")" != "$(without_counters "$undo/$1.tables")" ] || return 0
    former_rules "$undo/$1.tables" "$undone/$1.tables" >"$work/restore" || fail "cannot write to $work"
    "$iptables-restore" -w 30 -c --noflush <"$work/restore" || fail "$1: $iptables-restore did not take what was there"
    case $("$iptables" -V) in *nf_tables*) ;; *) return 0 ;; esac
    for table in filter nat; do
        grep -q -x -e "\*$table" "$undo/$1.tables" || drop_empty_table "$2" "$table"
    done
}

# former_rules FORMER PRESENT: restore text that makes our part of the present tables what it was.
former_rules() {
    awk '
${isOursFunction(KUBE_PROXY_CHAINS)}${OUTSIDE_COMMENTS}
        /^[*]/ { table = substr($1, 2); tables[table] }
        { counters = "" }
        /^\[/ { counters = $1 " "; $0 = substr($0, length($1) + 2) }
        /^:/ {
            name = substr($1, 2)
            is_there[phase, table, name]
            if ($2 != "-") is_builtin[table, name]
            if (is_ours(name)) chain[phase, table, ++chains[phase, table]] = name " " $2 " " $3
        }
        /^-A / && is_ours($2) { if (phase == 1) rule[table, ++rules[table]] = counters $0; next }
        /^-A / {
            place = ++rules_of[phase, table, $2]
            if ($(NF - 1) != "-j" && $(NF - 1) != "-g" || !is_ours($NF)) next
            i = ++jumps[phase, table]
            from[phase, table, i] = $2
            place_of[phase, table, i] = place
            words[phase, table, i] = substr($0, length($2) + 4)
            counters_of[phase, table, i] = counters
        }
        # Behind what is left of the rules of others, when there are fewer now.
        function put_jump(table, i,    source, place) {
            source = from[1, table, i]
            if (!((2, table, source) in is_there) && !((table, source) in is_builtin)) return
            place = place_of[1, table, i]
            rules_of[2, table, source]++
            if (place > rules_of[2, table, source]) place = rules_of[2, table, source]
            print counters_of[1, table, i] "-I " source " " place words[1, table, i]
        }
        function put_back(table,    i, part, stale) {
            print "*" table
            for (i = 1; i <= chains[1, table]; i++) print ":" chain[1, table, i]
            for (i = 1; i <= chains[2, table]; i++) {
                split(chain[2, table, i], part, " ")
                if ((1, table, part[1]) in is_there) continue
                print ":" part[1] " - [0:0]"
                stale = stale "-X " part[1] "\n"
            }
            for (i = 1; i <= jumps[2, table]; i++) {
                print "-D " from[2, table, i] words[2, table, i]
                rules_of[2, table, from[2, table, i]]--
            }
            for (i = 1; i <= jumps[1, table]; i++) put_jump(table, i)
            for (i = 1; i <= rules[table]; i++) print rule[table, i]
            print stale "COMMIT"
        }
        END { for (table in tables) put_back(table) }
    ' phase=1 "$1" phase=2 "$2"
}

# put_nft_back: both tables of ours, each in one transaction.
put_nft_back() {
    [ -e "$undo/nft.command" ] || return 0
    nft=$(cat "$undo/nft.command")
    list_tables "$nft" "$undone/nft.tables" || fail "$nft cannot list the tables of nftables: $(head -n 1 "$work/message")"
    for ip in ip ip6; do
        : >"$undone/nft.$ip"
        ! grep -q -x -e "table $ip kube-proxy" "$undone/nft.tables" ||
            "$nft" list table "$ip" kube-proxy >"$undone/nft.$ip" || fail "$nft cannot read table $ip kube-proxy"
        [ "$(cat "$undone/nft.$ip")" != "$(cat "$undo/nft.$ip")" ] || continue
        {
            printf 'add table %s kube-proxy\ndelete table %s kube-proxy\n' "$ip" "$ip"
            cat "$undo/nft.$ip"
        } | "$nft" -f - || fail "$nft did not take table $ip kube-proxy as it was"
    done
}
${DROP_EMPTY_TABLE}`;
