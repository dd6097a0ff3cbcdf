import { parseIP } from '../../model/ip.ts';
import type { ValueResult } from '../../validate/proxy-values.ts';

/** Who connects, as people say it: one grammar for `explain --from`, the page and the cases of `svcgen test`. */
export type ClientName =
  | { readonly kind: 'outside' }
  /** The node whose rules are followed. */
  | { readonly kind: 'this-node' }
  /** Canonical. */
  | { readonly kind: 'address'; readonly ip: string }
  | PodName
  | { readonly kind: 'node'; readonly name: string };

export interface PodName {
  readonly kind: 'pod';
  /** undefined: not said. */
  readonly namespace: string | undefined;
  readonly name: string;
}

const NAME = '[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?';
const NODE = new RegExp(`^node[ /](${NAME})$`);
const NODE_NAME = new RegExp(`^(?:node[ /])?(${NAME})$`);
const POD = new RegExp(`^(?:pod[ /])?(?:(${NAME})/)?(${NAME})$`);

/** `worker-1`, `node worker-1`, `node/worker-1`; undefined: it is no name of a node. */
export function parseNodeName(text: string): string | undefined {
  return NODE_NAME.exec(text)?.[1];
}

/** The words of ClientName, for messages. */
export const CLIENT_WORDS =
  'an address, a pod (shop/web-0, or web-0), outside, node (the one whose rules are followed), or node NAME';

/**
 * `10.1.2.3`, `shop/web-0`, `web-0`, `pod shop/web-0`, `pod/web-0`, `outside`, `node`, `node worker-1`, `node/worker-1`.
 * @returns undefined when it is none of these
 */
export function parseClient(text: string): ClientName | undefined {
  if (text === 'outside') return { kind: 'outside' };
  if (text === 'node') return { kind: 'this-node' };
  const address = parseIP(text);
  if (address !== undefined) return { kind: 'address', ip: address.ip };
  const [, node] = NODE.exec(text) ?? [];
  if (node !== undefined) return { kind: 'node', name: node };
  const [, namespace, pod] = POD.exec(text) ?? [];
  // Four numbers are an address that somebody has misspelled.
  return pod === undefined || /^[\d.]+$/.test(text) ? undefined : { kind: 'pod', namespace, name: pod };
}

/** The words of ClientName, or what is wrong with them. */
export function readClientName(text: string): ValueResult<ClientName> {
  const value = parseClient(text.trim());
  if (value !== undefined) return { kind: 'value', value };
  const isAddress = /^[\d.]+$|:/.test(text);
  const what = isAddress ? 'is no IP address' : `is no client: it takes ${CLIENT_WORDS}`;
  return { kind: 'problem', message: `${JSON.stringify(text.slice(0, 100))} ${what}` };
}

/** A pod without a namespace is in this one, if there is any said. */
export function inNamespace<Client extends ClientName | undefined>(
  client: Client,
  namespace: string | undefined,
) {
  return client?.kind === 'pod' && namespace !== undefined
    ? { ...client, namespace: client.namespace ?? namespace }
    : client;
}
