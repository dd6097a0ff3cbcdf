import { portsByService } from '../compare/traffic/service-traffic.ts';
import { count } from '../diagnostic/report.ts';
import { type Role, type Target, targetsOf } from '../explain/connection/targets.ts';
import { describeChooser } from '../explain/verdict/describe-chooser.ts';
import { isHeadless, isProxied } from '../kubernetes/services.ts';
import type { Host } from '../lang/packet/host.ts';
import { type Cluster, type IPFamily, objectKey, type Service } from '../model/cluster.ts';
import { joinHostPort } from '../model/ip.ts';
import type { NodeState, NodeStates, ServicePort } from '../model/node-state.ts';
import type { ProxyConfig } from '../model/proxy-config.ts';
import { MODES } from '../modes/index.ts';
import { type EndpointCandidate, mergeCandidates } from '../resolve/proxy/candidates.ts';
import { type SliceLookup, sliceLookup } from '../resolve/proxy/service-slices.ts';
import { type Choice, choicesOf, describeChoice, isSameChoice } from './choice.ts';
import { addEndpoints, addUnselectedPods, type PodLookups, podLookups } from './endpoint-boxes.ts';
import { type Canvas, createCanvas, type Picture } from './picture.ts';

/** What pictures are made of. */
export interface Scene {
  readonly cluster: Cluster;
  /** What the node serves; where none is named, as if no policy was Local. */
  readonly states: NodeStates;
  readonly config: ProxyConfig;
}

/** So many addresses and ports are drawn: nobody reads more, and a manifest may have millions. */
const MAX_TARGETS = 200;

/** What the picture of one Service needs. */
interface Stage {
  /** Changes: how many addresses and ports have been drawn, and how many have not. */
  readonly targets: { drawn: number; left: number };
  readonly canvas: Canvas;
  readonly service: Service;
  readonly config: ProxyConfig;
  readonly around: PodLookups;
  readonly slicesOf: SliceLookup;
  readonly client: (kind: Client) => string;
}

type Client = 'pods' | 'node' | 'outside';

/** Draws Services, one after the other. What they have in common is made once. */
export function pictureMaker({ cluster, states, config }: Scene): (service: Service) => Picture {
  const slicesOf = sliceLookup(cluster);
  const around = podLookups(cluster);
  const sides = [...states.values()].map((state) => ({
    state,
    host: MODES[config.mode].host(state, config.nodeIPs),
    ports: portsByService(state),
  }));
  return (service) => {
    const canvas = createCanvas();
    const client = clientBoxes(canvas, config);
    const targets = { drawn: 0, left: 0 };
    const stage = { targets, canvas, service, config, around, slicesOf, client };
    const taken = new Set<string>();
    for (const { state, host, ports } of sides) {
      for (const port of ports.get(objectKey(service)) ?? []) drawPort(stage, port, { state, host }, taken);
    }
    if (targets.left > 0) canvas.say(`${targets.left} more addresses and ports are not drawn`);
    if (isHeadless(service)) drawHeadless(stage, [...states.keys()], taken);
    else if (service.type === 'ExternalName') drawExternalName(stage);
    else if (!isProxied(service)) drawUnproxied(stage);
    addUnselectedPods(canvas, service, around, taken);
    return canvas.picture({ service: objectKey(service), title: titleOf(service, config) });
  };
}

function titleOf(service: Service, { nodeName, mode }: ProxyConfig): string {
  const type = isHeadless(service) ? 'headless' : service.type;
  const name = `${objectKey(service)}: ${type}`;
  if (isHeadless(service) || service.type === 'ExternalName') return `${name}, which only DNS knows`;
  return nodeName === undefined ? `${name}, ${mode} mode` : `${name}, ${mode} mode on ${nodeName}`;
}

