import { count, listNames } from '../diagnostic/report.ts';
import { deviceTo, type Host, isLocal } from '../lang/packet/host.ts';
import type { KernelFacts, UdpFlow } from '../lang/packet/kernel-facts.ts';
import { familyOf, joinHostPort } from '../model/ip.ts';
import type { Connection, ConnectionVerdict, ExplainedStep, ExplainedWay } from './explanation.ts';
import { missingRoutes } from './missing-routes.ts';
import type { WantedClient } from './plan-connection.ts';
import type { Target } from './targets.ts';

/** The kernel of a node, as far as its own text tells. */
export interface NodeKernel extends KernelFacts {
  /** The bridges that interfaces are ports of. */
  readonly bridges: ReadonlyMap<string, string>;
}

/** What is known when a connection has been followed through rules. */
export interface KernelQuestion {
  readonly client: WantedClient;
  readonly connection: Connection;
  readonly ways: readonly ExplainedWay[];
  /** The steps that all ways have in common. */
  readonly path: readonly ExplainedStep[];
  readonly host: Host;
  readonly target: Target | undefined;
  /** The rules are those of a node. */
  readonly isLive: boolean;
  /** undefined: nothing is known. */
  readonly kernel: NodeKernel | undefined;
}

export interface KernelAnswer {
  /** Why nothing gets through, whatever the rules say; undefined: nothing is known that stops it. */
  readonly obstacle: string | undefined;
  /** What is so, or matters most. */
  readonly notes: readonly string[];
  /** What nearly always is so, and is taken for granted. */
  readonly assumptions: readonly string[];
}

/**
 * What settings of the kernel and what it remembers do with a connection that rules let through. What is not known is
 * said only where the answer hangs on it.
 */
export function askKernel(question: KernelQuestion): KernelAnswer {
  const served = question.ways.filter(({ result }) => result === 'endpoint');
  const hasOtherTables = (question.kernel?.routingRules.length ?? 0) > 0;
  const missing = missingRoutes({ ...question, hasOtherTables });
  if (served.length === 0)
    return {
      obstacle: missing.obstacle,
      notes: [...missing.notes, ...gapNotes(question.kernel)],
      assumptions: [],
    };
  const asked = { ...question, served };
  const [stop] = [forwarding(asked), reversePath(asked), localnet(asked)].flatMap((each) => each ?? []);
  const notes = [
    ...(stop === undefined ? [] : [stop.remedy]),
    ...missing.notes,
    ...hairpinNotes(asked),
    ...bridgeNotes(asked),
    ...localPolicyNotes(asked),
    ...localnetNotes(asked),
    ...flowNotes(asked),
    ...routingNotes(asked),
    ...gapNotes(question.kernel),
  ];
  return { obstacle: stop?.obstacle ?? missing.obstacle, notes, assumptions: unknownForwarding(asked) };
}

/** The verdict of rules, where the kernel does not let a packet come so far. */
export function withObstacle(verdict: ConnectionVerdict, obstacle: string | undefined): ConnectionVerdict {
  if (obstacle === undefined || verdict.kind === 'refused') return verdict;
  return { kind: 'refused', text: `${obstacle}; by the rules alone: ${verdict.text}` };
}

interface Asked extends KernelQuestion {
  /** The ways to endpoints: at least one. */
  readonly served: readonly ExplainedWay[];
}

interface Stop {
  readonly obstacle: string;
  readonly remedy: string;
}

function settingOf({ kernel }: KernelQuestion, name: string): string | undefined {
  return kernel?.settings.get(name);
}

/** The larger one of an interface and of all, as the kernel takes it (net/ipv4/devinet.c, IN_DEV_MAXCONF); `device` as it is. */
function ofInterface(asked: Asked, name: string, device: string | undefined): number | undefined {
  const all = settingOf(asked, `net.ipv4.conf.all.${name}`);
  const own =
    device === undefined
      ? undefined
      : settingOf(asked, `net.ipv4.conf.${device.replaceAll('.', '/')}.${name}`);
  return all === undefined ? undefined : Math.max(Number(all), Number(own ?? 0));
}

function forwardSetting({ connection }: Asked): string {
  return familyOf(connection.destination) === 'IPv4' ? 'net.ipv4.ip_forward' : 'net.ipv6.conf.all.forwarding';
}

/** What neither comes from the node nor goes to it passes through it. */
function isForwarded({ connection, served, host }: Asked): boolean {
  return connection.origin !== 'node' && served.every(({ destination }) => !isLocal(host, destination));
}

