import { setsTelling } from '../../netfilter/sets.ts';

/** Sets of addresses and ports, without `KUBE-`. */
const PLACE_SETS = setsTelling('places')
  .map((name) => name.replace(/^KUBE-/, ''))
  .join('|');

/** Functions that bring virtual servers to what is wanted, one by one. */
export const SHELL_SERVERS = String.raw`
# The virtual server of a try, with an address that is for documentation only (RFC 5737).
TRIAL=198.51.100.0:20000

# read_servers: the virtual servers of the kernel. A try of a run that was killed goes first: nothing is behind it.
read_servers() {
    : >"$work/servers.present"
    [ -e /proc/net/ip_vs ] || return 0
    save_servers
    if grep -F -q -e "-A -t $TRIAL " "$work/servers.present" &&
        ! grep -F -q -e "-a -t $TRIAL " "$work/servers.present"; then
        ipvsadm -D -t "$TRIAL" || fail "ipvsadm cannot remove the virtual server $TRIAL"
        save_servers
    fi
}

save_servers() {
    ipvsadm --save --numeric >"$work/servers.present" || fail 'ipvsadm cannot read the virtual servers'
}

# plan_servers: compares the virtual servers of the kernel with the wanted ones.
#
# A virtual server of the kernel that is not wanted is only removed when it is ours: the sets of the last run name it,
# or its address is one that the dummy device has or shall have, or its port is a NodePort of the last run and its
# address is the host's.
plan_servers() {
    wanted_servers >"$work/servers.wanted" || fail "cannot write to $work"
    read_servers
    ip -o addr show >"$work/addresses.present" || fail 'ip cannot read the addresses of the host'
    wanted_addresses >"$work/addresses.wanted" || fail "cannot write to $work"
    excluded_prefixes >"$work/excluded" || fail "cannot write to $work"
    awk '
        function rest(first,    text, i) {
            for (i = first; i <= NF; i++) text = text " " $i
            return text
        }
        function service(ip, protocol, port) {
            if (protocol != "tcp" && protocol != "udp") protocol = "-" protocol "-service"
            else protocol = substr(protocol, 1, 1)
            return "-" protocol " " (ip ~ /:/ ? "[" ip "]" : ip) ":" port
        }
        function address_of(key) {
            sub(/^[^ ]* \[?/, "", key)
            sub(/\]?:[0-9]*$/, "", key)
            return key
        }
        # The address as a text of 0 and 1.
        function bits_of(ip,    bits, parts, count, i, j, gap, digits) {
            if (ip !~ /:/) {
                count = split(ip, parts, ".")
                for (i = 1; i <= count; i++) for (j = 128; j >= 1; j /= 2) bits = bits (int(parts[i] / j) % 2)
                return bits
            }
            gap = 9 - split(ip, parts, ":")
            if (ip ~ /^::/) { sub(/^:/, "", ip); gap++ }
            if (ip ~ /::$/) { sub(/:$/, "", ip); gap++ }
            count = split(ip, parts, ":")
            for (i = 1; i <= count; i++) {
                if (parts[i] == "") { for (; gap > 0; gap--) bits = bits "0000000000000000"; continue }
                digits = substr("000" parts[i], length(parts[i]))
                for (j = 1; j <= 4; j++) bits = bits nibble[substr(digits, j, 1)]
            }
            return bits
        }
        function is_excluded(ip,    bits, i) {
            if (excluded == 0) return 0
            bits = (ip ~ /:/ ? "6" : "4") bits_of(ip)
            for (i = 1; i <= excluded; i++) if (index(bits, prefix[i]) == 1) return 1
            return 0
        }
        function is_ours(key,    ip, port) {
            ip = address_of(key)
            if (is_excluded(ip)) return 0
            if (key in owned || ip in on_dummy) return 1
            port = key
            sub(/.*:/, "", port)
            return ip in on_host && (substr(key, 1, 2), ip ~ /:/ ? 6 : 4, port) in node_port
        }
        BEGIN {
            split("0000 0001 0010 0011 0100 0101 0110 0111 1000 1001 1010 1011 1100 1101 1110 1111", table, " ")
            for (i = 1; i <= 16; i++) nibble[substr("0123456789abcdef", i, 1)] = table[i]
        }
        phase == 1 { prefix[++excluded] = $1 }
        phase == 2 {
            sub(/\/.*/, "", $4)
            if ($2 == "kube-ipvs0") on_dummy[$4] = 1; else on_host[$4] = 1
        }
        phase == 6 {
            sub(/\/.*/, "", $1)
            on_dummy[$1] = 1
        }
        phase == 3 && $1 == "add" && $2 ~ /^KUBE-(6-)?(${PLACE_SETS})$/ {
            comma = index($3, ",")
            colon = comma + index(substr($3, comma + 1), ":")
            owned[service(substr($3, 1, comma - 1), substr($3, comma + 1, colon - comma - 1), substr($3, colon + 1))] = 1
        }
        phase == 3 && $1 == "add" && $2 ~ /^KUBE-(6-)?NODE-PORT-(TCP|UDP)$/ {
            node_port[$2 ~ /TCP$/ ? "-t" : "-u", $2 ~ /KUBE-6-/ ? 6 : 4, $3] = 1
        }
        phase == 4 && $1 == "-A" { present[$2 " " $3] = rest(4) }
        phase == 4 && $1 == "-a" {
            server[$2 " " $3, $5] = rest(6)
            service_of[++servers] = $2 " " $3
            server_of[servers] = $5
        }
        phase == 5 && $1 == "-A" {
            key = $2 " " $3
            wanted[key] = 1
            if (!(key in present)) print
            else if (present[key] != rest(4)) print "-E " key rest(4)
        }
        phase == 5 && $1 == "-a" {
            key = $2 " " $3
            keep[key, $5] = 1
            if (!((key, $5) in server)) print
            else if (server[key, $5] != rest(6)) print "-e " key " -r " $5 rest(6)
        }
        END {
            for (i = 1; i <= servers; i++)
                if (service_of[i] in wanted && !((service_of[i], server_of[i]) in keep))
                    print "-d " service_of[i] " -r " server_of[i]
            for (key in present) if (!(key in wanted) && is_ours(key)) print "-D " key
        }
    ' phase=1 "$work/excluded" phase=2 "$work/addresses.present" phase=3 "$work/sets.present" \
        phase=4 "$work/servers.present" phase=5 "$work/servers.wanted" phase=6 "$work/addresses.wanted" \
        >"$work/servers.change" ||
        fail "cannot write to $work"
}

# change_servers: ipvsadm goes on after an error, and its exit code does not tell: what it did is looked at.
change_servers() {
    [ -s "$work/servers.change" ] || return 0
    ipvsadm --restore <"$work/servers.change" || fail 'ipvsadm did not take the virtual servers'
    plan_servers
    [ ! -s "$work/servers.change" ] ||
        fail "ipvsadm did not take all virtual servers; missing: $(head -n 3 "$work/servers.change")"
}
`;

