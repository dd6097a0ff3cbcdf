import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { hasErrors } from '../diagnostic/has-errors.ts';
import type { ExpectationFile, Fault, TestSettings } from '../expect/expectation.ts';
import { readExpectations } from '../expect/read/read-expectations.ts';
import { recordCases } from '../expect/record/record.ts';
import { type RanCase, runCases, type TestReport } from '../expect/run-cases.ts';
import type { TestedMode } from '../expect/world/site.ts';
import { createWorld } from '../expect/world/world.ts';
import { createWorlds, type ReadManifests } from '../expect/world/worlds.ts';
import { policyNotes } from '../explain/notes/policy-note.ts';
import type { ProxyConfig, ProxyMode } from '../model/proxy-config.ts';
import type { SourceFile } from '../model/source.ts';
import { MODES } from '../modes/index.ts';
import { readInput } from './compile.ts';
import { conclude, type WithDiagnostics } from './conclude.ts';
import type { LoadedManifests, Manifests } from './load.ts';
import { type ReadNode, readNode } from './node.ts';
import type { NodeOptions } from './node-options.ts';
import { type ClusterOptions, type ManifestOptions, sourceFileOf, type TextFile } from './options.ts';
import { inputProblem } from './problem.ts';

interface WantedCases {
  /** Only cases with this in their names run. */
  readonly filter?: string | undefined;
}

export interface TestOptions extends ClusterOptions, NodeOptions, WantedCases {}

export interface TestedTraffic extends WithDiagnostics {
  /** undefined: there are errors. */
  readonly report: TestReport | undefined;
}

interface RanTests extends WithDiagnostics {
  /** undefined: there are errors. */
  readonly report: TestReport<RanCase> | undefined;
}

/** Tests what traffic does against files of expectations, as `svcgen test` does. */
export function testTraffic(
  manifests: Manifests,
  expectations: readonly TextFile[],
  options: TestOptions = {},
): TestedTraffic {
  const { loaded, node } = readInput(manifests, options);
  const nodeOf = ({ mode, clusterCIDRs }: SettingsOfRun) =>
    readNode({ ...options, mode, clusterCIDRs: options.clusterCIDRs ?? clusterCIDRs });
  const files = expectations.map(sourceFileOf);
  const input: TestInput = { loaded, node, nodeOf, files, mode: options.mode };
  const { report, diagnostics } = testTrafficOf(input, options);
  const cases = report?.cases.map(({ locate, ...others }) => ({ ...others, span: locate() }));
  return { report: report && cases && { ...report, cases }, diagnostics };
}

export interface RecordedTraffic extends WithDiagnostics {
  /** A file of expectations; undefined: there are errors. */
  readonly text: string | undefined;
}

/** Writes a file of expectations that describes what traffic does now, as `svcgen test --record` does. */
export function recordTraffic(
  manifests: Manifests,
  options: ClusterOptions & NodeOptions = {},
): RecordedTraffic {
  return recordTrafficOf(readInput(manifests, options), options);
}

/** The same of what has been read. */
export function recordTrafficOf(
  { loaded, node }: Pick<TestInput, 'loaded' | 'node'>,
  options: ManifestOptions,
): RecordedTraffic {
  const { cluster } = loaded;
  const { config } = node;
  const isReady = !hasErrors([...node.diagnostics, ...loaded.diagnostics]);
  const world =
    isReady && cluster !== undefined && config !== undefined
      ? createWorld(cluster, { tested: [testedMode(config)], node: config.nodeName })
      : undefined;
  const recorded =
    world !== undefined && config !== undefined ? recordCases(world, settingsText(config)) : undefined;
  const found = world?.diagnostics ?? [];
  const isEmpty = world?.hasErrors() === false && recorded?.text === undefined;
  const { diagnostics, hasErrors: isBad } = conclude(options, [
    node,
    loaded,
    { diagnostics: found },
    { diagnostics: isEmpty ? [nothingToRecord(recorded?.whyNone)] : [] },
  ]);
  return { text: isBad ? undefined : recorded?.text, diagnostics };
}

const NO_SERVICE: Fault = {
  message: 'no Service in the input has an address that nodes serve',
  hint: 'headless Services and those of type ExternalName have none; "svcgen dns" prints what clients see of them',
};

/** A file without cases would be refused. */
function nothingToRecord({ message, hint }: Fault = NO_SERVICE): Diagnostic {
  return inputProblem<'expectation-given'>({
    code: 'expectation-given',
    message: `there is nothing to record: ${message}`,
    ...(hint === undefined ? {} : { hint }),
  });
}

