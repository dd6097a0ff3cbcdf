import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { IPFamily } from '../model/cluster.ts';
import { IP_FAMILIES } from '../model/ip.ts';
import type { ProxyConfig, RuleLayout } from '../model/proxy-config.ts';
import { type ArtifactName, artifactsOf, MODES } from '../modes/index.ts';
import type { Artifact, RuleSetting } from '../modes/mode.ts';
import type { RestoreForm } from '../render/netfilter/restore-form.ts';
import { optionProblem } from './problem.ts';
import { listOf, type OptionReader, oneOf, optionReader, wholeNumber } from './read-options.ts';

/** How rules are laid out. */
export interface RuleOptions {
  /** Default: the first that the mode has. */
  readonly layout?: RuleLayout | undefined;
}

/** What is made of a node's rules. */
export interface OutputOptions extends RuleOptions {
  /** Of text for iptables-restore: whole tables, or our chains only. Default: tables. */
  readonly form?: RestoreForm | undefined;
  /** Default: all that the mode has, and the families allow. */
  readonly artifacts?: readonly ArtifactName[] | undefined;
  /** Scripts run an nginx that answers health checks of load balancers. */
  readonly withHealth?: boolean | undefined;
  /** Scripts put back what was there unless somebody confirms in so many seconds. Default: nobody has to. */
  readonly confirmSeconds?: number | undefined;
  /** Default: those of the artifacts. */
  readonly families?: readonly IPFamily[] | undefined;
}

/** An hour: who waits longer forgets. */
export const MAX_CONFIRM_SECONDS = 3600;

/** What is to be made, complete. */
export interface ChosenOutput {
  readonly setting: RuleSetting;
  readonly form: RestoreForm;
  readonly withHealth: boolean;
  readonly confirmSeconds: number | undefined;
  readonly artifacts: readonly Artifact<ArtifactName>[];
  readonly families: readonly IPFamily[];
  /** Options that the mode does not have. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What options ask for, in the mode of a node. */
export function chooseOutput(options: OutputOptions, { mode }: ProxyConfig): ChosenOutput {
  const reader = optionReader();
  const { setting } = chooseLayout(options, mode, reader);
  const form = reader.read(['form'], options.form, oneOf(['tables', 'noflush']));
  const families = reader.read(['families'], options.families, listOf(oneOf(IP_FAMILIES)));
  const all = artifactsOf(mode);
  const names = reader.read(['artifacts'], options.artifacts, listOf(oneOf(all.map(({ name }) => name))));
  const artifacts = all.filter(({ name, ...artifact }) =>
    names === undefined ? isOf(artifact, families) : names.includes(name),
  );
  return {
    setting,
    form: form ?? 'tables',
    withHealth: options.withHealth === true,
    confirmSeconds: reader.read(
      ['confirmSeconds'],
      options.confirmSeconds,
      wholeNumber(1, MAX_CONFIRM_SECONDS),
    ),
    artifacts,
    families: families ?? [...new Set(artifacts.flatMap((artifact) => artifact.families))],
    diagnostics: [...reader.diagnostics, ...artifacts.flatMap((each) => lackOf(each, families))],
  };
}

/** The rules that options ask for: in their layout, else in the default of the mode. */
export function chooseLayout(
  { layout }: RuleOptions,
  mode: ProxyConfig['mode'],
  { read, diagnostics }: OptionReader = optionReader(),
): { readonly setting: RuleSetting; readonly diagnostics: readonly Diagnostic[] } {
  const { layouts } = MODES[mode];
  return { setting: { mode, layout: read(['layout'], layout, oneOf(layouts)) ?? layouts[0] }, diagnostics };
}

function isOf(
  { families, needs }: Pick<Artifact, 'families' | 'needs'>,
  wanted: readonly IPFamily[] = IP_FAMILIES,
): boolean {
  return (
    families.some((family) => wanted.includes(family)) && needs.every((family) => wanted.includes(family))
  );
}

function lackOf({ name, needs }: Artifact, wanted: readonly IPFamily[] = IP_FAMILIES): readonly Diagnostic[] {
  const missing = needs.filter((family) => !wanted.includes(family));
  if (missing.length === 0) return [];
  return [
    optionProblem(['families'], `the artifact ${name} cannot be made without ${missing.join(' and ')}`),
  ];
}
