import type { SpawnSyncReturns } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import type { SourceFile } from '../../model/source.ts';
import { missingTarget } from '../dangling-link.ts';
import { describeErrno, errnoCode } from '../errno.ts';
import type { Terminal } from '../terminal.ts';
import { fileProblem, missing, strayLink } from './file-problem.ts';
import { findFiles, type WalkOptions } from './find-files.ts';
import { refusePipes } from './pipes-of-builds.ts';

/** Options that have manifests built by other programs. */
export interface BuildFlags {
  readonly kustomize?: readonly string[];
  readonly helm?: readonly string[];
  readonly values?: readonly string[];
  readonly set?: readonly string[];
  readonly eachKustomization?: boolean;
  /** Charts may be for some versions only, or look differently for others. */
  readonly kubernetesVersion?: string;
}

/** What these programs have printed. */
export interface BuiltManifests {
  readonly files: readonly SourceFile[];
  /** Those that nobody asked for by name: they may be empty. */
  readonly found?: ReadonlySet<SourceFile>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Options of `kubectl svcgen` that kubectl gets. */
export interface KubectlFlags {
  readonly context?: string;
  readonly kubeconfig?: string;
}

/** One way to build manifests, as somebody would type it. */
interface Build {
  readonly program: string;
  readonly args: readonly string[];
  /** What it complains of where the next way may do better. */
  readonly isTooOld?: string;
}

/** Programs of which the first that is installed builds a folder. */
type Builds = readonly Build[];

/** What else there is to know. */
export interface BuildContext extends Pick<Terminal, 'env'> {
  /** Of `--each-kustomization`: where kustomizations are looked for, and what is left out there. */
  readonly paths: readonly string[];
  readonly walk: WalkOptions;
}

/**
 * Runs kustomize and helm. They are started as they are, without a shell, so that no name of a folder can be anything but an
 * argument.
 */
export async function buildManifests(
  flags: BuildFlags,
  { env, paths, walk }: BuildContext,
): Promise<BuiltManifests> {
  const { kustomize = [], helm = [], values = [], set = [], eachKustomization, kubernetesVersion } = flags;
  const settings = [
    ...(kubernetesVersion === undefined ? [] : [`--kube-version=${kubernetesVersion}`]),
    ...values.flatMap((file) => ['--values', file]),
    ...set.flatMap((each) => ['--set', each]),
  ];
  // What is no path is a chart of a repository to helm: it would ask the network for it.
  const [charts, absent] = [helm.filter(existsSync), helm.filter((chart) => !existsSync(chart))];
  const trees = eachKustomization === true ? paths.map((path) => foldersToBuild(path, walk)) : [];
  const folders = [...kustomize, ...trees.flatMap((tree) => tree.folders)];
  const pipes = [
    ...refusePipes({ program: 'kustomize', paths: folders }),
    ...refusePipes({ program: 'helm', paths: values }),
  ];
  if (pipes.length > 0) return { files: [], diagnostics: pipes };
  const wanted: readonly Builds[] = [
    ...kustomize.map(kustomizeBuilds),
    ...charts.map((chart) => [{ program: 'helm', args: ['template', asOperand(chart), ...settings] }]),
  ];
  const run = await runner(env);
  const found = trees.flatMap(({ folders }) => folders.map((folder) => build(kustomizeBuilds(folder), run)));
  const built = [...absent.map(noChart), ...trees, ...found, ...wanted.map((builds) => build(builds, run))];
  return {
    files: built.flatMap(({ files }) => files),
    found: new Set(found.flatMap(({ files }) => files)),
    diagnostics: built.flatMap(({ diagnostics }) => diagnostics),
  };
}

/** What svcgen reads of a cluster; ServiceCIDRs are served by default since Kubernetes 1.33. */
const LIVE_KINDS = ['services', 'endpointslices.discovery.k8s.io', 'pods', 'nodes'];
const SERVICE_CIDRS = 'servicecidrs.networking.k8s.io';

/** Has kubectl print what a cluster holds: the only thing that ever asks a network, and only `kubectl svcgen` does. */
export async function readLiveCluster(
  { context, kubeconfig }: KubectlFlags,
  { env }: Pick<Terminal, 'env'>,
): Promise<BuiltManifests> {
  const settings = [
    ...(kubeconfig === undefined ? [] : [`--kubeconfig=${kubeconfig}`]),
    ...(context === undefined ? [] : [`--context=${context}`]),
  ];
  const get = (kinds: readonly string[]) => ['get', kinds.join(','), '-A', '-o', 'json', ...settings];
  const builds = [
    {
      program: 'kubectl',
      args: get([...LIVE_KINDS, SERVICE_CIDRS]),
      isTooOld: "the server doesn't have a resource type",
    },
    { program: 'kubectl', args: get(LIVE_KINDS) },
  ];
  return build(builds, await runner(env));
}

function noChart(chart: string): BuiltManifests {
  const place = { path: chart, location: chart };
  if (missingTarget(place) !== undefined) return failedWith(missing(place));
  return failedWith(
    fileProblem({
      code: 'input-exists',
      file: chart,
      message: `there is no chart ${JSON.stringify(chart)}`,
    }),
  );
}

async function runner(env: Terminal['env']): Promise<Run> {
  const { spawnSync } = await import('node:child_process');
  return (program, args) =>
    spawnSync(program, [...args], { env, maxBuffer: MAX_OUTPUT, stdio: ['ignore', 'pipe', 'pipe'] });
}

type Run = (program: string, args: readonly string[]) => SpawnSyncReturns<Buffer>;

function kustomizeBuilds(folder: string): Builds {
  return [
    { program: 'kustomize', args: ['build', asOperand(folder)] },
    { program: 'kubectl', args: ['kustomize', asOperand(folder)] },
  ];
}

/** A path that no program takes for an option. */
function asOperand(path: string): string {
  return path.startsWith('-') ? `./${path}` : path;
}

/** Folders of a tree that kustomize can build by themselves: components are parts of others. */
function foldersToBuild(path: string, walk: WalkOptions) {
  const wrong = path === '-' || existsSync(path) ? noFolder(path) : missing({ path, location: path });
  if (wrong !== undefined) return { folders: [], ...failedWith(wrong) };
  const { kustomizations, problems, strayLinks } = findFiles(path, walk);
  const folders = kustomizations.flatMap(({ directory, isComponent }) => (isComponent ? [] : [directory]));
  const unreadable = problems.map((problem) =>
    fileProblem({
      code: 'input-readable',
      file: problem.path,
      message: `cannot read ${JSON.stringify(problem.path)}: ${problem.reason}`,
    }),
  );
  const isEmpty = folders.length === 0 && problems.length === 0;
  const empty = isEmpty ? [noKustomization(path)] : [];
  return { folders, files: [], diagnostics: [...empty, ...unreadable, ...strayLinks.map(strayLink)] };
}

/** kustomize builds folders: it would not look at anything else. */
function noFolder(path: string): Diagnostic | undefined {
  const isStdin = path === '-';
  if (!isStdin && statSync(path).isDirectory()) return undefined;
  const given = isStdin ? '"-" is stdin' : `${JSON.stringify(path)} is a file`;
  return fileProblem({
    code: 'input-readable',
    file: path,
    message: `--each-kustomization takes folders, and ${given}`,
    hint: isStdin
      ? 'name the folder that the kustomizations are in or below, or leave out --each-kustomization to judge what stdin holds'
      : 'name the folder that it is in, or leave out --each-kustomization to judge the file as it is',
  });
}

function noKustomization(path: string): Diagnostic {
  return fileProblem({
    code: 'folder-has-manifests',
    file: path,
    message: `the folder ${JSON.stringify(path)} holds no kustomization that can be built`,
    hint: 'name a folder with a kustomization.yaml in it, or below it; without --each-kustomization its files are judged as they are',
  });
}

/** What a build prints may be as large as any other input. */
const MAX_OUTPUT = 512 * 1024 * 1024;

/** So much of what a program complains about is repeated. */
const MAX_COMPLAINT = 2000;

function build(builds: Builds, run: Run): BuiltManifests {
  for (const { program, args, isTooOld } of builds) {
    const { status, stdout, stderr, error } = run(program, args);
    if (error !== undefined && errnoCode(error) === 'ENOENT') continue;
    const line = [program, ...args].join(' ');
    if (error !== undefined) return failed(line, describeErrno(error));
    if (status !== 0) {
      const complaint = withoutLogs(stderr.toString('utf8'));
      if (isTooOld !== undefined && complaint.includes(isTooOld)) continue;
      return failed(line, complaint || `it ended with status ${status}`);
    }
    return { files: [{ path: `<${line}>`, bytes: stdout }], diagnostics: [] };
  }
  const lines = builds.map(({ program, args }) => [program, ...args].join(' '));
  const programs = new Set(builds.map(({ program }) => program));
  return failed(
    lines.join('" or "'),
    programs.size > 1 ? 'neither is installed' : 'it is not installed',
    'install one, or give what it prints elsewhere as a file',
  );
}

/** kubectl logs each of its tries before it says what is wrong; helm says after an empty line which options it has. */
const KLOG_LINE = /^[IWEF]\d{4} /;

function withoutLogs(complaint: string): string {
  const [first = ''] = complaint.trim().split('\n\n');
  const lines = first.split('\n');
  const said = lines.filter((line) => !KLOG_LINE.test(line));
  return (said.length === 0 ? lines : said).map((line) => line.trim()).join(' ');
}

function failed(
  line: string,
  reason: string,
  hint = `run it by hand to see all that it says`,
): BuiltManifests {
  return failedWith(
    fileProblem({
      code: 'input-built',
      message: `"${line}" failed: ${reason.slice(0, MAX_COMPLAINT)}`,
      hint,
    }),
  );
}

function failedWith(problem: Diagnostic): BuiltManifests {
  return { files: [], diagnostics: [problem] };
}
