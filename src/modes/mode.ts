import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { ChainDrift } from '../lang/iptables/compare/drift.ts';
import type { Host } from '../lang/packet/host.ts';
import type { Firewall } from '../lang/packet/rules.ts';
import type { RuleParts } from '../lang/text/rule-parts.ts';
import type { IPFamily } from '../model/cluster.ts';
import type { NodeState, NodeStates } from '../model/node-state.ts';
import type { ProxyConfig, ProxyMode, RuleLayout } from '../model/proxy-config.ts';
import type { SourceText } from '../model/source-text.ts';
import type { RestoreForm } from '../render/netfilter/restore-form.ts';
import type { AlikeServicePort } from '../render/rule-memory.ts';
import type { CleanupInput } from '../render/script/cleanup/render.ts';
import type { NodeDump, ReadDump } from './dump/node-dump.ts';

/** What a mode gives, for those who choose one. */
export interface ModeDescription<ArtifactName extends string = string> {
  readonly name: ProxyMode;
  /** How its rules can be laid out: the default comes first. */
  readonly layouts: readonly [RuleLayout, ...RuleLayout[]];
  /** In the order in which a folder gets them. */
  readonly artifacts: readonly Artifact<ArtifactName>[];
}

/**
 * A mode of the proxy: everything that is true of this mode and of no other. A new mode is one such record, beside a
 * renderer of its own.
 */
export interface Mode<ArtifactName extends string = string> extends ModeDescription<ArtifactName> {
  /** Layouts in which every service port has rules of its own, which depend on no other service port. */
  readonly layoutsByPort: readonly RuleLayout[];
  /** Layouts whose rules ask which endpoints are on the node, beside what deliveries say of that. */
  readonly layoutsByPlace: readonly RuleLayout[];
  /** The settings whose defaults are not those of `defaultProxyConfig`. */
  readonly defaults: Partial<ProxyConfig>;
  /** The section of a KubeProxyConfiguration with its masquerade settings (cmd/kube-proxy/app/server_linux.go). */
  readonly configurationSection: 'iptables' | 'nftables';
  /** Whether rules can be brought up to date by what differs from a node's (`--current`). */
  readonly current: CurrentRules;
  /** What a host may hold of it when it is no longer served, beside chains of iptables. */
  readonly remains: CleanupInput;
  /** What takes connections to the Service that they are for. */
  readonly findsServicesBy: 'chains of nat' | 'virtual servers';
  /** What is wrong with output options in this mode, as text; undefined: nothing. Its artifacts and layouts are known. */
  readonly outputProblem: (options: WrittenOptions, config: LocalhostSetting) => string | undefined;
  /** How each artifact is made. */
  readonly renderers: (options: RenderOptions) => Readonly<Record<ArtifactName, RenderStates>>;
  /** The rules of a node, as packets meet them. They are made when the first packet comes. */
  readonly firewall: (state: NodeState, setting: RuleSetting, host: Host) => Firewall;
  /** What its rules can ask of a node that has these addresses. */
  readonly host: (state: NodeState, nodeIPs: readonly string[]) => Host;
  /** What it programs, in parts that can be counted and compared. */
  readonly ruleParts: (state: NodeState, setting: RuleSetting) => RuleParts;
  /** The families that one dump of a node holds. */
  readonly dumpFamilies: readonly [IPFamily, ...IPFamily[]];
  /** Reads the dump of a node. `family` is that of a dump that holds one. */
  readonly readDump: (source: SourceText, family: IPFamily) => ReadDump;
  /** The layout that a dump has; undefined: nothing tells. */
  readonly tellLayout: (dump: NodeDump) => RuleLayout | undefined;
  /** Warnings about what a dump lacks. */
  readonly checkDump: (dump: NodeDump, wanted: WantedDump) => readonly Diagnostic[];
  /** How the dump of a node differs from what is wanted. */
  readonly drift: (dump: NodeDump, state: NodeState, setting: RuleSetting) => readonly ChainDrift[];
}

/** A text that a mode gives. */
export interface Artifact<Name extends string = string> {
  readonly name: Name;
  readonly fileName: string;
  readonly isExecutable: boolean;
  /** The families whose states it is made of. */
  readonly families: readonly IPFamily[];
  /** Those of them without which it cannot be made. */
  readonly needs: readonly IPFamily[];
  /** It is what `render` prints when nothing else is asked for: the first one of the wanted family. */
  readonly isMain: boolean;
  /** It answers health checks: where no Service has any, it is made only when it alone is wanted. */
  readonly isForHealthChecks?: boolean;
}

export type CurrentRules =
  | {
      readonly kind: 'changed';
      /** Of the text that makes the changes. */
      readonly fileName: string;
      readonly changes: (dump: NodeDump, states: NodeStates, setting: RuleSetting) => RuleChanges;
    }
  /** `why` says what the mode does instead. */
  | { readonly kind: 'replaced'; readonly why: string };

/** What brings the rules of a node up to date. */
export interface RuleChanges {
  /** The node has the rules that are wanted. */
  readonly isEmpty: boolean;
  /** Text for the tool that loads rules; none when there is nothing to change. */
  readonly pieces: () => Iterable<string>;
}

/** Options that say what is written, as far as modes differ in them. */
export interface WrittenOptions {
  readonly family?: IPFamily;
  readonly layout?: RuleLayout;
  readonly noflush?: boolean;
  readonly script?: boolean;
  readonly artifact?: string;
  readonly outputDir?: string;
}

export type LocalhostSetting = Pick<ProxyConfig, 'localhostNodePorts'>;

/** What rules are wanted as. */
export interface RuleSetting {
  readonly mode: ProxyMode;
  /** One that the mode has. */
  readonly layout: RuleLayout;
}

export interface RenderOptions {
  /** Scripts run what answers health checks of load balancers. */
  readonly withHealth: boolean;
  /** Scripts put back what was there unless somebody confirms in so many seconds; undefined: nobody has to. */
  readonly confirmSeconds?: number | undefined;
  readonly layout: RuleLayout;
  /** Of restore text; scripts have their own. */
  readonly form: RestoreForm;
  /** There are many nodes, and what they have in common is made once: which of their service ports are alike. */
  readonly alike?: AlikeServicePort | undefined;
}

/** Makes an artifact of what one node serves: text in pieces, to be written one after the other. */
export type RenderStates = (states: NodeStates) => Iterable<string>;

/** What the dump of a node is compared with. */
export interface WantedDump {
  readonly layout: RuleLayout;
  /** undefined: nobody knows what the node should serve. */
  readonly states: NodeStates | undefined;
}
