import { count } from '../diagnostic/report.ts';
import { hasLabels } from '../kubernetes/selectors.ts';
import { hasSelector } from '../kubernetes/services.ts';
import type { Cluster, Pod, Service, SliceEndpoint } from '../model/cluster.ts';
import { familyOf } from '../model/ip.ts';
import type { EndpointCandidate } from '../resolve/proxy/candidates.ts';
import type { Box, Canvas } from './picture.ts';

/** Up to so many endpoints of one kind have boxes of their own; of more, the first few do. */
const MAX_SHOWN = 12;
const MAX_IDLE_SHOWN = 4;
const SHOWN_OF_MANY = 3;

/** What is known of a cluster beside its Services, by what pictures ask for. */
export interface PodLookups {
  readonly podAt: (ip: string, namespace: string) => Pod | undefined;
  readonly zoneOf: (nodeName: string) => string | undefined;
  readonly podsOf: (namespace: string) => readonly Pod[];
}

/** Indexes a cluster once for all pictures. */
export function podLookups({ pods, nodes }: Cluster): PodLookups {
  const zones = new Map(nodes.map(({ name, zone }) => [name, zone]));
  const byNamespace = new Map<string, Pod[]>();
  const byAddress = new Map<string, Pod>();
  for (const pod of pods) {
    const others = byNamespace.get(pod.namespace);
    if (others === undefined) byNamespace.set(pod.namespace, [pod]);
    else others.push(pod);
    for (const ip of pod.podIPs) byAddress.set(`${pod.namespace} ${ip}`, pod);
  }
  return {
    podAt: (ip, namespace) => byAddress.get(`${namespace} ${ip}`),
    zoneOf: (name) => zones.get(name),
    podsOf: (namespace) => byNamespace.get(namespace) ?? [],
  };
}

/** An endpoint of a port, and which choices can lead to it. */
export interface Seat {
  readonly candidate: EndpointCandidate;
  /** Ids of boxes. Empty: no connection gets there from this node. */
  readonly choices: readonly string[];
}

interface Group {
  readonly seats: readonly Seat[];
  readonly state: string;
}

/**
 * Adds the endpoints of a port: those that choices lead to, then those that none does, with the reason. Many that are alike
 * fold into one box.
 * @param shareOf the share of each endpoint of a choice, `33.3 %`
 */
export function addEndpoints(
  canvas: Canvas,
  seats: readonly Seat[],
  context: {
    readonly namespace: string;
    readonly around: PodLookups;
    readonly shareOf: (choice: string) => string;
  },
): void {
  for (const { seats: members, state } of groupsOf(seats)) {
    const { choices } = members[0] ?? { choices: [] };
    const most = choices.length === 0 ? MAX_IDLE_SHOWN : MAX_SHOWN;
    const shown = members.length > most ? members.slice(0, SHOWN_OF_MANY) : members;
    const folded = members.slice(shown.length);
    const boxes = shown.map(({ candidate }) => endpointBox(candidate, state, context));
    if (folded.length > 0) boxes.push(foldedBox(folded, state, context));
    for (const [index, box] of boxes.entries()) {
      const id = canvas.box({ ...box, tone: choices.length === 0 ? 'idle' : 'plain' });
      const isFold = index === shown.length;
      for (const choice of choices) {
        const share = context.shareOf(choice);
        const label = !isFold ? share : choices.length === 1 || share === '' ? '' : `each ${share}`;
        canvas.arrow(choice, id, { label });
      }
    }
  }
}

/** Those that are used first; alike is what the same choices lead to, in the same state. */
function groupsOf(seats: readonly Seat[]): readonly Group[] {
  const groups = new Map<string, Seat[]>();
  for (const seat of seats) {
    const state = stateOf(seat);
    const key = `${seat.choices.join(' ')} ${state}`;
    const others = groups.get(key);
    if (others === undefined) groups.set(key, [seat]);
    else others.push(seat);
  }
  const all = [...groups.values()].map((members) => ({
    seats: members,
    state: members[0] === undefined ? '' : stateOf(members[0]),
  }));
  const isUsed = ({ seats: [first] }: Group) => first !== undefined && first.choices.length > 0;
  return [...all.filter(isUsed), ...all.filter((group) => !isUsed(group))];
}

/** What is worth a word: conditions that are not those of a healthy endpoint, and why nobody gets there. "": nothing. */
function stateOf({ candidate, choices }: Seat): string {
  const { source, isLocal } = candidate;
  const condition = conditionOf(source);
  if (condition !== '' || choices.length > 0) return condition;
  if (source.nodeHints.length > 0) return `hinted for ${source.nodeHints.join(', ')}`;
  if (source.zoneHints.length > 0) return `hinted for ${source.zoneHints.join(', ')}`;
  return isLocal ? 'not used' : 'on another node';
}