/** The same for the addresses of the dummy device. */
export const SHELL_ADDRESSES = `
# change_addresses: the dummy device gets the wanted addresses, and loses others. It need not be up.
change_addresses() {
    if ! grep -q -e '^ *kube-ipvs0:' /proc/net/dev; then
        [ -s "$work/addresses.wanted" ] || return 0
        ip link add kube-ipvs0 type dummy ||
            fail 'cannot add the device kube-ipvs0: does the kernel have the module dummy?'
    fi
    ip -o addr show dev kube-ipvs0 >"$work/addresses.present" || fail 'ip cannot read the addresses of kube-ipvs0'
    awk '
        phase == 1 && $0 !~ / scope link / { present[$4] = 1 }
        phase == 2 { wanted[$1] = 1; if (!($1 in present)) print "addr add " $1 " dev kube-ipvs0" }
        END { for (address in present) if (!(address in wanted)) print "addr del " address " dev kube-ipvs0" }
    ' phase=1 "$work/addresses.present" phase=2 "$work/addresses.wanted" >"$work/addresses.change" ||
        fail "cannot write to $work"
    ip -batch "$work/addresses.change" || fail 'ip did not take the addresses of kube-ipvs0'
    [ -s "$work/addresses.wanted" ] || ip link del dev kube-ipvs0 || fail 'cannot remove the device kube-ipvs0'
}
`;