function forwarding(asked: Asked): Stop | undefined {
  const name = forwardSetting(asked);
  if (!isForwarded(asked) || settingOf(asked, name) !== '0') return undefined;
  return {
    obstacle: `dropped by the kernel, which does not forward (${name} = 0)`,
    remedy: `sysctl -w ${name}=1 lets it forward; a file in /etc/sysctl.d keeps that`,
  };
}

function unknownForwarding(asked: Asked): readonly string[] {
  const name = forwardSetting(asked);
  if (!asked.isLive || !isForwarded(asked) || settingOf(asked, name) !== undefined) return [];
  return [`the node must forward as well (${name} = 1): "svcgen doctor" tells if it does`];
}

function reversePath(asked: Asked): Stop | undefined {
  const { client, connection, host } = asked;
  const back = deviceTo(host, connection.source);
  const came = client.inInterface;
  if (connection.origin === 'node' || came === undefined || back === undefined || came === back)
    return undefined;
  if (familyOf(connection.source) !== 'IPv4' || ofInterface(asked, 'rp_filter', came) !== 1) return undefined;
  return {
    obstacle: `dropped by the kernel: it comes in by ${came}, and the way back to ${connection.source} is ${back} (rp_filter = 1)`,
    remedy: `take a route to ${connection.source} by ${came}, or sysctl -w net.ipv4.conf.${came.replaceAll('.', '/')}.rp_filter=2`,
  };
}

function isLoopback({ destination }: Connection): boolean {
  return destination.startsWith('127.');
}

function localnet(asked: Asked): Stop | undefined {
  if (!isLoopback(asked.connection) || ofInterface(asked, 'route_localnet', undefined) !== 0)
    return undefined;
  const [{ destination } = { destination: '' }] = asked.served;
  if (ofInterface(asked, 'route_localnet', deviceTo(asked.host, destination)) !== 0) return undefined;
  return {
    obstacle: 'dropped by the kernel, which sends nothing from 127.0.0.0/8 elsewhere (route_localnet = 0)',
    remedy:
      'take an address of the node; kube-proxy sets net.ipv4.conf.all.route_localnet = 1 unless told not to',
  };
}

function localnetNotes(asked: Asked): readonly string[] {
  if (!isLoopback(asked.connection) || ofInterface(asked, 'route_localnet', undefined) !== undefined)
    return [];
  return ['it takes net.ipv4.conf.all.route_localnet = 1, which kube-proxy sets: else the kernel drops it'];
}

/** A pod that reaches itself: its packets go back where they came from. */
function hairpinNotes(asked: Asked): readonly string[] {
  const { connection, served, host, kernel } = asked;
  if (!served.some(({ destination }) => destination === connection.source) || connection.origin === 'node')
    return [];
  const device = deviceTo(host, connection.source);
  const ports = [...(kernel?.bridges ?? [])].flatMap(([port, bridge]) => (bridge === device ? port : []));
  const modes = ports.flatMap((port) => kernel?.hairpinPorts.get(port) ?? []);
  const who = `where ${connection.source} is chosen, the pod reaches itself`;
  if (device !== undefined && kernel !== undefined && ports.length === 0) return [];
  if (modes.length === 0 || new Set(modes).size > 1)
    return [
      `${who}: the port of its bridge needs hairpin mode, or the bridge promiscuous mode (kubelet --hairpin-mode); else it times out`,
    ];
  if (modes[0] === true) return [];
  return [
    `${who}, which times out unless ${device} is promiscuous: no port of ${device} has hairpin mode (bridge link set dev PORT hairpin on)`,
  ];
}

