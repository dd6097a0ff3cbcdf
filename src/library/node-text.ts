import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { hasErrors } from '../diagnostic/has-errors.ts';
import { aboutRun } from '../diagnostic/report.ts';
import { HOST_LIMITS } from '../lang/packet/host-limits.ts';
import { mayHoldHost, type ReadHost, readHost } from '../lang/packet/read-host.ts';
import type { SavedRulesCode } from '../lang/text/codes.ts';
import { elidedComment, unpastedText } from '../lang/text/pasted-text.ts';
import { overLimit } from '../lang/text/size-limit.ts';
import { textProblem } from '../lang/text/text-problem.ts';
import { type SourceText, sourceText } from '../model/source-text.ts';
import type { NodeDump, ReadDump } from '../modes/dump/node-dump.ts';
import { DUMP_LIMITS } from '../modes/dump/read/dump-limits.ts';
import { tellDumpVersion } from '../modes/dump/tell/dump-version.ts';
import { takeVersion, type VersionTaken } from '../modes/dump/tell/version-told.ts';
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

/** Whether a dump may lack rules that the node has: then nothing follows from what it lacks. @returns what is wrong with it */
export function checkWhole({ leftOut, remarks = [], ...dump }: NodeDump): readonly Diagnostic[] {
  const isGathered = dump.kind === 'saved' && dump.isGathered === true;
  if (leftOut === undefined && !isGathered) return [];
  const what =
    leftOut === undefined
      ? `the rules are not as "iptables-save" prints them: ${['they were listed or searched for', ...remarks].join('; ')}`
      : `line ${leftOut} stands for rules that are left out`;
  return [
    aboutRun<SavedRulesCode>({
      code: 'saved-rules-complete',
      severity: 'warning',
      message: `${what}: what the node seems to lack may only be missing in the text`,
      hint: 'give the whole output of "iptables-save" or "nft list ruleset"',
    }),
  ];
}

const NOTHING_TOLD = takeVersion(undefined, undefined);

/** Reads the dump of a node, and tells the version of kube-proxy that made its rules. `read` knows what it is expected to be. */
export function readDump(
  { source, diagnostics }: NodeText,
  { kubernetesVersion }: Pick<ManifestOptions, 'kubernetesVersion'>,
  read: (source: SourceText) => ReadDump,
): DumpInput {
  if (source === undefined) return { ...NOTHING_TOLD, dump: undefined, diagnostics };
  const tooLarge = (source.parts ?? [source]).flatMap((part) => overLimit(part, DUMP_LIMITS) ?? []);
  if (tooLarge.length > 0) return { ...NOTHING_TOLD, dump: undefined, diagnostics: tooLarge };
  const { dump, ...found } = withElision(read(source), source);
  if (hasErrors(found.diagnostics)) return { ...NOTHING_TOLD, ...found, dump };
  const given = kubernetesVersion === undefined ? undefined : kubernetesOf({ kubernetesVersion });
  const taken = takeVersion(tellDumpVersion(dump), given);
  return { ...taken, dump, diagnostics: [...found.diagnostics, ...taken.diagnostics] };
}

/** What a text says of the node beside its rules. */
export interface HostText extends WithDiagnostics {
  /** undefined: nothing. */
  readonly read?: ReadHost;
}

/** The text of a node may have it all, as that of `svcgen doctor` does. */
export function hostInRules(rules: NodeText | undefined): HostText {
  const source = rules?.source;
  if (source === undefined || !mayHoldHost(source.text)) return { diagnostics: [] };
  const tooLarge = overLimit(source, HOST_LIMITS);
  if (tooLarge !== undefined) return { diagnostics: [tooLarge] };
  const read = readHost(source.text);
  return { ...(read === undefined ? {} : { read }), diagnostics: [] };
}

/** Addresses and routes of the node, as far as they are given. */
export function readHostText(given: NodeText): HostText {
  if (given.source === undefined) return { diagnostics: given.diagnostics };
  const { source } = given;
  const tooLarge = overLimit(source, HOST_LIMITS);
  if (tooLarge !== undefined) return { diagnostics: [tooLarge] };
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

function withElision({ dump, diagnostics }: ReadDump, { text }: SourceText): ReadDump {
  const leftOut = dump.leftOut ?? elidedComment(text);
  return leftOut === undefined ? { dump, diagnostics } : { dump: { ...dump, leftOut }, diagnostics };
}
