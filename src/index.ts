/**
 * The library: what the commands of svcgen do, for programs. Each function takes files, or what `load` has made of them, and
 * options with the defaults of the command line. Problems of the input and of options are data: `diagnostics`.
 */

export { printJsonDrift, printMarkdownDrift, printPrettyDrift } from './compare/print/drift.ts';
export { printJsonDiff, printMarkdownDiff, printPrettyDiff } from './compare/print/traffic.ts';
export type { DriftReport, TrafficReport } from './compare/report.ts';
export { printJson } from './diagnostic/print-json.ts';
export { type Colors, noColors, printPretty } from './diagnostic/print-pretty.ts';
export { printGithubTest, printJsonTest, printJunitTest, printTapTest } from './expect/print/formats.ts';
export { printPrettyTest } from './expect/print/pretty.ts';
export type { CaseResult, Failure, TestReport } from './expect/run-cases.ts';
export type { Explanation } from './explain/explanation.ts';
export { printPrettyExplanation } from './explain/print/print.ts';
export { printJsonExplanation } from './explain/print/print-json.ts';
export type { PortRange } from './kubernetes/ranges.ts';
export type { ComparedNode, ComparedTraffic } from './library/compare.ts';
export { type CompareOptions, compare, compareWithNode } from './library/compare.ts';
export { type Compiled, type CompileOptions, compile } from './library/compile.ts';
export { type ChangesOptions, type CompiledChanges, compileChanges } from './library/compile-changes.ts';
export { compileDns, type DnsFormat, type DnsOptions } from './library/compile-dns.ts';
export { compileEndpoints, type EndpointsOptions } from './library/compile-endpoints.ts';
export { compileEnv, type EnvOptions } from './library/compile-env.ts';
export {
  type CompiledNode,
  type CompiledNodes,
  compileEveryNode,
  type EveryNodeOptions,
} from './library/compile-every-node.ts';
export type { CompiledText } from './library/compiled-text.ts';
export { type DrawOptions, draw } from './library/draw.ts';
export { type Explained, type ExplainOptions, explain } from './library/explain.ts';
export { type LoadedManifests, type LoadManifestsOptions, load, type Manifests } from './library/load.ts';
export type { NodeOptions } from './library/node-options.ts';
export type { ClusterOptions, ManifestFile, ManifestOptions, TextFile } from './library/options.ts';
export type { DrawFormat } from './library/print-pictures.ts';
export {
  type RecordedTraffic,
  recordTraffic,
  type TestedTraffic,
  type TestOptions,
  testTraffic,
} from './library/test-traffic.ts';
export {
  type CheckedFiles,
  type ManifestCheckOptions,
  validateManifests,
} from './library/validate-manifests.ts';
export type { NodePortAddresses } from './model/proxy-config.ts';
export { renderCleanup } from './modes/index.ts';
export { type DocumentMemory, nextMemory } from './parse/document-memory.ts';
export type { EndpointsFormat } from './render/endpoints/print.ts';
export type { EnvFormat } from './render/env/print.ts';
export type { RestoreForm } from './render/netfilter/restore-form.ts';
export type { AllocationLock } from './resolve/allocation/allocation-lock.ts';
export type { Shard } from './resolve/proxy/shard-nodes.ts';
export {
  type ArtifactName,
  type Cluster,
  type Diagnostic,
  describeMode,
  hasErrors,
  type IPFamily,
  type ModeDescription,
  type ProxyMode,
  type RuleLayout,
  type Severity,
  type Span,
} from './stages.ts';
export type { DetectLocalMode, IPVSOptions } from './validate/kube-proxy-configuration.ts';
