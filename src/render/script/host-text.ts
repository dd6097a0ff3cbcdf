/** For awk: saved comments may hold line breaks, and after them what looks like any other line. */
export const OUTSIDE_COMMENTS = `        # Comments may hold line breaks: lines that begin or end inside of quotes are no rules.
        index($0, "\\"") {
            text = $0
            if (index(text, "\\\\")) gsub(/\\\\./, "", text)
            if (gsub(/"/, "", text) % 2) {
                is_quoted = !is_quoted
                next
            }
        }
        is_quoted { next }`;

/** What a host has: a failure to look is never taken for nothing. */
export const SHELL_LOOKING = `# kernel_lacks_it: whether a command has failed because the kernel has nothing of what it asked for. No other failure
# means that there is nothing: a lock may be held, or a permission be missing.
kernel_lacks_it() {
    grep -q -e 'not supported' -e 'Invalid argument' "$work/message"
}

# save_tables COMMAND FILE: all tables that a variant of iptables has. It makes none, and takes no lock. A table that is not
# shown may have nothing of ours, or it is a failure.
save_tables() {
    if ! "$1-save" >"$2" 2>"$work/message"; then
        kernel_lacks_it || return 1
        : >"$2"
    fi
    case ${'$'}{1##*/} in ip6*) kind=ip6 ;; *) kind=ip ;; esac
    for table in $(hidden_tables "$2"); do
        "${'$'}{NFT:-nft}" list table "$kind" "$table" >"$work/hidden" 2>"$work/message" || return 1
        ! grep -q -e '^[[:blank:]]*chain KUBE-' "$work/hidden" || {
            echo "table $table has chains of ours, and rules that only nft can show (nft list ruleset)" >"$work/message"
            return 1
        }
    done
}

# hidden_tables SAVED: tables of which iptables-nft shows nothing, since others gave them rules that only nft can show. It
# says so in a comment, and that is no failure to it.
hidden_tables() {
    awk '
${OUTSIDE_COMMENTS}
        /^# Table .[a-z]+. is incompatible/ { print substr($3, 2, length($3) - 2) }
    ' "$1"
}

# list_tables COMMAND FILE: all tables of nftables.
list_tables() {
    ! "$1" list tables >"$2" 2>"$work/message" || return 0
    kernel_lacks_it || return 1
    : >"$2"
}

# save_counted COMMAND FILE: the tables that scripts change, with counters.
save_counted() {
    : >"$2"
    for table in filter nat; do
        "$1-save" -c -t "$table" >>"$2" 2>"$work/message" || kernel_lacks_it || return 1
    done
}
`;

/** Failing, the tools, the lock, a temporary folder, settings of the kernel: what every script needs. */
export const SHELL_BASICS = String.raw`
# Seconds to wait for another run to end.
PATIENCE=600

# Nobody may be there any more who reads what is said: that ends no run in the middle.
fail() {
    printf 'svcgen: %s\n' "$*" >&2 || :
    exit 1
}

note() {
    printf 'svcgen: note: %s\n' "$*" >&2 || :
}

prepare() {
    missing=
    for tool in awk cat grep head id mkdir mktemp rm sleep tr uname; do
        command -v "$tool" >/dev/null || missing="$missing $tool"
    done
    [ -z "$missing" ] || fail "missing:$missing"
    [ "$(id -u)" -eq 0 ] || fail 'this script needs root'
    [ -r /proc/net/dev ] || fail 'cannot read /proc/net: is /proc mounted?'
    # Nobody else may look into what is made here, or hold the lock.
    umask 077
    work=
    lock=
    at_exit=:
    trap clean_up EXIT
    # Not every shell gets to the trap above with this status.
    trap 'trap - EXIT; clean_up; exit 1' HUP INT TERM
    trap '' PIPE
    take_lock
    refuse_pending
    make_folder
}

# take_lock: two runs at a time end like one after the other. The kernel lets go of the lock when a run ends, however that
# is; the file tells where the run had its files, for the next one to remove if it was killed.
take_lock() {
    for folder in /run /var/run; do
        if [ -d "$folder" ] && [ -w "$folder" ] && (: >>"$folder/svcgen.lock") 2>/dev/null; then
            lock=$folder/svcgen.lock
            break
        fi
    done
    if [ -z "$lock" ] || ! command -v flock >/dev/null; then
        note 'two runs at a time are not kept apart: that takes the command flock, and a folder /run to write to'
        lock=
        return 0
    fi
    exec 9>>"$lock"
    tries=0
    # Some shells give descriptors only to programs that they name them to.
    until flock -n 9 9>&9; do
        [ "$tries" -ne 1 ] || note 'waiting for another run to end'
        [ "$tries" -lt "$PATIENCE" ] || fail "another run has not ended in $PATIENCE seconds (it holds $lock)"
        tries=$((tries + 1))
        sleep 1
    done
    left=$(cat "$lock")
    case $left in
        /*/svcgen.??????????) rm -rf "$left" ;;
    esac
}

# refuse_pending: a run that may be undone would undo this one with it.
refuse_pending() {
    [ ! -e /run/svcgen/undo/pending ] ||
        fail 'an earlier run waits for somebody to confirm it (sh /run/svcgen/confirm), or to put back what was there' \
            'before it (sh /run/svcgen/undo/run)'
}

# make_folder: an absolute path, since awk takes others for assignments. Its name is written down first, so that the next
# run finds it even if this one is killed at once; mkdir takes nothing that is there already, link or not.
make_folder() {
    folder=${'$'}{TMPDIR:-/tmp}
    case $folder in
        /*) ;;
        *) folder=$PWD/$folder ;;
    esac
    name=$(mktemp -u "$folder/svcgen.XXXXXXXXXX") || fail "cannot make a temporary folder in $folder"
    [ -z "$lock" ] || printf '%s\n' "$name" >"$lock"
    work=$name
    mkdir "$work" 2>/dev/null || {
        work=
        fail "cannot make a temporary folder in $folder"
    }
}

clean_up() {
    "$at_exit" || :
    [ -z "$work" ] || rm -rf "$work"
}

${SHELL_LOOKING}
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

/** A function for what iptables-nft made. */
export const DROP_EMPTY_TABLE = String.raw`
# drop_empty_table KIND TABLE: without rules it has no effect, so nothing is lost when that can't be done.
drop_empty_table() {
    command -v nft >/dev/null && nft list table "$1" "$2" >"$work/table" 2>/dev/null || return 0
    # Base chains that accept everything, and nothing else. One that gets a rule meanwhile is not removed.
    awk -v table="$1 $2" '
        /^#/ || /^[ \t]*$/ || /^table / || /^}/ { next }
        $1 == "chain" { name = $2; is_base = 0; next }
        $1 == "type" && /policy accept;$/ { print "delete chain", table, name; is_base = 1; next }
        $1 == "}" && is_base { next }
        { used = 1 }
        END { print "delete table", table; exit used }
    ' "$work/table" >"$work/drop" || return 0
    nft -f - <"$work/drop" 2>/dev/null || :
}
`;
