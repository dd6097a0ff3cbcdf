import { type Addresses, bothFamilies, LOCAL_PODS, type LocalPodName, REMOTE_PODS } from './addresses.ts';
import type { Listener } from './agent-protocol.ts';
import { type Namespace, startNamespace } from './namespace.ts';

/**
 * A small cluster of network namespaces, dual-stack:
 *
 *     client ── node ── peer (the default gateway; it holds the remote pods d, e, f)
 *             / │ \
 *            a  b  c  (the node's own pods)
 *
 * The peer answers "unreachable" for every address that nobody has, so a service address that no rule serves is
 * told from one that is rejected or dropped.
 */
export interface Lab {
  readonly node: Namespace;
  readonly client: Namespace;
  readonly peer: Namespace;
  readonly pods: Readonly<Record<LocalPodName, Namespace>>;
  stop(): Promise<void>;
}

/** Ports that every pod serves on, TCP and UDP. */
const POD_PORTS = [8080, 9090] as const;
/** A port that the node itself serves on at all its addresses, TCP and UDP. */
export const NODE_PORT = 6443;
/** A port that the node serves on its loopback addresses only, TCP. */
export const LOOPBACK_PORT = 7777;
/** A TCP port of the node that answers the load balancer's health checks. */
export const HEALTH_CHECK_PORT = 32001;

/** How the lab gets a namespace, and those to be connected with it. */
export type StartNamespace = (name: string, sharedWith?: number) => Promise<Namespace>;

/** Builds the lab and starts all servers: in namespaces of this machine, unless told otherwise. */
export async function startLab(start: StartNamespace = startNamespace): Promise<Lab> {
  const node = await start('node');
  const [client, peer, a, b, c] = await Promise.all([
    start('client', node.pid),
    start('peer', node.pid),
    start('pod-a', node.pid),
    start('pod-b', node.pid),
    start('pod-c', node.pid),
  ]);
  const lab = { node, client, peer, pods: { a, b, c } };
  const all = [node, client, peer, a, b, c];
  const stop = async () => {
    await Promise.all(all.map((namespace) => namespace.stop()));
  };
  try {
    await Promise.all(all.map(prepare));
    await configureLinks(lab);
    await startServers(lab);
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...lab, stop };
}

/** Addresses are usable at once (no duplicate address detection), ICMP errors are not rate-limited. */
async function prepare(namespace: Namespace): Promise<void> {
  await namespace.sysctl([
    ['net/ipv6/conf/all/accept_dad', '0'],
    ['net/ipv6/conf/default/accept_dad', '0'],
    ['net/ipv4/icmp_ratelimit', '0'],
    ['net/ipv6/icmp/ratelimit', '0'],
  ]);
  // These belong to the namespace in later kernels only; in earlier ones they are not there.
  const limits = 'for limit in per_sec burst; do echo 10000 > /proc/sys/net/ipv4/icmp_msgs_$limit; done';
  await namespace.run(['sh', '-c', limits]);
}

type Links = Omit<Lab, 'stop'>;

async function configureLinks(lab: Links): Promise<void> {
  const { node, client, peer, pods } = lab;
  await ipBatch(node, [
    `link add out0 type veth peer name eth0 netns ${client.pid}`,
    `link add peer0 type veth peer name eth0 netns ${peer.pid}`,
    ...LOCAL_PODS.map((name) => `link add ${podLink(name)} type veth peer name eth0 netns ${pods[name].pid}`),
    ...['out0', 'peer0', ...LOCAL_PODS.map(podLink)].map((link) => `link set ${link} up`),
    ...bothFamilies.flatMap(nodeAddresses),
  ]);
  await Promise.all([
    ipBatch(client, ['link set eth0 up', ...bothFamilies.flatMap(clientAddresses)]),
    ipBatch(peer, ['link set eth0 up', ...bothFamilies.flatMap(peerAddresses)]),
    ...LOCAL_PODS.map((name) =>
      ipBatch(pods[name], ['link set eth0 up', ...bothFamilies.flatMap((net) => podAddresses(net, name))]),
    ),
  ]);
  await ipBatch(node, bothFamilies.flatMap(nodeRoutes));
  await forward(peer, true);
  await forward(node, true);
}

