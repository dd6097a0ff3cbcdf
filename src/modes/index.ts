import { bug } from '../diagnostic/invariant.ts';
import { defaultProxyConfig } from '../kubernetes/proxy-defaults.ts';
import type { NodeStates } from '../model/node-state.ts';
import type { ProxyConfig, ProxyMode } from '../model/proxy-config.ts';
import { renderCleanupScript } from '../render/script/cleanup/render.ts';
import { type IptablesArtifact, iptablesMode } from './iptables.ts';
import { type IPVSArtifact, ipvsMode } from './ipvs.ts';
import type { Artifact, Mode, ModeDescription, RenderOptions, RenderStates, RuleSetting } from './mode.ts';
import { type NftablesArtifact, nftablesMode } from './nftables.ts';
import { type UserspaceArtifact, userspaceMode } from './userspace.ts';

/** Every mode that svcgen has, by the name that `--mode` takes. */
export const MODES = {
  iptables: iptablesMode,
  ipvs: ipvsMode,
  nftables: nftablesMode,
  userspace: userspaceMode,
} as const satisfies Readonly<Record<ProxyMode, Mode>>;

/** The name of an artifact of some mode. */
export type ArtifactName = IptablesArtifact | IPVSArtifact | NftablesArtifact | UserspaceArtifact;

/** What a mode gives, for those who choose one. */
export function describeMode(mode: ProxyMode): ModeDescription<ArtifactName> {
  const { name, layouts, artifacts } = MODES[mode];
  return { name, layouts, artifacts };
}

/** The artifacts of a mode, in their order. */
export function artifactsOf(mode: ProxyMode): readonly Artifact<ArtifactName>[] {
  return MODES[mode].artifacts;
}

/** The names of all artifacts that there are, each once: those of later modes stand behind those of earlier ones. */
export const ARTIFACT_NAMES: readonly ArtifactName[] = Object.values(MODES)
  .flatMap(({ name }) => artifactsOf(name))
  .map(({ name }) => name)
  .filter((name, index, names) => names.lastIndexOf(name) === index);

/** kube-proxy's defaults in a mode, for a node of which nothing is known. */
export function defaultProxyConfigOf(mode: ProxyMode): ProxyConfig {
  return { ...defaultProxyConfig, mode, ...MODES[mode].defaults };
}

/** What an artifact is made of. */
export interface ArtifactInput
  extends RuleSetting,
    Pick<RenderOptions, 'form'>,
    Partial<Pick<RenderOptions, 'withHealth'>> {
  readonly states: NodeStates;
}

/** The text of an artifact, in pieces to be written one after the other. Ends with a line break. */
export function renderArtifact(name: ArtifactName, { states, ...options }: ArtifactInput): Iterable<string> {
  return artifactRenderer({ withHealth: false, ...options })(name, states);
}

/** Renders artifacts of one node after the other. */
export function artifactRenderer({
  mode,
  ...options
}: RuleSetting & RenderOptions): (name: ArtifactName, states: NodeStates) => Iterable<string> {
  const renderers: Readonly<Record<string, RenderStates>> = MODES[mode].renderers(options);
  return (name, states) => {
    const render = renderers[name];
    if (render === undefined) throw bug(`mode ${mode} has no artifact ${name}`);
    return render(states);
  };
}

/** A shell script that removes what any mode has left on a host, in pieces. Ends with a line break. */
export function renderCleanup(): Iterable<string> {
  const remains = Object.values(MODES).map((mode) => mode.remains);
  return renderCleanupScript({
    setNames: remains.flatMap(({ setNames }) => setNames),
    tables: remains.flatMap(({ tables }) => tables),
  });
}
