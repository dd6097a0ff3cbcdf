import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { ClientName } from '../explain/connection/parse-client.ts';
import type { WantedName, WantedTarget } from '../explain/connection/parse-target.ts';
import type { Role } from '../explain/connection/targets.ts';
import type { StringMap } from '../model/cluster.ts';
import type { FieldPath } from '../model/field-path.ts';
import type { JsonObject } from '../model/json.ts';
import type { ProxyMode } from '../model/proxy-config.ts';
import type { Locator, Span } from '../model/source.ts';
import type { ExpectCode } from './codes.ts';

/** A file of cases, read. */
export interface ExpectationFile {
  readonly path: string;
  readonly settings: TestSettings;
  readonly cases: readonly TrafficCase[];
}

/** What every case of a file runs with, unless flags say otherwise. */
export interface TestSettings {
  readonly modes: readonly ProxyMode[] | undefined;
  readonly clusterCIDRs: readonly string[] | undefined;
}

/** What some connections must do. */
export interface TrafficCase {
  readonly name: string;
  /** Where it is. Places are looked for when one is asked for. */
  readonly locate: () => Span;
  readonly from: readonly ClientWords[];
  readonly to: readonly TargetWords[];
  readonly at: readonly NodeWords[];
  /** Come before other changes. */
  readonly patches: readonly ObjectPatch[];
  readonly changes: readonly ClusterChange[];
  readonly expect: Expectation;
  /** Makes a diagnostic about a field of the case. */
  readonly report: (code: ExpectCode, field: FieldPath, problem: Fault) => Diagnostic;
}

export interface Fault {
  readonly message: string;
  readonly hint?: string;
}

/** Words of a file, and the field of the case that they are in. */
interface Words {
  readonly field: FieldPath;
}

/** Who connects. */
export type ClientWords = Words & (ClientName | Extract<SubjectWords, { readonly kind: 'selected' }>);

/** Pods or nodes, by name or by what they have in common. */
export type SubjectWords =
  | Extract<ClientName, { readonly kind: 'pod' | 'node' }>
  | { readonly kind: 'selected'; readonly selector: Selector };

/** All of it must be so. */
export interface Selector {
  readonly of: 'pods' | 'nodes';
  readonly labels: StringMap;
  readonly namespace: string | undefined;
  readonly node: string | undefined;
  readonly zone: string | undefined;
}

/** Where connections go. */
export type TargetWords = Words &
  (
    | Extract<WantedTarget, { readonly kind: 'address' }>
    | (WantedName & {
        /** `namespace/name`. */
        readonly service: string;
        /** Which addresses are meant; undefined: those that are for such a client. */
        readonly roles: readonly Role[] | undefined;
        /** All ports, rather than the one that is named or the only one. */
        readonly isEachPort: boolean;
      })
  );

/** One that serves connections, by its name or address. */
export type EndpointWords =
  /** Without a namespace: in that of the Service. */
  | Extract<ClientName, { readonly kind: 'pod' }>
  /** `port`: undefined when it does not matter. */
  | { readonly kind: 'address'; readonly ip: string; readonly port: number | undefined };

/** Where clients outside come in. */
export type NodeWords = Words &
  (
    | { readonly kind: 'each' }
    | { readonly kind: 'node'; readonly name: string }
    | { readonly kind: 'selected'; readonly selector: Selector }
  );

/** Fields of an object that are other ones in a case. */
export type ObjectPatch = Words & {
  readonly kind: string;
  /** undefined: default, or none. */
  readonly namespace: string | undefined;
  readonly name: string;
  readonly value: JsonObject;
  /** Finds fields of the patch. */
  readonly locate: Locator;
};

export const CHANGES = ['remove', 'notReady', 'terminating'] as const;

/** What happens to the cluster before a case. */
export type ClusterChange = Words & {
  readonly verb: (typeof CHANGES)[number];
  readonly subject: SubjectWords;
};

export const REASONS = [
  'no-endpoints',
  'no-local-endpoints',
  'source-not-allowed',
  'no-rule',
  'no-address',
] as const;

/** Why a connection reaches no endpoint. */
export type Reason = (typeof REASONS)[number];

export const REFUSALS = ['rejected', 'dropped', 'unreachable'] as const;

export type Expectation =
  | {
      readonly kind: 'reaches';
      /** Exactly these, if it says so; otherwise exactly `endpoints`, if it says those; otherwise any. */
      readonly pods: Omit<Selector, 'of'> | undefined;
      readonly endpoints: readonly EndpointWords[] | undefined;
      readonly count: number | undefined;
      readonly evenly: boolean | undefined;
      readonly source: 'kept' | 'rewritten' | undefined;
    }
  | { readonly kind: (typeof REFUSALS)[number]; readonly reason: Reason | undefined }
  /** Names or numbers of the ports that are served: the others are unreachable. */
  | { readonly kind: 'only'; readonly ports: readonly string[] };
