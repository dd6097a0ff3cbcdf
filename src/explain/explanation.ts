import type { Fraction } from '../lang/packet/fraction.ts';
import type { HostServer } from '../lang/packet/host.ts';
import type { L4Protocol } from '../lang/packet/l4-protocol.ts';
import type { Hook } from '../lang/packet/rules.ts';

/** What a connection meets on a node, in words: what the printers need, as data. */
export interface Explanation {
  readonly connection: Connection;
  /** What becomes of it, in one sentence without a full stop. */
  readonly verdict: ConnectionVerdict;
  /** What all ways have in common, from the first rule on. */
  readonly path: readonly ExplainedStep[];
  readonly ways: readonly ExplainedWay[];
  /** Of IPVS, if that chooses the endpoint; undefined: chance does. */
  readonly chooser: HostServer | undefined;
  /** Seconds that a client stays with its endpoint; undefined: no session affinity. */
  readonly affinitySeconds: number | undefined;
  /** None: the client is new, or taken for new. */
  readonly remembered?: RememberedClient;
  /** It is known whom session affinity remembers. */
  readonly knowsClients?: boolean;
  /** What else the user should know: whole sentences. */
  readonly notes: readonly string[];
}

/** The answer in a sentence. `mixed`: some connections are served, and others are not. */
export interface ConnectionVerdict {
  readonly kind: 'served' | 'unserved' | 'refused' | 'mixed';
  readonly text: string;
}

/** A client that session affinity sends where it went before. */
export interface RememberedClient {
  /** `10.244.1.5:8080` */
  readonly endpoint: string;
  /** `for another 2 h 59 min` */
  readonly howLong: string;
  /** Those to that endpoint, with their shares of the connections of this client. */
  readonly ways: readonly ExplainedWay[];
}

/** Where the first packet comes from: `outside` is any other machine, `pod` one of the node's own. */
export type Origin = 'outside' | 'pod' | 'node';

/** A new connection. */
export interface Connection {
  readonly protocol: L4Protocol;
  readonly source: string;
  readonly origin: Origin;
  /** Who has the source, as manifests tell: `pod shop/web-0 on n1`, `a pod of n1`; undefined: nobody knows. */
  readonly client: string | undefined;
  readonly destination: string;
  readonly port: number;
  /** What the destination is, as far as that is known: `the clusterIP of default/web:http`. */
  readonly target: string | undefined;
}

/** A rule, or something else that decides. */
export interface ExplainedStep {
  /** undefined: between two hooks, where the kernel finds the way. */
  readonly hook: Hook | undefined;
  /** undefined: it is no chain that decides. */
  readonly place: RulePlace | undefined;
  /** What happens: `-> KUBE-SERVICES`, `DROP`; "" when the words say it all. */
  readonly effect: string;
  /** What it is for; undefined: nobody knows, or it goes without saying. */
  readonly words: string | undefined;
  /** What only the node can tell, and is so on this way: `it comes in by eth0`. */
  readonly given: readonly string[];
}

export interface RulePlace {
  readonly table: string;
  readonly chain: string;
  /** In the text that was read; undefined: the rules are ours. */
  readonly line: number | undefined;
  /** undefined: the policy of a chain. */
  readonly rule: string | undefined;
}

export type Result = 'endpoint' | 'elsewhere' | 'node' | 'rejected' | 'dropped' | 'unknown';

/** One way that the connection can take. */
export interface ExplainedWay {
  /** Of all connections like this one, where its conditions hold. */
  readonly share: Fraction;
  /** One of them must hold; none: it is always so. */
  readonly alternatives: readonly ConditionSet[];
  /** What else it depends on, in too many cases to list: matches, `-i` or `-o`. */
  readonly open: readonly string[];
  readonly path: readonly ExplainedStep[];
  /** How many steps of the path there are up to the one that gives it its endpoint. */
  readonly choice: number;
  readonly result: Result;
  /** Where it goes; for what is refused, where it would have gone. */
  readonly destination: string;
  readonly port: number;
  /** Who has the destination: `pod default/web-0 on worker-1`. */
  readonly owner: string | undefined;
  /** Why it is refused, or why that can't be told; undefined: it is delivered. */
  readonly refusal: Refusal | undefined;
  readonly source: SourceFate;
  /** The program, other than kube-proxy, whose rule gives it its destination; left out: none, or nobody knows. */
  readonly translator?: string;
}

/** Who refuses a connection, or does what nobody can follow. */
export interface Refusal {
  readonly reason: string;
  /** Rules of one chain, or its policy; none: something else did it. */
  readonly places: readonly RulePlace[];
  /** The program that made the rules; undefined: nobody knows. */
  readonly owner: string | undefined;
  /** What to do about it. */
  readonly advice: string | undefined;
}

/** What the other end sees as the client's address. */
export type SourceFate =
  | { readonly kind: 'kept' }
  | { readonly kind: 'rewritten'; readonly to: string | undefined; readonly why: string | undefined };

/** Conditions that hold together. */
export type ConditionSet = readonly Condition[];

/** Something that decides, and that only the node can tell; `place` is the rule that asks first. */
export type Condition =
  | {
      readonly kind: 'match';
      /** As its language spells it. */
      readonly unknown: string;
      readonly holds: boolean;
      readonly place: RulePlace;
    }
  | {
      readonly kind: 'interface';
      /** The one that the packet comes in by, or leaves by. */
      readonly side: 'in' | 'out';
      /** It is none of the names; else it is one of them. A final `+` stands for any rest. */
      readonly isOther: boolean;
      readonly names: readonly string[];
      /** Those of which the opposite is true, though one of the names is a prefix of theirs. */
      readonly except: readonly string[];
      readonly place: RulePlace;
    };
