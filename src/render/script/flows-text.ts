import { restoreWord } from '../../lang/text/quote.ts';
import type { IPFamily } from '../../model/cluster.ts';
import { type NodePortMatch, type NodeState, proxyPortOf, type ServicePort } from '../../model/node-state.ts';
import { hereDocument } from './parts.ts';

/** Where clients send what goes over UDP, and who may be at the other end of what conntrack remembers of that. */
export interface FlowTarget {
  readonly family: IPFamily;
  /** NODE and LOOPBACK stand for several. */
  readonly address: string;
  readonly port: number;
  readonly servers: readonly FlowServer[];
}

interface FlowServer {
  readonly address: string;
  readonly port: number;
}

/** Every address of the node but those of loopback. */
const NODE = '*';
const LOOPBACK = 'lo';

/**
 * The targets of a node whose rules lead to endpoints. Every endpoint that serves may keep its flows, whatever policies,
 * hints and its own end say: they are for new ones (`CleanStaleEntries`, pkg/proxy/conntrack/cleanup.go of kube-proxy
 * 1.32 and later, which looks after UDP alone; since 1.33 by address and port). Where none serves, no flow is kept.
 */
export function endpointFlows(states: readonly NodeState[]): readonly FlowTarget[] {
  return states.flatMap((state) =>
    state.servicePorts
      .filter(({ protocol }) => protocol === 'UDP')
      .flatMap((servicePort) =>
        targetsOf(servicePort, state.nodePortAddresses).map((target) => ({
          ...target,
          family: state.family,
          servers: servicePort.serving.map(({ ip, port }) => ({ address: ip, port })),
        })),
      ),
  );
}

/** The targets of a node whose rules lead to a proxy on it: flows go on to whichever of its ports is of that Service. */
export function proxyFlows(states: readonly NodeState[]): readonly FlowTarget[] {
  return states.flatMap((state) =>
    state.servicePorts
      .filter(({ protocol }) => protocol === 'UDP')
      .flatMap((servicePort) => {
        const ports = servicePort.pools.map(({ scope }) => proxyPortOf(state, servicePort, scope));
        const servers = ports.flatMap((port) => (port === undefined ? [] : [{ address: NODE, port }]));
        return targetsOf(servicePort, state.nodePortAddresses).map((target) => ({
          ...target,
          family: state.family,
          servers,
        }));
      }),
  );
}

/** Where a service port is reached. */
function targetsOf(
  { clusterIP, externalIPs, loadBalancerIPs, port, nodePort }: ServicePort,
  match: NodePortMatch,
): readonly Pick<FlowTarget, 'address' | 'port'>[] {
  const addresses = new Set([clusterIP, ...externalIPs, ...loadBalancerIPs]);
  const virtual = [...addresses].map((address) => ({ address, port }));
  if (nodePort === 0) return virtual;
  return [...virtual, ...nodePortPlaces(match).map((address) => ({ address, port: nodePort }))];
}

function nodePortPlaces(match: NodePortMatch): readonly string[] {
  if (match.kind === 'addresses') return match.addresses;
  return match.loopback ? [NODE, LOOPBACK] : [NODE];
}

/** Shell functions that know these targets, and `reconcile_flows`, to be called when the rules are in place. */
export function* flowsFunctions(targets: readonly FlowTarget[]): Generator<string> {
  if (targets.length === 0) return;
  yield '\n# What goes over UDP: family, address (*: any of this node, lo: loopback ones) and port of a target, then its endpoints.';
  yield* hereDocument('wanted_flows', targetLines(targets));
  yield RECONCILE;
}

/** A step of a script: the call, or nothing where there is nothing to do. */
export function flowsStep(targets: readonly FlowTarget[]): readonly string[] {
  return targets.length === 0 ? [] : ['reconcile_flows'];
}

function* targetLines(targets: readonly FlowTarget[]): Generator<string> {
  for (const { family, address, port, servers } of targets) {
    const words = servers.map((server) => `${addressWord(server.address)},${server.port}`);
    yield `${[family.toLowerCase(), addressWord(address), port, ...words].join(' ')}\n`;
  }
}

