import {
  type CompileOptions,
  compile,
  type Diagnostic,
  type DocumentMemory,
  describeMode,
  type LoadedManifests,
  load,
  nextMemory,
} from '../src/index.ts';
import { NOTHING_DRAWN, overviewOf } from '../src/library/draw.ts';
import { PROXY_MODES, RULE_LAYOUTS } from '../src/model/proxy-config.ts';
import { answerQuestion } from './answer-question.ts';
import { findingInOwnWords } from './own-words.ts';
import {
  type Answer,
  chosen,
  FAMILIES,
  type Finding,
  isDump,
  type PageFile,
  type Request,
  type Settings,
} from './protocol.ts';
import { type Input, showsDump, textOf } from './tab-text.ts';

/** What `svcgen` is told by the flags that the bar stands for. */
function optionsOf(settings: Settings): CompileOptions {
  const { node, clusterCIDR, version } = settings;
  const mode = chosen(settings.mode, PROXY_MODES);
  const layout = chosen(settings.layout, RULE_LAYOUTS);
  const family = chosen(settings.family, FAMILIES);
  return {
    mode,
    layout:
      layout !== undefined && describeMode(mode ?? 'iptables').layouts.includes(layout) ? layout : undefined,
    families: family && [family],
    nodeName: node === '' ? undefined : node,
    clusterCIDRs: clusterCIDR === '' ? undefined : clusterCIDR.split(',').map((cidr) => cidr.trim()),
    kubernetesVersion: version === '' ? undefined : version,
  };
}

/** Answers one request after the other. What has not changed since the last one is not read again. */
export function createCompiler(): (request: Request) => Omit<Answer, 'id' | 'took'> {
  const [loadFiles, loadBase] = [createLoader(), createLoader()];
  return (request) => {
    const options = optionsOf(request.settings);
    const dumps = request.files.filter(({ text }) => isDump(text));
    const manifests = request.files.filter(({ text }) => !isDump(text) && text.trim() !== '');
    const loaded = manifests.length === 0 ? undefined : loadFiles(manifests, options);
    return answer(request, { options, dumps, loaded, base: () => loadBase(request.base, options) });
  };
}

/** Loads some files again and again: all of it only when something changed, and then only the documents that did. */
function createLoader(): (files: readonly PageFile[], options: CompileOptions) => LoadedManifests {
  let memory: DocumentMemory | undefined;
  let last: (FilesAndOptions & { readonly loaded: LoadedManifests }) | undefined;
  return (files, options) => {
    if (last !== undefined && isSameInput(last, { files, options })) return last.loaded;
    memory = nextMemory(memory);
    last = { files, options, loaded: load(files, { ...options, memory }) };
    return last.loaded;
  };
}

interface FilesAndOptions {
  readonly files: readonly PageFile[];
  readonly options: CompileOptions;
}

function isSameInput(a: FilesAndOptions, b: FilesAndOptions): boolean {
  return (
    a.options.nodeName === b.options.nodeName &&
    a.options.kubernetesVersion === b.options.kubernetesVersion &&
    a.files.length === b.files.length &&
    a.files.every(({ path, text }, index) => path === b.files[index]?.path && text === b.files[index].text)
  );
}

function answer(request: Request, input: Input): Omit<Answer, 'id' | 'took'> {
  const { loaded, options } = input;
  const compiled = loaded && compile(loaded, { ...options, artifacts: undefined });
  const drawn = loaded === undefined ? NOTHING_DRAWN : overviewOf(loaded, options, request.service);
  const question = answerQuestion(request, input);
  const names = [...(compiled?.artifacts?.keys() ?? [])];
  const artifact = names.find((name) => name === request.artifact) ?? mainOf(names, options);
  const text = textOf(request, input, { compiled, artifact });
  const findings = [...(compiled?.diagnostics ?? []), ...question.findings, ...text.findings];
  return {
    ...drawn,
    findings: [
      ...new Map(findings.map((each) => [keyOf(each), findingOf(findingInOwnWords(each))])).values(),
    ],
    artifacts: names,
    artifact,
    layouts: describeMode(options.mode ?? 'iptables').layouts,
    text: text.text,
    isError: text.isError,
    isDump: showsDump(request, input),
    explanation: question.text,
    isExplained: question.isExplained,
    lit: question.lit,
  };
}

/** What `render` prints when nothing else is asked for. */
function mainOf(names: readonly string[], { mode = 'iptables', families }: CompileOptions): string {
  const main = describeMode(mode).artifacts.find(
    (each) =>
      each.isMain && (families === undefined || each.families.some((family) => families.includes(family))),
  );
  return main === undefined || !names.includes(main.name) ? (names[0] ?? '') : main.name;
}

/** The same finding of two stages is one. */
function keyOf({ code, message, span, object }: Diagnostic): string {
  return `${code} ${object} ${message} ${span?.file}:${span?.line}:${span?.column}`;
}

function findingOf({ severity, code, message, hint, span, file }: Diagnostic): Finding {
  return {
    severity,
    code,
    message,
    hint: hint ?? '',
    file: span?.file ?? file ?? '',
    line: span?.line ?? 0,
    column: span?.column ?? 0,
    length: span?.excerpt.length ?? 0,
  };
}
