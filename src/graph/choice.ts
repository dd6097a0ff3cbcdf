import type { Service } from '../model/cluster.ts';
import type { Delivery, Endpoint, ServicePort } from '../model/node-state.ts';
import type { ProxyConfig } from '../model/proxy-config.ts';

/** What becomes of connections, as `resolve` decided: one of several endpoints, or nothing. */
export interface Choice {
  readonly kind: 'endpoints' | 'reject' | 'drop';
  readonly hostPorts: ReadonlySet<string>;
  /** Of each endpoint: `33.3 %`; "": there is none, or it depends on the node. */
  readonly share: string;
  /** `local`: those of the node alone. `any node's`: those of the node that it reaches, and none is named. */
  readonly scope: 'cluster' | 'local' | "any node's";
  /** Which policy a drop is due to. */
  readonly policy: 'internalTrafficPolicy' | 'externalTrafficPolicy';
  /** What endpoints see as the source; undefined: not worth a word. */
  readonly source: 'kept' | "the node's" | undefined;
  readonly affinitySeconds: number | undefined;
  /** The same in short. */
  readonly words: string;
}

/** What clients of the clusterIP meet, and those of other addresses, if there are any. */
export interface Choices {
  readonly internal: Choice;
  readonly outside: Choice | undefined;
  readonly inside: Choice | undefined;
}

/** What a port offers to whom. */
export function choicesOf(
  port: ServicePort,
  service: Service,
  { nodeName, userspace }: ProxyConfig,
): Choices {
  const { internal, external, ipvs } = port;
  const isOpen = (policy: string) => nodeName === undefined && policy === 'Local';
  const choose = (
    delivery: Delivery,
    rest: Pick<Choice, 'policy' | 'source'> & {
      readonly servers: readonly Endpoint[] | undefined;
      isOpen: boolean;
    },
  ) => choiceOf(delivery, { ...rest, affinitySeconds: port.sessionAffinitySeconds });
  const policy = 'externalTrafficPolicy';
  const source =
    userspace !== undefined ? undefined : external?.keepsClientIP === true ? 'kept' : "the node's";
  return {
    internal: choose(internal, {
      policy: 'internalTrafficPolicy',
      source: undefined,
      servers: ipvs?.internal,
      isOpen: isOpen(service.internalTrafficPolicy),
    }),
    outside:
      external &&
      choose(external.fromOutside, {
        policy,
        source: isOpen(service.externalTrafficPolicy) ? 'kept' : source,
        servers: ipvs?.external,
        isOpen: isOpen(service.externalTrafficPolicy),
      }),
    inside:
      external &&
      choose(external.fromInside, {
        policy,
        source: service.externalTrafficPolicy === 'Local' ? undefined : source,
        servers: ipvs?.external,
        isOpen: false,
      }),
  };
}

interface Rest extends Pick<Choice, 'policy' | 'source' | 'affinitySeconds'> {
  /** In ipvs mode: where connections go, which differs from the delivery. */
  readonly servers: readonly Endpoint[] | undefined;
  readonly isOpen: boolean;
}

function choiceOf(delivery: Delivery, { servers, isOpen, ...rest }: Rest): Choice {
  const endpoints = servers ?? (delivery.kind === 'endpoints' ? delivery.pool.endpoints : []);
  const hostPorts = new Set(endpoints.map(({ hostPort }) => hostPort));
  if (hostPorts.size === 0) {
    const kind = delivery.kind === 'drop' ? 'drop' : 'reject';
    return { ...rest, kind, hostPorts, share: '', scope: 'cluster', words: `${PAST[kind]}: no endpoint` };
  }
  const isLocal = delivery.kind === 'endpoints' && delivery.pool.scope === 'local';
  const scope = isOpen ? "any node's" : isLocal ? 'local' : 'cluster';
  return {
    ...rest,
    kind: 'endpoints',
    hostPorts,
    share: isOpen ? '' : formatPercent(hostPorts.size),
    scope,
    words: `goes to ${hostPorts.size === 1 ? [...hostPorts][0] : `1 of ${hostPorts.size} endpoints`}`,
  };
}

const PAST = { reject: 'rejected', drop: 'dropped' } as const;

/** One in so many: `33.3 %`. */
function formatPercent(parts: number): string {
  return `${Number((100 / parts).toPrecision(3))} %`;
}

/** Whether one box does for both. */
export function isSameChoice(a: Choice, b: Choice): boolean {
  if (a.kind !== b.kind || a.scope !== b.scope || a.hostPorts.size !== b.hostPorts.size) return false;
  if (a.kind === 'drop') return a.policy === b.policy;
  if (a.kind === 'reject') return true;
  return a.source === b.source && [...a.hostPorts].every((hostPort) => b.hostPorts.has(hostPort));
}

interface ChoiceContext {
  /** How an endpoint is chosen: `by chance`. */
  readonly how: string;
  readonly nodeName: string | undefined;
  /** There are some, usable or not. */
  readonly hasEndpoints: boolean;
}

/** What the box of a choice says. */
export function describeChoice(
  { kind, hostPorts, scope, source, policy, affinitySeconds }: Choice,
  { how, nodeName = 'the node', hasEndpoints }: ChoiceContext,
): { readonly title: string; readonly details: readonly string[] } {
  switch (kind) {
    case 'reject':
      return { title: 'rejected', details: [hasEndpoints ? 'no endpoint is ready' : 'it has no endpoints'] };
    case 'drop':
      return { title: 'dropped', details: [`${policy} is Local`, `no endpoint on ${nodeName}`] };
    case 'endpoints': {
      const isOne = hostPorts.size === 1;
      return {
        title: isOne ? 'the only endpoint' : `1 of ${hostPorts.size} endpoints`,
        details: [
          ...(scope === 'local' ? [`Local: those on ${nodeName}`] : []),
          ...(scope === "any node's" ? ['Local: those on the node that it reaches'] : []),
          ...(isOne ? [] : [how]),
          ...(affinitySeconds === undefined || isOne ? [] : [`a client stays for ${affinitySeconds} s`]),
          ...(source === undefined
            ? []
            : [source === 'kept' ? "client's address is kept" : "source: the node's address"]),
        ],
      };
    }
  }
}
