import type { Host } from '../../lang/packet/host.ts';
import type { NodeState } from '../../model/node-state.ts';
import type { FoundClient } from '../connection/find-client.ts';
import type { WantedClient } from '../connection/plan-connection.ts';
import type { Target } from '../connection/targets.ts';
import type { Connection, ExplainedStep, ExplainedWay } from '../explanation.ts';

/** All that is known when a connection has been followed. */
export interface Findings extends DumpFindings {
  readonly client: WantedClient;
  /** Where the client is; undefined: on the node whose rules these are, or nobody knows. */
  readonly whereabouts: Whereabouts | undefined;
  readonly connection: Connection;
  readonly ways: readonly ExplainedWay[];
  /** The steps that all ways have in common. */
  readonly path: readonly ExplainedStep[];
  /** The rules are those of a node. */
  readonly isLive: boolean;
  readonly host: Host;
  /** What the node serves; undefined: there are no manifests. */
  readonly state: NodeState | undefined;
  /** What the destination is there; undefined: nothing. */
  readonly target: Target | undefined;
  /** What a name stood for; undefined: an address was given. */
  readonly chosen: Target | undefined;
  /** Why that has no endpoints, on any node; undefined: it has some, or manifests do not tell. */
  readonly lack: string | undefined;
  /** The versions of kube-proxy that the rules of the node tell; undefined: none. */
  readonly versions: string | undefined;
}

/** All steps of a connection, whichever way it takes. */
export function stepsOf({ path, ways }: Pick<Findings, 'path' | 'ways'>): readonly ExplainedStep[] {
  return [...path, ...ways.flatMap((way) => way.path)];
}

/** A client that has been found somewhere. */
export interface Whereabouts {
  readonly client: FoundClient;
  /** The node whose rules these are; undefined: it has no name. */
  readonly nodeName: string | undefined;
  readonly nodeBy: NodeChoice;
}

/** How the node has been chosen whose rules are followed: it, or its dump, was given; else it has the client, or what that connects to. */
export type NodeChoice = 'name' | 'client' | 'target';

/** What there is to say about the dump of a node. */
export interface DumpFindings {
  /** What to look at where its rules do nothing with the connection. */
  readonly hints: (ways: readonly ExplainedWay[], steps: readonly ExplainedStep[]) => readonly string[];
  /** Why no rule of a Service matches, as the beginning of a sentence: the first one that is known. */
  readonly causes?: (ways: readonly ExplainedWay[], steps: readonly ExplainedStep[]) => readonly string[];
  /** What it does not tell. */
  readonly gaps: readonly string[];
  /** What makes its answer doubtful; undefined: nothing that is not said elsewhere. */
  readonly doubt?: Doubt | undefined;
}

/** Rules that a dump lacks. */
export interface Doubt {
  /** They may let a connection pass, too, rather than refuse it alone. */
  readonly isOpen: boolean;
  /** What they may do, as the end of a sentence. */
  readonly unless: string;
}

/** What a line that stands for others leaves open. @param line where it is; undefined: there is none */
export function doubtOfElision(line: number | undefined): Doubt | undefined {
  return line === undefined
    ? undefined
    : { isOpen: true, unless: `rules decide otherwise that line ${line} leaves out` };
}
