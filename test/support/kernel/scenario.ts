import type { IPFamily } from '../../../src/model/cluster.ts';
import { joinHostPort } from '../../../src/model/ip.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import type { Addresses, PodName } from './addresses.ts';
import type { ConnectOptions, Outcome } from './agent-protocol.ts';
import type { Lab } from './lab.ts';
import { NODE_NAME } from './manifests.ts';
import type { Namespace } from './namespace.ts';

/** What a node has to do with packets, whatever mode and layout its rules have. */
export interface Scenario {
  readonly name: string;
  /** Where it makes sense; default: both. */
  readonly families?: readonly IPFamily[];
  readonly manifests: (net: Addresses) => readonly JsonObject[];
  /** Flags of `svcgen render`; default: `usualFlags`. */
  readonly flags?: (net: Addresses) => readonly string[];
  /** Sends packets and expects what comes of them. */
  readonly check: (at: Bench) => Promise<void>;
}

/** What a scenario works with: the lab, its addresses in the family under test, and a way to connect. */
export interface Bench {
  readonly net: Addresses;
  readonly lab: Lab;
  /** Connects `count` times (default 60: enough to see each of three endpoints for certain). */
  readonly connect: (
    from: Namespace,
    to: string,
    port: number,
    options?: Attempt,
  ) => Promise<readonly Outcome[]>;
}

export type Attempt = Partial<Pick<ConnectOptions, 'protocol' | 'from' | 'count' | 'patience'>>;

/** An answer takes as long as it takes: a slow machine is no failure. */
const PATIENCE_MS = 10_000;
const CONNECTIONS = 60;

/**
 * For what has to be refused. One connection: the kernel limits how many ICMP messages it sends in one burst.
 * Without a wire in between, the message can arrive while `connect` still holds the socket: TCP then overlooks it,
 * and heeds one that a later SYN brings, after one, three or seven seconds.
 */
export const REFUSAL: Attempt = { count: 1, patience: PATIENCE_MS };

/** For what has to stay silent: long enough for a refusal to show. */
export const NO_ANSWER: Attempt = { count: 3, patience: 1300 };

/** A bench on a lab. */
export function benchOf(lab: Lab, net: Addresses): Bench {
  return {
    lab,
    net,
    connect: (from, to, port, options = {}) =>
      from.connect({
        to,
        port,
        protocol: 'tcp',
        from: [],
        count: CONNECTIONS,
        patience: PATIENCE_MS,
        ...options,
      }),
  };
}

/** `address:port` of servers on these pods. */
export function serversOn(net: Addresses, pods: readonly PodName[], port = 8080): string[] {
  return pods.map((name) => joinHostPort(net.pods[name], port));
}

/** Node, node IP and cluster CIDR: what a node's proxy usually knows. */
export function usualFlags(net: Addresses): readonly string[] {
  return [...nodeFlags(net), '--cluster-cidr', net.clusterCIDR];
}

/** The same without a cluster CIDR. */
export function nodeFlags(net: Addresses): readonly string[] {
  return ['--node', NODE_NAME, '--node-ip', net.node];
}
