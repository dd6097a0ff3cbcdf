import {
  type Compiled,
  type CompileOptions,
  compare,
  compileDns,
  compileEndpoints,
  compileEnv,
  type Diagnostic,
  hasErrors,
  type LoadedManifests,
  noColors,
  printPretty,
  printPrettyDiff,
} from '../src/index.ts';
import { findingInOwnWords, inOwnWords } from './own-words.ts';
import type { PageFile, Request } from './protocol.ts';

/** What a request is about, read. */
export interface Input {
  readonly options: CompileOptions;
  readonly dumps: readonly PageFile[];
  /** undefined: there are no manifests. */
  readonly loaded: LoadedManifests | undefined;
  /** The first state, read when it is asked for. */
  readonly base: () => LoadedManifests;
}

/** What a tab shows. */
interface TabText {
  readonly text: string;
  readonly isError: boolean;
  readonly findings: readonly Diagnostic[];
}

interface CompiledRules {
  /** undefined: there are no manifests. */
  readonly compiled: Compiled | undefined;
  readonly artifact: string;
}

/** Whether the tab of rules shows those that were pasted: there are no others, or a connection is explained over them. */
export function showsDump(
  { tab, question }: Pick<Request, 'tab' | 'question'>,
  { loaded, dumps }: Input,
): boolean {
  return tab === 'rules' && dumps.length > 0 && (loaded === undefined || question !== undefined);
}

/** The text that the command of the tab prints; where it prints none, what it says of its input. */
export function textOf(request: Request, input: Input, { compiled, artifact }: CompiledRules): TabText {
  const { loaded, options, dumps } = input;
  if (showsDump(request, input))
    return { text: dumps.map(({ text }) => text).join('\n'), isError: false, findings: [] };
  if (loaded === undefined) return { text: '', isError: false, findings: [] };
  switch (request.tab) {
    case 'rules':
      return fromArtifacts(compiled, artifact);
    case 'env':
      return fromArtifacts(compileEnv(loaded, { ...options, namespace: request.namespace }));
    case 'dns':
      return fromArtifacts(compileDns(loaded, options));
    case 'endpoints':
      return fromArtifacts(compileEndpoints(loaded, options));
    case 'diff': {
      const { report, diagnostics } = compare(input.base(), loaded, options);
      if (report === undefined) return failed(diagnostics);
      return { text: inOwnWords(printPrettyDiff(report, noColors)), isError: false, findings: [] };
    }
  }
}

function fromArtifacts<Name extends string>(compiled: Compiled<Name> | undefined, wanted?: string): TabText {
  if (compiled?.artifacts === undefined) return failed(compiled?.diagnostics ?? []);
  const found = [...compiled.artifacts].find(([name]) => wanted === undefined || name === wanted);
  return { text: found?.[1].text() ?? '', isError: false, findings: compiled.diagnostics };
}

function failed(diagnostics: readonly Diagnostic[]): TabText {
  const errors = diagnostics.filter((each) => hasErrors([each])).map(findingInOwnWords);
  return {
    text: [...printPretty(errors, { colors: noColors })].join(''),
    isError: true,
    findings: diagnostics,
  };
}
