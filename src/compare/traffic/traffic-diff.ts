import type { IPFamily } from '../../model/cluster.ts';

/** What a change of manifests does to traffic. Plain data: printers make text of it. */
export interface TrafficDiff {
  /** Services that differ, by name. */
  readonly services: readonly ServiceDiff[];
  /** How many are the same on both sides. */
  readonly unchanged: number;
  /** How the node itself changed. */
  readonly node: readonly NodeChange[];
}

export type ServiceDiff =
  | { readonly kind: 'added' | 'removed'; readonly name: string; readonly facts: ServiceFacts }
  | {
      readonly kind: 'changed';
      /** `namespace/name` as it is now. */
      readonly name: string;
      /** What it was called; undefined: the same. */
      readonly previousName: string | undefined;
      readonly changes: readonly Change[];
    };

/** What a Service that comes or goes is. */
export interface ServiceFacts {
  readonly type: string;
  readonly addresses: readonly AddressFact[];
  readonly ports: readonly PortFact[];
}

export interface AddressFact {
  readonly what: 'clusterIP' | 'externalIP' | 'load balancer';
  readonly address: string;
  /** svcgen chose it. */
  readonly isAllocated: boolean;
}

export interface PortFact {
  /** "" for an unnamed one. */
  readonly name: string;
  /** `80/TCP`. */
  readonly port: string;
  readonly nodePort: { readonly port: number; readonly isAllocated: boolean } | undefined;
  readonly backends: readonly Backends[];
}

/**
 * Who connects, and where to: to the clusterIP (`inside`), from outside to the other addresses (`outside`), to those
 * from a node's own pods and processes (`node`), or whoever it is (`all`).
 */
export type Clients = 'all' | 'inside' | 'outside' | 'node';

/** What some clients meet behind a port. */
export interface Backends {
  readonly clients: Clients;
  /** undefined: the Service has one family only. */
  readonly family: IPFamily | undefined;
  readonly outcome: Outcome;
}

/** Where connections go: see Delivery, without what only rules need. */
export type Outcome =
  | { readonly kind: 'endpoints'; readonly hostPorts: readonly string[] }
  | { readonly kind: 'reject' | 'drop' };

/** Where a value comes from that was allocated on one side at least. */
export type Allocation = 'moves' | 'is allocated' | 'was allocated';

/** A single value of a Service, as manifests call it. */
export type ValueAspect =
  | 'type'
  | 'served by nodes'
  | 'externalName'
  | 'clusterIP'
  | 'externalTrafficPolicy'
  | 'internalTrafficPolicy'
  | 'sessionAffinity'
  | 'healthCheckNodePort'
  | 'port name'
  | 'port'
  | 'nodePort';

/** A list of a Service. */
export type ListAspect = 'externalIPs' | 'load balancer addresses' | 'loadBalancerSourceRanges';

export type Change =
  | {
      readonly kind: 'value';
      readonly aspect: ValueAspect;
      /** Of which port; undefined: of the Service. */
      readonly port?: string;
      /** undefined: there was none. */
      readonly before: string | undefined;
      readonly after: string | undefined;
      readonly allocation?: Allocation;
    }
  | {
      readonly kind: 'list';
      readonly aspect: ListAspect;
      readonly added: readonly string[];
      readonly removed: readonly string[];
    }
  | {
      readonly kind: 'backends';
      readonly port: string;
      readonly clients: Clients;
      readonly family: IPFamily | undefined;
      /** undefined: the port is new. */
      readonly before: Outcome | undefined;
      readonly after: Outcome;
    }
  /** Where clients over UDP may go on sending, though it serves no more: scripts end these flows. */
  | {
      readonly kind: 'stale flows';
      readonly port: string;
      readonly family: IPFamily | undefined;
      readonly servers: readonly string[];
    }
  /** An endpoint that stays and is elsewhere, or for others: what nodes make of it depends on the node. */
  | { readonly kind: 'place'; readonly address: string; readonly before: string; readonly after: string };

/** Something of the node that its rules depend on, beside Services. */
export interface NodeChange {
  readonly aspect: string;
  readonly family: IPFamily;
  readonly before: string;
  readonly after: string;
}