/** A box for each kind of clients, made when the first arrow begins there. */
function clientBoxes(canvas: Canvas, { nodeName }: ProxyConfig): Stage['client'] {
  const of = nodeName === undefined ? 'of any node' : `of ${nodeName}`;
  const words: Readonly<Record<Client, { readonly title: string; readonly details: readonly string[] }>> = {
    pods: { title: 'pods', details: [of] },
    node: { title: nodeName ?? 'the node', details: ['its own processes'] },
    outside: { title: 'outside', details: ['of the cluster'] },
  };
  const made = new Map<Client, string>();
  return (kind) => {
    const id = made.get(kind) ?? canvas.box({ column: 'client', addresses: [kind], ...words[kind] });
    made.set(kind, id);
    return id;
  };
}

interface Side {
  readonly state: NodeState;
  readonly host: Host;
}

/** Draws one port of a Service in one family. */
function drawPort(stage: Stage, port: ServicePort, side: Side, taken: Set<string>): void {
  const { canvas, service, around, targets } = stage;
  const { state } = side;
  const all = targetsOf(port);
  const shown = all.slice(0, Math.max(MAX_TARGETS - targets.drawn, 0));
  targets.drawn += shown.length;
  targets.left += all.length - shown.length;
  if (shown.length === 0) return;
  const candidates = candidatesOf(stage, port, state);
  for (const { ip } of candidates) taken.add(ip);
  const made: { readonly choice: Choice; readonly id: string }[] = [];
  const boxOf = (choice: Choice) => {
    const known = made.find((each) => isSameChoice(each.choice, choice));
    if (known !== undefined) return known.id;
    const how = describeChooser(chooserOf(choice, side.host));
    const id = canvas.box({
      column: 'choice',
      tone: choice.kind === 'endpoints' ? 'plain' : 'refused',
      ...describeChoice(choice, { how, nodeName: state.nodeName, hasEndpoints: candidates.length > 0 }),
    });
    made.push({ choice, id });
    return id;
  };
  const choices = choicesOf(port, service, stage.config);
  for (const target of shown) drawTarget(stage, target, choices, boxOf);
  const seats = candidates.map((candidate) => ({
    candidate,
    choices: made.flatMap(({ choice, id }) => (choice.hostPorts.has(candidate.hostPort) ? [id] : [])),
  }));
  const shares = new Map(made.map(({ choice, id }) => [id, choice.share]));
  const shareOf = (id: string) => shares.get(id) ?? '';
  addEndpoints(canvas, seats, { namespace: service.namespace, around, shareOf });
}

function candidatesOf(
  { service, slicesOf }: Stage,
  { name, protocol }: Pick<ServicePort, 'name' | 'protocol'>,
  { family, nodeName, proxy }: Pick<NodeState, 'family' | 'nodeName' | 'proxy'>,
): readonly EndpointCandidate[] {
  const slices = slicesOf(service).filter(({ addressType }) => addressType === family);
  return mergeCandidates(slices, { name: name.port, protocol }, { nodeName, facts: proxy });
}

/** The one that has these endpoints; undefined: chance chooses. */
function chooserOf({ hostPorts }: Choice, { virtualServers }: Host) {
  return virtualServers.find(({ realServers }) =>
    realServers.some(({ ip, port }) => hostPorts.has(joinHostPort(ip, port))),
  );
}

const NAMES: Readonly<Record<Role, string>> = {
  clusterIP: 'clusterIP',
  'external IP': 'external IP',
  'load balancer address': 'load balancer',
  nodePort: 'nodePort',
};

