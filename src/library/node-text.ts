import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { hasErrors } from '../diagnostic/has-errors.ts';
import { type SourceText, sourceText } from '../model/source-text.ts';
import { checkDumpVersion } from '../modes/dump-version.ts';
import type { NodeDump, ReadDump } from '../modes/node-dump.ts';
import type { WithDiagnostics } from './conclude.ts';
import type { ManifestOptions, TextFile } from './options.ts';

/** What the tools of a node printed about its rules, as far as it could be read. */
export interface NodeText extends WithDiagnostics {
  /** undefined: it could not be read. */
  readonly source: SourceText | undefined;
}

/** A text that a program gave. */
export function nodeTextOf({ path, text }: TextFile): NodeText {
  return { source: sourceText(path, text), diagnostics: [] };
}

/** The dump of a node, as far as there is one. */
export interface DumpInput {
  readonly dump: NodeDump | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the dump of a node. `read` knows what it is expected to be. Without a version of Kubernetes that is meant, it is
 * said if another kube-proxy made the rules than those that svcgen knows.
 */
export function readDump(
  { source, diagnostics }: NodeText,
  { kubernetesVersion }: Pick<ManifestOptions, 'kubernetesVersion'>,
  read: (source: SourceText) => ReadDump,
): DumpInput {
  if (source === undefined) return { dump: undefined, diagnostics };
  const found = read(source);
  if (kubernetesVersion !== undefined || hasErrors(found.diagnostics)) return found;
  return { dump: found.dump, diagnostics: [...found.diagnostics, ...checkDumpVersion(found.dump)] };
}
