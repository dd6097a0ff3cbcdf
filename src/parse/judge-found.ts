import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { InputFile } from '../model/source.ts';
import { decodeText } from './decode-text.ts';
import { bytesOf } from './input-file.ts';

/** What every manifest has, in YAML or JSON: the key, whatever stands in front of it. */
const API_VERSION = /(?:^|[\s{,"'-])apiVersion["']?\s?:/;

/** What may be said of a document that was read: it does not tell whether the file is meant for Kubernetes. */
const OF_READ_DOCUMENTS: ReadonlySet<string> = new Set([
  'not-a-manifest',
  'manifest-has-kind',
  'manifest-has-api-version',
  'manifest-is-map',
  'list-items',
  'unrendered-template',
  'kustomize-patch',
]);

/**
 * What is said of a file that was found in a folder, where anything may be. A file that cannot be read and has no
 * apiVersion in it is somebody else's: settings with comments, records, a binary. Templates and patches are passed over,
 * since only what a tool makes of them is a manifest.
 */
export function judgeFound(file: InputFile, diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const unread = diagnostics.find(
    ({ code, severity }) => severity === 'error' && !OF_READ_DOCUMENTS.has(code),
  );
  if (unread !== undefined && isForeign(file)) return [asNoManifest(unread)];
  const isDoubtful = diagnostics.some(isOfKeys) && isForeign(file);
  return (isDoubtful ? diagnostics.filter((each) => !isOfKeys(each)) : diagnostics).map(judge);
}

/** A key that stands twice is a fault of a manifest only: in other files, their readers decide what it means. */
function isOfKeys({ code }: Diagnostic): boolean {
  return code === 'duplicate-key';
}

function judge(diagnostic: Diagnostic): Diagnostic {
  switch (diagnostic.code) {
    case 'unrendered-template':
      return { ...diagnostic, severity: 'info' };
    case 'kustomize-patch':
      return asNoManifest(diagnostic);
    default:
      return diagnostic;
  }
}

function isForeign(file: InputFile): boolean {
  const decoded = decodeText(bytesOf(file));
  return !API_VERSION.test('text' in decoded ? decoded.text : decoded.readable);
}

function asNoManifest({ message, ...diagnostic }: Diagnostic): Diagnostic {
  const said = `this is no Kubernetes object: ${message}`;
  return { ...diagnostic, code: 'not-a-manifest', severity: 'warning', message: said };
}