/** Switches forwarding between interfaces on or off, for both families. */
export async function forward(namespace: Namespace, on: boolean): Promise<void> {
  const value = on ? '1' : '0';
  await namespace.sysctl([
    ['net/ipv4/ip_forward', value],
    ['net/ipv6/conf/all/forwarding', value],
  ]);
}

/** The node's interface that leads to a pod. */
export function podLink(name: LocalPodName): string {
  return `pod-${name}`;
}

function nodeAddresses(net: Addresses): string[] {
  return [
    `addr add ${net.node}/${linkLength(net)} dev out0 ${nodad(net)}`,
    `addr add ${net.nodeOnPeerLink}/${linkLength(net)} dev peer0 ${nodad(net)}`,
    ...LOCAL_PODS.map(
      (name) => `addr add ${net.nodeOnPodLinks}/${hostLength(net)} dev ${podLink(name)} ${nodad(net)}`,
    ),
  ];
}

function nodeRoutes(net: Addresses): string[] {
  return [
    ...LOCAL_PODS.map((name) => `route add ${net.pods[name]}/${hostLength(net)} dev ${podLink(name)}`),
    `route add default via ${net.peer}`,
  ];
}

function clientAddresses(net: Addresses): string[] {
  return [
    `addr add ${net.client}/${linkLength(net)} dev eth0 ${nodad(net)}`,
    // A preferred lifetime of 0: for those who ask for this source address, and nobody else.
    ...[net.stranger, ...net.crowd].map(
      (address) => `addr add ${address}/${linkLength(net)} dev eth0 preferred_lft 0 ${nodad(net)}`,
    ),
    `route add default via ${net.node}`,
  ];
}

function peerAddresses(net: Addresses): string[] {
  return [
    `addr add ${net.peer}/${linkLength(net)} dev eth0 ${nodad(net)}`,
    ...REMOTE_PODS.map((name) => `addr add ${net.pods[name]}/${hostLength(net)} dev lo ${nodad(net)}`),
    `route add ${net.nodePodCIDR} via ${net.nodeOnPeerLink}`,
    `route add ${net.outsideCIDR} via ${net.nodeOnPeerLink}`,
    `route add prohibit ${net.family === 'IPv4' ? '0.0.0.0/0' : '::/0'}`,
  ];
}

function podAddresses(net: Addresses, name: LocalPodName): string[] {
  return [
    `addr add ${net.pods[name]}/${hostLength(net)} dev eth0 ${nodad(net)}`,
    `route add ${net.nodeOnPodLinks}/${hostLength(net)} dev eth0`,
    `route add default via ${net.nodeOnPodLinks} dev eth0`,
  ];
}

function linkLength({ family }: Addresses): number {
  return family === 'IPv4' ? 24 : 64;
}

function hostLength({ family }: Addresses): number {
  return family === 'IPv4' ? 32 : 128;
}

function nodad({ family }: Addresses): string {
  return family === 'IPv4' ? '' : 'nodad';
}

async function ipBatch(namespace: Namespace, lines: readonly string[]): Promise<void> {
  await namespace.must(['ip', '-batch', '-'], `${lines.join('\n')}\n`);
}

async function startServers({ node, peer, pods }: Links): Promise<void> {
  await Promise.all([
    ...LOCAL_PODS.map((name) =>
      pods[name].listen(
        bothFamilies.flatMap((net) => POD_PORTS.flatMap((port) => both(net.pods[name], port))),
      ),
    ),
    peer.listen(
      bothFamilies.flatMap((net) =>
        REMOTE_PODS.flatMap((name) => POD_PORTS.flatMap((port) => both(net.pods[name], port))),
      ),
    ),
    node.listen(bothFamilies.flatMap(nodeListeners)),
  ]);
}

function nodeListeners(net: Addresses): Listener[] {
  return [
    ...both(net.node, NODE_PORT),
    { address: net.node, protocol: 'tcp', port: HEALTH_CHECK_PORT },
    { address: net.loopback, protocol: 'tcp', port: LOOPBACK_PORT },
  ];
}

function both(address: string, port: number): Listener[] {
  return [
    { address, protocol: 'tcp', port },
    { address, protocol: 'udp', port },
  ];
}