function conditionOf({ ready, serving, terminating }: SliceEndpoint): string {
  if (ready) return terminating ? 'ready, terminating' : '';
  if (terminating) return serving ? 'terminating, still serving' : 'terminating';
  return serving ? 'serving, not ready' : 'not ready';
}

type EndpointContext = Parameters<typeof addEndpoints>[2];

function endpointBox(
  { ip, hostPort, source }: EndpointCandidate,
  state: string,
  { namespace, around }: EndpointContext,
): Omit<Box, 'id' | 'tone'> {
  const pod = around.podAt(ip, namespace);
  const { nodeName } = source;
  const zone = nodeName === undefined ? undefined : around.zoneOf(nodeName);
  const place = [nodeName, zone].filter((part) => part !== undefined && part !== '').join(', ');
  const details = [pod === undefined ? '' : `pod ${pod.name}`, place, state];
  return {
    column: 'endpoint',
    title: hostPort,
    details: details.filter((detail) => detail !== ''),
    addresses: [hostPort],
  };
}

function foldedBox(
  seats: readonly Seat[],
  state: string,
  { around, shareOf }: EndpointContext,
): Omit<Box, 'id' | 'tone'> {
  const nodes = new Set(seats.flatMap(({ candidate }) => candidate.source.nodeName ?? []));
  const zones = new Set([...nodes].flatMap((node) => around.zoneOf(node) ?? []));
  const [choice = '', ...others] = seats[0]?.choices ?? [];
  const share = others.length > 0 || shareOf(choice) === '' ? '' : `, each ${shareOf(choice)}`;
  const places = [
    ...(nodes.size === 0 ? [] : [`on ${count(nodes.size, 'node')}`]),
    ...(zones.size === 0 ? [] : [`in ${count(zones.size, 'zone')}`]),
  ];
  return {
    column: 'endpoint',
    title: `${seats.length} more${share}`,
    details: [places.join(' '), state].filter((detail) => detail !== ''),
    addresses: seats.map(({ candidate }) => candidate.hostPort),
  };
}

/** Pods of the namespace that the Service does not reach, and why: those that its selector nearly matches. */
export function addUnselectedPods(
  canvas: Canvas,
  service: Service,
  around: PodLookups,
  taken: ReadonlySet<string>,
): void {
  if (!hasSelector(service)) return;
  const pods = around.podsOf(service.namespace);
  const missed = pods.flatMap((pod) => {
    const reason = reasonOf(pod, service, taken);
    return reason === undefined ? [] : [{ pod, reason }];
  });
  for (const { pod, reason } of missed.slice(0, SHOWN_OF_MANY)) {
    canvas.box({ column: 'endpoint', tone: 'idle', title: `pod ${pod.name}`, details: [reason] });
  }
  const more = missed.length - SHOWN_OF_MANY;
  if (more > 0)
    canvas.box({
      column: 'endpoint',
      tone: 'idle',
      title: count(more, 'pod'),
      details: ['not selected either'],
    });
  if (taken.size > 0 || missed.length > 0 || pods.length === 0) return;
  const details = [`not selected by ${selectorText(service)}`];
  canvas.box({ column: 'endpoint', tone: 'idle', title: count(pods.length, 'pod'), details });
}

/** undefined: it is an endpoint, or has nothing to do with the Service. */
function reasonOf(
  pod: Pod,
  { selector, clusterIPs }: Service,
  taken: ReadonlySet<string>,
): string | undefined {
  if (pod.podIPs.some((ip) => taken.has(ip))) return undefined;
  if (!hasLabels(pod.labels, selector)) {
    const [missing] = Object.entries(selector).filter(([key, value]) => pod.labels[key] !== value);
    const isNear = Object.entries(selector).some(([key, value]) => pod.labels[key] === value);
    if (!isNear || missing === undefined) return undefined;
    const [key, value] = missing;
    const is = pod.labels[key];
    return is === undefined ? `has no label ${key}` : `${key} is ${is || '""'}, not ${value || '""'}`;
  }
  if (pod.phase === 'Succeeded' || pod.phase === 'Failed') return `selected, but ${pod.phase}`;
  if (pod.podIPs.length === 0) return 'selected, but has no address';
  const isOfFamily = pod.podIPs.some((ip) =>
    clusterIPs.some((vip) => vip === 'None' || familyOf(vip) === familyOf(ip)),
  );
  return isOfFamily ? 'selected, but no endpoint' : 'selected, but has no address of the family';
}

function selectorText({ selector }: Service): string {
  return Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}
