import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { hasErrors } from '../diagnostic/has-errors.ts';
import { mayHoldHost, type ReadHost, readHost } from '../lang/packet/read-host.ts';
import { unpastedText } from '../lang/text/pasted-text.ts';
import { textProblem } from '../lang/text/text-problem.ts';
import { type SourceText, sourceText } from '../model/source-text.ts';
import { tellDumpVersion } from '../modes/dump-version.ts';
import type { NodeDump, ReadDump } from '../modes/node-dump.ts';
import { takeVersion, type VersionTaken } from '../modes/version-told.ts';
import type { WithDiagnostics } from './conclude.ts';
import { kubernetesOf, type ManifestOptions, type TextFile } from './options.ts';

/** What the tools of a node printed about its rules, as far as it could be read. */
export interface NodeText extends WithDiagnostics {
  /** undefined: it could not be read. */
  readonly source: SourceText | undefined;
}

/** A text that a program gave. */
export function nodeTextOf({ path, text }: TextFile): NodeText {
  return { source: sourceText(path, unpastedText(text)), diagnostics: [] };
}

/** The dump of a node, as far as there is one. */
export interface DumpInput extends Pick<VersionTaken, 'kubernetes' | 'told' | 'older'> {
  readonly dump: NodeDump | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

const NOTHING_TOLD = takeVersion(undefined, undefined);

/** Reads the dump of a node, and tells the version of kube-proxy that made its rules. `read` knows what it is expected to be. */
export function readDump(
  { source, diagnostics }: NodeText,
  { kubernetesVersion }: Pick<ManifestOptions, 'kubernetesVersion'>,
  read: (source: SourceText) => ReadDump,
): DumpInput {
  if (source === undefined) return { ...NOTHING_TOLD, dump: undefined, diagnostics };
  const found = read(source);
  if (hasErrors(found.diagnostics)) return { ...NOTHING_TOLD, ...found };
  const given = kubernetesVersion === undefined ? undefined : kubernetesOf({ kubernetesVersion });
  const taken = takeVersion(tellDumpVersion(found.dump), given);
  return { ...taken, dump: found.dump, diagnostics: [...found.diagnostics, ...taken.diagnostics] };
}

/** What a text says of the node beside its rules. */
export interface HostText extends WithDiagnostics {
  /** undefined: nothing. */
  readonly read?: ReadHost;
}

/** The text of a node may have it all, as that of `svcgen doctor` does. */
export function hostInRules(rules: NodeText | undefined): HostText {
  const source = rules?.source;
  const read = source !== undefined && mayHoldHost(source.text) ? readHost(source.text) : undefined;
  return { ...(read === undefined ? {} : { read }), diagnostics: [] };
}

/** Addresses and routes of the node, as far as they are given. */
export function readHostText(given: NodeText): HostText {
  if (given.source === undefined) return { diagnostics: given.diagnostics };
  const { source } = given;
  const read = readHost(source.text);
  if (read !== undefined) return { read, diagnostics: [] };
  const problem = textProblem(source, {
    code: 'saved-rules-text',
    place: { start: 0, end: 0 },
    message: `${source.file} holds no addresses, no routes and no settings of the kernel`,
    hint: 'give what "svcgen doctor | sudo sh" prints on the node, or "ip -j addr; ip -j route" ("ip -6 -j route" for IPv6)',
  });
  return { diagnostics: [problem] };
}
