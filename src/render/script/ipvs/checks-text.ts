import { SHELL_SETTINGS } from '../shell-text.ts';

/** How the script of ipvs mode starts. */
export const IPVS_HEADER = `#!/bin/sh
# Makes this node serve the Services of a Kubernetes cluster with IPVS. Needs root; made by svcgen.
#
# It brings the host from what it has to what is wanted: running it again changes nothing. Run after a change of the
# manifests it adds, edits and removes only what differs, so connections to endpoints that stay live on. Virtual
# servers, sets and rules of others stay as they are.
${SHELL_SETTINGS}`;

/** Functions that look whether the host has what is needed, before anything is changed. */
export const SHELL_CHECKS = String.raw`
check_tools() {
    missing=
    for tool in ipset ipvsadm; do
        command -v "$tool" >/dev/null || missing="$missing $tool"
    done
    # Others, like that of BusyBox, know no batches.
    case $(ip -V 2>/dev/null) in *iproute2*) ;; *) missing="$missing ip (of iproute2)" ;; esac
    [ -z "$missing" ] || fail "missing:$missing" \
        '(Debian, Ubuntu: apt-get install ipvsadm ipset iproute2; Fedora: dnf install ipvsadm ipset iproute;' \
        'Alpine: apk add ipvsadm ipset iproute2)'
}

# load_module MODULE: where there is modprobe; built-in ones and those of the host of a container need none.
load_module() {
    [ -d "/sys/module/$1" ] || modprobe -q "$1" 2>/dev/null || :
}

# check_kernel SCHEDULER
check_kernel() {
    for module in ip_vs "ip_vs_$1" dummy xt_set; do
        load_module "$module"
    done
    [ -e /proc/net/ip_vs ] || fail 'the kernel has no IPVS: the module ip_vs cannot be loaded' \
        "(try: modprobe ip_vs; Ubuntu: apt-get install linux-modules-extra-$(uname -r); Fedora: dnf install kernel-modules;" \
        'in a container: modprobe it on the host). svcgen render --mode iptables does without'
    read_servers
    ! grep -E -q -e " -s $1( |\$)" "$work/servers.present" || return 0
    ! grep -F -q -e "-A -t $TRIAL " "$work/servers.present" ||
        fail "somebody uses the virtual server $TRIAL, at an address that is for documentation only: ipvsadm -D -t $TRIAL"
    at_exit=end_trial
    ipvsadm -A -t "$TRIAL" -s "$1" || fail "the kernel has no IPVS scheduler $1:" \
        "the module ip_vs_$1 cannot be loaded (try: modprobe ip_vs_$1), or choose another one with --ipvs-scheduler"
    ipvsadm -D -t "$TRIAL" || fail 'ipvsadm cannot remove a virtual server'
    at_exit=:
}

end_trial() {
    ipvsadm -D -t "$TRIAL" 2>/dev/null
}

# kernel_before MAJOR MINOR
kernel_before() {
    release=$(uname -r)
    major=${'$'}{release%%.*}
    minor=${'$'}{release#*.}
    minor=${'$'}{minor%%[!0-9]*}
    [ "$major" -lt "$1" ] || { [ "$major" -eq "$1" ] && [ "$minor" -lt "$2" ]; }
}

# try_rules FAMILY COMMAND: whether the kernel would take what was planned. The sets must be there for that.
try_rules() {
    "$2-restore" -w "$WAIT" --noflush --test <"$work/$1.restore" ||
        fail "$1: $2-restore would not take the rules; nothing was changed"
}
`;
