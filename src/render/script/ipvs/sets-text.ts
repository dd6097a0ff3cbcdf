/** Functions that bring IP sets from what they hold to what is wanted, entry by entry. */
export const SHELL_SETS = String.raw`
# plan_sets: compares the sets of ours with the wanted ones. Sets are made before and entries added before the rules
# change, entries go and sets are destroyed after.
plan_sets() {
    wanted_sets >"$work/sets.wanted" || fail "cannot write to $work"
    own_set_names >"$work/sets.names" || fail "cannot write to $work"
    ipset save >"$work/sets.present" || fail 'ipset cannot read the sets of the kernel'
    for file in sets.left sets.create sets.add sets.remove sets.trouble; do
        : >"$work/$file"
    done
    folder=$work awk '
        BEGIN { folder = ENVIRON["folder"] }
        function option(name,    i) {
            for (i = 4; i < NF; i++) if ($i == name) return $(i + 1)
            return ""
        }
        function needed_room() {
            if ($3 !~ /^hash:/) return 0
            return option("maxelem") == "" ? 65536 : option("maxelem") + 0
        }
        phase == 1 { ours[$1] = 1 }
        # What a run that was killed has left would become part of what is wanted.
        phase == 2 && $1 == "create" && $2 ~ /^KUBE-LARGER-[0-9]+$/ { print "destroy", $2 >(folder "/sets.left") }
        phase == 2 && $1 == "create" && ($2 in ours) {
            kind[$2] = $3 " " option("family")
            room[$2] = option("maxelem")
        }
        phase == 2 && $1 == "add" && ($2 in ours) {
            present[$2, $3] = 1
            set_of[++entries] = $2
            entry_of[entries] = $3
        }
        phase == 3 && $1 == "create" {
            wanted[$2] = 1
            if (!($2 in kind)) print >(folder "/sets.create")
            else if (kind[$2] != $3 " " option("family")) print $2 " (" kind[$2] ")" >(folder "/sets.trouble")
            else if (needed_room() > room[$2] + 0) {
                # The kernel cannot make room in a set: a larger one takes its place.
                larger[$2] = "KUBE-LARGER-" ++larger_count
                name = $2
                $2 = larger[name]
                print >(folder "/sets.add")
            }
        }
        phase == 3 && $1 == "add" {
            keep[$2, $3] = 1
            if ($2 in larger) print "add", larger[$2], $3 >(folder "/sets.add")
            else if (!(($2, $3) in present)) print >(folder "/sets.add")
        }
        END {
            for (name in larger) {
                print "swap", larger[name], name >(folder "/sets.add")
                print "destroy", larger[name] >(folder "/sets.add")
            }
            for (i = 1; i <= entries; i++) {
                name = set_of[i]
                if (name in wanted && !(name in larger) && !((name, entry_of[i]) in keep))
                    print "del", name, entry_of[i] >(folder "/sets.remove")
            }
            for (name in kind) if (!(name in wanted)) print "destroy", name >(folder "/sets.remove")
        }
    ' phase=1 "$work/sets.names" phase=2 "$work/sets.present" phase=3 "$work/sets.wanted" ||
        fail "cannot write to $work"
    [ ! -s "$work/sets.trouble" ] ||
        fail "these sets are there already, but of another type: $(tr '\n' ' ' <"$work/sets.trouble")- ipset destroy them"
}

# change_sets FILE: nothing is done when there is nothing to do.
change_sets() {
    [ ! -s "$work/$1" ] || ipset restore -exist <"$work/$1" || fail 'ipset did not take the sets'
}

# make_sets: those that are missing, empty. When the rules are not taken they go again, so that nothing has changed.
make_sets() {
    change_sets sets.left
    at_exit=undo_sets
    change_sets sets.create
}

undo_sets() {
    [ ! -s "$work/sets.create" ] || awk '{ print "destroy", $2 }' "$work/sets.create" | ipset restore
}

keep_sets() {
    at_exit=:
}
`;
