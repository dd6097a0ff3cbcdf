/** The library: the stages of svcgen, each a pure function. */

export type { Diagnostic } from './diagnostic/diagnostic.ts';
export { hasErrors } from './diagnostic/has-errors.ts';
export { printJson } from './diagnostic/print-json.ts';
export { noColors, printPretty } from './diagnostic/print-pretty.ts';
export type { Cluster, IPFamily } from './model/cluster.ts';
export type { Manifest } from './model/manifest.ts';
export type { NodeState } from './model/node-state.ts';
export {
  defaultProxyConfig,
  type ProxyConfig,
  type RenderTarget,
  type RuleLayout,
} from './model/proxy-config.ts';
export type { InputFile, LargeSourceFile, SourceFile } from './model/source.ts';
export {
  type ArtifactInput,
  type ArtifactName,
  defaultProxyConfigOf,
  MODES,
  renderArtifact,
} from './modes/index.ts';
export { parse } from './parse/parse.ts';
export { parseInTurn } from './parse/parse-in-turn.ts';
export { renderIptables as render } from './render/iptables/render.ts';
export { type AllocateOptions, allocate } from './resolve/allocation/allocate.ts';
export type { AllocationLock } from './resolve/allocation/allocation-lock.ts';
export { resolve } from './resolve/proxy/resolve.ts';
export { type SynthesizeOptions, synthesizePods } from './resolve/synthesis/synthesize-pods.ts';
export { defaultValidateOptions, type ValidateOptions } from './validate/options.ts';
export { validate, validateInTurn } from './validate/validate.ts';