/** An address and port, who connects to it, and what they meet. */
function drawTarget(
  { canvas, client }: Stage,
  { role, ip, port, servicePort }: Target,
  { internal, outside, inside }: ReturnType<typeof choicesOf>,
  boxOf: (choice: Choice) => string,
): void {
  const admitted = role === 'load balancer address' ? servicePort.admitted : undefined;
  const portName = servicePort.name.port === '' ? '' : ` (${servicePort.name.port})`;
  const address = ip === undefined ? `*:${port}` : joinHostPort(ip, port);
  const title = `${address}/${servicePort.protocol}`;
  const details = [
    `${NAMES[role]}${portName}`,
    ...(admitted === undefined ? [] : [`open to ${admitted.ranges.join(', ')}`]),
  ];
  const id = canvas.box({ column: 'address', title, details, addresses: [address] });
  const meet = (clients: readonly Client[], choice: Choice, label: string) => {
    for (const each of clients) canvas.arrow(client(each), id);
    const box = boxOf(choice);
    canvas.arrow(id, box, { tone: choice.kind === 'endpoints' ? 'plain' : 'refused', label });
    const who = clients.map((each) => (each === 'node' ? 'the node' : each)).join(' and ');
    canvas.say(`${details[0]} ${title}, from ${who}: ${choice.words}`);
  };
  if (role === 'clusterIP') meet(['pods', 'node'], internal, '');
  else if (outside !== undefined && inside !== undefined) {
    const isSame = isSameChoice(outside, inside);
    meet(['outside'], outside, isSame ? '' : 'from outside');
    if (!isSame) meet(['pods', 'node'], inside, 'from inside');
  }
  if (admitted === undefined) return;
  const refused = canvas.box({
    column: 'choice',
    tone: 'refused',
    title: 'dropped',
    details: ['not in loadBalancerSourceRanges'],
  });
  canvas.arrow(id, refused, { tone: 'refused', label: 'others' });
  canvas.say(`${details[0]} ${title}, from other sources: dropped`);
}

/** Nodes do nothing for it: DNS answers with the addresses of the endpoints. */
function drawHeadless(
  { canvas, service, client, ...stage }: Stage,
  families: readonly IPFamily[],
  taken: Set<string>,
): void {
  const { namespace, name } = service;
  const dns = canvas.box({
    column: 'address',
    title: `${name}.${namespace}`,
    details: ['headless: a name in DNS'],
  });
  canvas.arrow(client('pods'), dns);
  const { proxy } = stage.config.kubernetes;
  for (const port of service.ports) {
    const identity = { name: { namespace, name, port: port.name }, protocol: port.protocol };
    const all = families.flatMap((family) =>
      candidatesOf({ canvas, service, client, ...stage }, identity, { family, nodeName: undefined, proxy }),
    );
    for (const { ip } of all) taken.add(ip);
    const ready = all.filter(({ source }) => source.ready);
    const id = canvas.box({
      column: 'choice',
      tone: ready.length === 0 ? 'refused' : 'plain',
      title: ready.length === 0 ? 'no such name' : 'the client chooses',
      details: [ready.length === 0 ? 'no endpoint is ready' : `DNS names ${count(ready.length, 'endpoint')}`],
    });
    canvas.arrow(dns, id, { tone: ready.length === 0 ? 'refused' : 'plain' });
    canvas.say(`port ${port.port}/${port.protocol}: DNS names ${count(ready.length, 'endpoint')}`);
    const seats = all.map((candidate) => ({ candidate, choices: candidate.source.ready ? [id] : [] }));
    addEndpoints(canvas, seats, { namespace, around: stage.around, shareOf: () => '' });
  }
}

function drawExternalName({ canvas, service: { namespace, name, externalName = '' }, client }: Stage): void {
  const dns = canvas.box({ column: 'address', title: `${name}.${namespace}`, details: ['a name in DNS'] });
  const alias = canvas.box({ column: 'choice', title: 'CNAME', details: ['DNS answers with another name'] });
  const target = canvas.box({ column: 'endpoint', title: externalName, details: ['outside of the cluster'] });
  canvas.arrow(client('pods'), dns);
  canvas.arrow(dns, alias);
  canvas.arrow(alias, target);
  canvas.say(`DNS answers with the name ${externalName}`);
}

function drawUnproxied({ canvas, service, client }: Stage): void {
  for (const ip of service.clusterIPs) {
    const id = canvas.box({
      column: 'address',
      tone: 'idle',
      title: ip,
      details: ['clusterIP'],
      addresses: [ip],
    });
    const details = ['its labels leave it to another proxy'];
    const choice = canvas.box({ column: 'choice', tone: 'idle', title: 'no rules', details });
    canvas.arrow(client('pods'), id, { tone: 'idle' });
    canvas.arrow(id, choice, { tone: 'idle' });
    canvas.say(`clusterIP ${ip}: no rules, its labels leave it to another proxy`);
  }
}
