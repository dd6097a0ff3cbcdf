import { LARGE_CLUSTER_ENDPOINTS, type NodeState, type ServicePort } from '../../model/node-state.ts';
import type { Chain } from '../../model/ruleset.ts';
import type { KeptTexts } from '../restore/print.ts';
import type { NamedServicePort } from './names.ts';

/**
 * What is kept of one node's rules for the next nodes: names and chains of the service ports that they have in common.
 * For one layout.
 */
export interface RuleMemory {
  /** Names are worked out once for a service port. */
  readonly name: (servicePort: ServicePort, name: () => NamedServicePort) => NamedServicePort;
  /** Chains of a service port are built once, as long as what they are made of is the same. */
  readonly chains: (state: NodeState, part: RememberedPart, build: () => Iterable<Chain>) => Iterable<Chain>;
  /** What has been printed of those chains. */
  readonly texts: KeptTexts;
}

/** Chains of one service port that depend on the same of a node. */
export interface RememberedPart {
  readonly of: NamedServicePort;
  /** `endpoints`: they are the same however the node tells its own pods. */
  readonly kind: 'choice' | 'endpoints';
}

/** Remembers nothing: for one node. */
export const NO_MEMORY: RuleMemory = {
  name: (_, name) => name(),
  chains: (_, __, build) => build(),
  texts: new WeakMap(),
};

interface Kept {
  /** What of the node's state the chains were made for. */
  readonly context: string;
  /** Those of endpoints, as soon as they are printed, as one chain with the text of all: their names stand elsewhere. */
  readonly chains: readonly Chain[];
}

/** For many nodes: keeps what the last one had. */
export function createRuleMemory(): RuleMemory {
  const names = new WeakMap<ServicePort, NamedServicePort>();
  const kept = { choice: new WeakMap<ServicePort, Kept>(), endpoints: new WeakMap<ServicePort, Kept>() };
  const texts = new WeakMap<Chain, string>();
  return {
    name: (servicePort, name) => {
      const named = names.get(servicePort) ?? name();
      names.set(servicePort, named);
      return named;
    },
    chains: (state, { of: { servicePort }, kind }, build) => {
      const context = contextOf(state, kind);
      const before = kept[kind].get(servicePort);
      const isKept = before?.context === context;
      const chains = isKept ? reuse(kind, before.chains, texts) : [...build()];
      if (!isKept) for (const chain of chains) texts.set(chain, '');
      if (chains !== before?.chains) kept[kind].set(servicePort, { context, chains });
      return chains;
    },
    texts,
  };
}

/** Printing one long text takes less than many short ones. */
function reuse(kind: RememberedPart['kind'], chains: readonly Chain[], texts: KeptTexts): readonly Chain[] {
  const [first, ...others] = chains;
  if (kind === 'choice' || first === undefined || others.length === 0) return chains;
  const printed = chains.map((chain) => texts.get(chain) ?? '');
  if (printed.includes('')) return chains;
  const joined: Chain = { name: first.name, rules: [] };
  texts.set(joined, printed.join(''));
  return [joined];
}

/** What chains of service ports are made of, beside the service port. */
function contextOf(state: NodeState, kind: RememberedPart['kind']): string {
  const isLarge = state.endpointCount > LARGE_CLUSTER_ENDPOINTS;
  if (kind === 'endpoints') return `${isLarge}`;
  return `${isLarge} ${state.masqueradeAll} ${JSON.stringify(state.localDetector)}`;
}