function addressWord(address: string): string {
  return address === NODE ? address : restoreWord(address);
}

const RECONCILE = String.raw`
# reconcile_flows: conntrack remembers where a flow over UDP goes for as long as its client keeps sending, even when that
# endpoint is gone. Entries of our targets that lead to no endpoint of theirs go, so that rules decide anew.
reconcile_flows() {
    if ! command -v conntrack >/dev/null; then
        note 'there is no command conntrack, so clients over UDP may go on sending to endpoints that are gone' \
            '(Debian, Ubuntu: apt-get install conntrack; Fedora: dnf install conntrack-tools;' \
            'Alpine: apk add conntrack-tools)'
        return 0
    fi
    wanted_flows >"$work/flows.wanted" || fail "cannot write to $work"
    for kind in ipv4 ipv6; do
        grep -q -e "^$kind " "$work/flows.wanted" || continue
        if ! conntrack -L -f "$kind" -p udp >"$work/flows.present" 2>"$work/message"; then
            note "clients over UDP may go on sending to endpoints that are gone: $(head -n 1 "$work/message")"
            return 0
        fi
        stale_flows "$kind" >"$work/flows.stale" || fail "cannot write to $work"
        while read -r to port from from_port; do
            # Some may have ended meanwhile.
            conntrack -D -f "$kind" -p udp --orig-dst "$to" --orig-port-dst "$port" \
                --reply-src "$from" --reply-port-src "$from_port" >/dev/null 2>&1 || :
        done <"$work/flows.stale"
    done
}

# stale_flows FAMILY: address and port that clients send to, and that answers come from, of entries that are to go. Those
# of a zone belong to whoever made the zone.
stale_flows() {
    for file in fib_trie if_inet6; do
        [ ! -r "/proc/net/$file" ] || cat "/proc/net/$file" || return 1
    done >"$work/local"
    awk -v family="$1" '
        # An address of IPv6 as 32 digits.
        function digits(address,    halves, left, right, l, r, text, i) {
            halves = split(address, part, "::")
            l = split(part[1], left, ":")
            r = halves > 1 ? split(part[2], right, ":") : 0
            for (i = 1; i <= l; i++) text = text substr("0000" left[i], length(left[i]) + 1)
            for (i = l + r; i < 8; i++) text = text "0000"
            for (i = 1; i <= r; i++) text = text substr("0000" right[i], length(right[i]) + 1)
            return text
        }
        # What stands for an address in targets of NodePorts; nothing: it is not one of this node.
        function place(address) {
            if (address ~ /^127\./ || address == "::1") return "lo"
            return (family == "ipv6" ? digits(address) : address) in own ? "*" : ""
        }
        phase == 1 && $1 ~ /-- *$/ { host = $2 }
        phase == 1 && $1 == "/32" && $3 == "LOCAL" { own[host] }
        phase == 1 && length($1) == 32 { own[$1] }
        phase == 2 && $1 == family {
            target[$2, $3]
            if ($2 == "*") on_node[$3]
            for (i = 4; i <= NF; i++) server[$2, $3, $i]
        }
        phase == 3 && !/ zone/ {
            count = 0
            for (i = 1; i <= NF; i++) if ($i ~ /^(src|dst|sport|dport)=/) {
                value = $i
                sub(/^[a-z]*=/, "", value)
                field[++count] = value
            }
            if (count < 8) next
            # src dst sport dport, of the client and of who answers.
            to = field[2]
            if (!((to, field[4]) in target)) {
                if (!(field[4] in on_node)) next
                to = place(to)
                if (!((to, field[4]) in target)) next
            }
            if ((to, field[4], field[5] "," field[7]) in server || (to, field[4], "*," field[7]) in server) next
            key = field[2] " " field[4] " " field[5] " " field[7]
            if (!(key in told)) print key
            told[key]
        }
    ' phase=1 "$work/local" phase=2 "$work/flows.wanted" phase=3 "$work/flows.present"
}
`;
