/** The stages of the compiler, each a pure function, and the types at their borders. Most programs want `svcgen` itself. */

export type { Diagnostic, Related, Severity } from './diagnostic/diagnostic.ts';
export { hasErrors } from './diagnostic/has-errors.ts';
export { defaultProxyConfig } from './kubernetes/proxy-defaults.ts';
export type { PortRange } from './kubernetes/ranges.ts';
export type { Cluster, IPFamily } from './model/cluster.ts';
export type { FieldPath } from './model/field-path.ts';
export type { JsonObject, JsonValue } from './model/json.ts';
export type { Manifest } from './model/manifest.ts';
export type { NodeState, NodeStates } from './model/node-state.ts';
export type {
  ProxyConfig,
  ProxyMode,
  RenderTarget,
  RuleLayout,
} from './model/proxy-config.ts';
export type { InputFile, LargeSourceFile, SourceFile, Span } from './model/source.ts';
export {
  type ArtifactInput,
  type ArtifactName,
  defaultProxyConfigOf,
  describeMode,
  renderArtifact,
} from './modes/index.ts';
export type { ModeDescription } from './modes/mode.ts';
export { type ParsedInTurn, type ParseResult, parse, parseInTurn } from './parse/parse.ts';
export { type AllocateOptions, type AllocateResult, allocate } from './resolve/allocation/allocate.ts';
export {
  type AllocationLock,
  formatAllocationLock,
  parseAllocationLock,
} from './resolve/allocation/allocation-lock.ts';
export { type ResolveResult, resolve } from './resolve/proxy/resolve.ts';
export { type SynthesizeOptions, synthesizePods } from './resolve/synthesis/synthesize-pods.ts';
export { defaultValidateOptions, type ValidateOptions } from './validate/options.ts';
export { type ValidationResult, validate } from './validate/validate.ts';