function settingsText({ mode, detectLocal }: ProxyConfig): string {
  const range =
    detectLocal.kind === 'cluster-cidr'
      ? `, clusterCIDR: ${JSON.stringify(detectLocal.cidrs.join(','))}`
      : '';
  return `{ modes: [${mode}]${range} }`;
}

function testedMode(config: ProxyConfig): TestedMode {
  return { config, setting: { mode: config.mode, layout: MODES[config.mode].layouts[0] } };
}

/** What a file of expectations may say of the node, if flags do not. */
export interface SettingsOfRun {
  /** undefined: the mode of the configuration. */
  readonly mode: ProxyMode | undefined;
  readonly clusterCIDRs: readonly string[] | undefined;
}

/** What has been read. */
export interface TestInput {
  readonly loaded: LoadedManifests;
  readonly node: ReadNode;
  readonly nodeOf: (settings: SettingsOfRun) => ReadNode;
  readonly files: readonly SourceFile[];
  /** Whatever files say; undefined: they decide. */
  readonly mode: ProxyMode | undefined;
}

/** The same of what has been read. */
export function testTrafficOf(input: TestInput, options: WantedCases & ManifestOptions): RanTests {
  const read = input.files.map(readExpectations);
  const files = read.flatMap(({ file }) => file ?? []);
  const wrong = [input.loaded, ...read].some(({ diagnostics }) => hasErrors(diagnostics));
  const given = isEmpty(files, options) && !wrong;
  const parts: (WithDiagnostics | undefined)[] = [input.node, input.loaded, ...read];
  if (given) parts.push({ diagnostics: [nothingToTest(input, options)] });
  const { cluster, diagnostics: found, patched } = input.loaded;
  const cases: RanCase[] = [];
  if (
    cluster !== undefined &&
    patched !== undefined &&
    !hasErrors(parts.flatMap((part) => part?.diagnostics ?? []))
  ) {
    for (const file of files) {
      const ran = runFile(file, { cluster, diagnostics: found, patched }, { input, options });
      for (const each of ran.cases) cases.push(each);
      parts.push(ran);
    }
  }
  const { diagnostics, hasErrors: isBad } = conclude(options, parts);
  const notes = policyNotes(cluster?.networkPolicies ?? []);
  return { report: isBad ? undefined : { cases, notes }, diagnostics };
}

function isEmpty(files: readonly ExpectationFile[], { filter = '' }: WantedCases): boolean {
  return !files.some(({ cases }) => cases.some(({ name }) => name.includes(filter)));
}

function nothingToTest({ files }: TestInput, { filter }: WantedCases): Diagnostic {
  if (files.length === 0)
    return inputProblem<'expectation-given'>({
      code: 'expectation-given',
      message: 'there is no file of expectations',
      hint: 'name one with --expect, or put a file *.traffic.yaml below the paths; svcgen test --record writes one',
    });
  return inputProblem<'expectation-given'>({
    code: 'expectation-given',
    message: `no case has ${JSON.stringify(filter ?? '')} in its name`,
    hint: 'leave --filter out to run all cases',
  });
}

interface RunContext {
  readonly input: TestInput;
  readonly options: WantedCases & ManifestOptions;
}

interface RanFile extends WithDiagnostics {
  readonly cases: readonly RanCase[];
}

function runFile(
  { settings, cases }: ExpectationFile,
  manifests: ReadManifests,
  { input, options }: RunContext,
): RanFile {
  const { filter = '' } = options;
  const modes = readModes(settings, input);
  if (hasErrors(modes.diagnostics)) return { cases: [], diagnostics: modes.diagnostics };
  const worldAfter = createWorlds(manifests, modes.tested, input.node.config?.nodeName);
  const ran = runCases(
    cases.filter(({ name }) => name.includes(filter)),
    worldAfter,
  );
  return {
    cases: ran.results,
    diagnostics: withoutRepetition([...modes.diagnostics, ...ran.diagnostics]),
  };
}

/** Nodes and modes have much in common, and so has what is said of them. */
function withoutRepetition(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const keyOf = ({ code, message, span }: Diagnostic) => JSON.stringify([code, message, span]);
  return [...new Map(diagnostics.map((each) => [keyOf(each), each])).values()];
}

interface ReadModes extends WithDiagnostics {
  readonly tested: readonly TestedMode[];
}

/** Diagnostics of the node's settings have been said when the first mode is read: those of others are the same. */
function readModes({ modes, clusterCIDRs }: TestSettings, { nodeOf, mode: given }: TestInput): ReadModes {
  const tested: TestedMode[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const mode of given === undefined ? (modes ?? [undefined]) : [given]) {
    const { config, diagnostics: found } = nodeOf({ mode, clusterCIDRs });
    if (config !== undefined) tested.push(testedMode(config));
    else for (const each of found) diagnostics.push(each);
  }
  return { tested, diagnostics };
}