/** Between ports of one bridge, answers do not pass the rules that would translate them back, unless the bridge asks. */
function bridgeNotes(asked: Asked): readonly string[] {
  const { connection, served, host, kernel } = asked;
  if (connection.origin !== 'pod') return [];
  const device = deviceTo(host, connection.source);
  const near = served.filter(
    ({ source, destination }) =>
      source.kind === 'kept' &&
      destination !== connection.source &&
      (device === undefined
        ? asked.target !== undefined && isOnNode(asked, destination)
        : deviceTo(host, destination) === device),
  );
  if (near.length === 0) return [];
  const name =
    familyOf(connection.source) === 'IPv4' ? 'bridge-nf-call-iptables' : 'bridge-nf-call-ip6tables';
  const who = listNames([...new Set(near.map(({ destination }) => destination))]);
  const isBridge = device !== undefined && [...(kernel?.bridges.values() ?? [])].includes(device);
  if (device !== undefined && kernel !== undefined && kernel.bridges.size > 0 && !isBridge) return [];
  const value = settingOf(asked, `net.bridge.${name}`);
  if (value === '1') return [];
  const isKnown = isBridge && (kernel?.settings.size ?? 0) > 0;
  const lost = `answers of ${who} go straight to the pod with their own address, and it does not know them`;
  return [
    isKnown
      ? `${lost}: net.bridge.${name} is ${value ?? 'not there (modprobe br_netfilter)'}; to do: sysctl -w net.bridge.${name}=1`
      : `where both pods are ports of one bridge it takes br_netfilter with net.bridge.${name} = 1: else ${lost}`,
  ];
}

function isOnNode({ target }: Asked, ip: string): boolean {
  return target?.servicePort.reachable.some((each) => each.isLocal && each.ip === ip) === true;
}

/** Where the client's address stays, answers leave by the route to the client, and packets must come in there. */
function localPolicyNotes(asked: Asked): readonly string[] {
  const { client, connection, served, kernel, host } = asked;
  const isFromOutside = connection.origin === 'outside' && client.inInterface === undefined;
  const isKept = isExternal(asked) && served.some(({ source }) => source.kind === 'kept');
  if (!isFromOutside || !isKept || familyOf(connection.source) !== 'IPv4') return [];
  if (kernel === undefined || kernel.settings.size === 0)
    return [
      'with rp_filter = 1, the kernel drops it unless it comes in by the interface that leads back to the client',
    ];
  const device = deviceTo(host, connection.source);
  if (ofInterface(asked, 'rp_filter', device) !== 1) return [];
  return [
    `rp_filter is 1${device === undefined ? '' : `, and the way back to ${connection.source} is ${device}`}: what comes in by another interface is dropped`,
  ];
}

/** Without manifests, the words of a rule tell: clients keep their addresses where the policy is Local. */
function isExternal({ target, path, served }: Asked): boolean {
  if (target !== undefined) return target.role !== 'clusterIP';
  const steps = [...path, ...served.flatMap((way) => way.path)];
  return steps.some(({ words }) => words?.includes('externalTrafficPolicy: Local') === true);
}

/** Conntrack sends what belongs to a flow where the flow went, whatever rules say now. */
function flowNotes({ connection, served, kernel, isLive }: Asked): readonly string[] {
  const { protocol, destination, port } = connection;
  if (protocol !== 'udp') return [];
  const to = joinHostPort(destination, port);
  const isKnown = kernel !== undefined && kernel.settings.size > 0;
  if (!isKnown) {
    return isLive
      ? [
          `UDP: a client that keeps its source port stays at the endpoint of its flow, even when that is gone: conntrack -L -p udp --orig-dst ${destination}`,
        ]
      : [];
  }
  const flows = kernel.flows.filter((flow) => flow.destination === destination && flow.port === port);
  const ends = new Set(served.map((way) => joinHostPort(way.destination, way.port)));
  const stale = flows.filter((flow) => !ends.has(endOf(flow)));
  if (stale.length === 0) return [];
  const gone = [...new Set(stale.map(endOf))];
  return [
    `conntrack still sends ${count(stale.length, 'flow')} of UDP from ${to} to ${listNames(gone)}, where these rules lead nobody; to do: ${[
      ...new Set(
        stale.map(({ endpoint }) => `conntrack -D -p udp --orig-dst ${destination} --reply-src ${endpoint}`),
      ),
    ]
      .slice(0, 3)
      .join('; ')}`,
  ];
}

function endOf({ endpoint, endpointPort }: UdpFlow): string {
  return joinHostPort(endpoint, endpointPort);
}

function routingNotes({ kernel, host }: Asked): readonly string[] {
  const [first] = kernel?.routingRules ?? [];
  if (first === undefined || host.routes === undefined) return [];
  return [
    `ip rule has ${count(kernel?.routingRules.length ?? 0, 'rule')} of its own (${first.replaceAll(/\s+/g, ' ')}), which may choose other interfaces than the main table`,
  ];
}

function gapNotes(kernel: NodeKernel | undefined): readonly string[] {
  return kernel?.gaps.map((gap) => `the text of the node lacks ${gap}`) ?? [];
}
