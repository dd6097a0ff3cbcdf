import type { NodeState, ServicePort } from '../../model/node-state.ts';

/** Chains that are printed again for other nodes, with their text; '' as long as it is not printed. */
export type KeptTexts<Chain extends object> = WeakMap<Chain, string>;

/** A service port with the names of its chains. */
interface Named {
  readonly servicePort: ServicePort;
}

/**
 * What is kept of one node's rules for the next nodes: names and chains of the service ports that they have in common.
 * For one mode and layout.
 */
export interface RuleMemory<NamedPort extends Named, Chain extends object> {
  /** Names are worked out once for a service port. */
  readonly name: (servicePort: ServicePort, name: () => NamedPort) => NamedPort;
  /** Chains of a service port are built once, as long as what they are made of is the same. */
  readonly chains: (
    state: NodeState,
    part: RememberedPart<NamedPort>,
    build: () => Iterable<Chain>,
  ) => Iterable<Chain>;
  /** What has been printed of those chains. */
  readonly texts: KeptTexts<Chain>;
}

/** Chains of one service port that depend on the same of a node. */
export interface RememberedPart<NamedPort extends Named> {
  readonly of: NamedPort;
  /** `endpoints`: they are the same however the node tells its own pods, and nobody asks for their names. */
  readonly kind: 'choice' | 'endpoints';
}

/** Remembers nothing: for one node. */
export function noMemory<NamedPort extends Named, Chain extends object>(): RuleMemory<NamedPort, Chain> {
  return {
    name: (_, name) => name(),
    chains: (_, __, build) => build(),
    texts: new WeakMap(),
  };
}

interface Kept<Chain> {
  /** What of the node's state the chains were made for. */
  readonly context: string;
  /** Those of endpoints, as soon as they are printed, as one chain with the text of all. */
  readonly chains: readonly Chain[];
}

/**
 * For many nodes: keeps what the last one had.
 * @param standIn a chain that is printed with the text of several
 */
export function createRuleMemory<NamedPort extends Named, Chain extends object>(
  standIn: () => Chain,
): RuleMemory<NamedPort, Chain> {
  const names = new WeakMap<ServicePort, NamedPort>();
  const choice = new WeakMap<ServicePort, Kept<Chain>>();
  const endpoints = new WeakMap<ServicePort, Kept<Chain>>();
  const texts: KeptTexts<Chain> = new WeakMap();
  /** Printing one long text takes less than many short ones. */
  const join = (chains: readonly Chain[]): readonly Chain[] => {
    const printed = chains.map((chain) => texts.get(chain) ?? '');
    if (chains.length < 2 || printed.includes('')) return chains;
    const joined = standIn();
    texts.set(joined, printed.join(''));
    return [joined];
  };
  return {
    name: (servicePort, name) => {
      const named = names.get(servicePort) ?? name();
      names.set(servicePort, named);
      return named;
    },
    chains: (state, { of: { servicePort }, kind }, build) => {
      const kept = kind === 'choice' ? choice : endpoints;
      const context = contextOf(state, kind);
      const before = kept.get(servicePort);
      if (before?.context === context) {
        if (kind === 'choice') return before.chains;
        const chains = join(before.chains);
        kept.set(servicePort, { context, chains });
        return chains;
      }
      const chains = [...build()];
      for (const chain of chains) texts.set(chain, '');
      kept.set(servicePort, { context, chains });
      return chains;
    },
    texts,
  };
}

/** What chains of service ports are made of, beside the service port. */
function contextOf(
  { isLargeCluster, masqueraded, localDetector }: NodeState,
  kind: RememberedPart<Named>['kind'],
): string {
  if (kind === 'endpoints') return `${isLargeCluster}`;
  return `${isLargeCluster} ${masqueraded.kind} ${JSON.stringify(localDetector)}`;
}

/** The lines of a chain, several at once or one by one, from its kept text where there is one. */
export function keptLines<Chain extends object>(
  chain: Chain,
  kept: KeptTexts<Chain> | undefined,
  linesOf: (chain: Chain) => Iterable<string>,
): Iterable<string> {
  const text = kept?.get(chain);
  if (kept === undefined || text === undefined) return linesOf(chain);
  if (text !== '') return [text];
  const printed = [...linesOf(chain)].join('');
  kept.set(chain, printed);
  return [printed];
}
