import type { CodeDescriptions, CodeRecord } from '../../diagnostic/code-record.ts';
import { expectCodes } from '../../expect/codes.ts';
import { explainCodes } from '../../explain/codes.ts';
import { savedRulesCodes } from '../../lang/text/codes.ts';
import { codesOfLibrary } from '../../library/codes.ts';
import { parseCodes } from '../../parse/codes.ts';
import { renderCodes } from '../../render/codes.ts';
import { resolveCodes } from '../../resolve/codes.ts';
import { configurationCodes, decoderCodes } from '../../validate/codes.ts';
import { allRules } from '../../validate/rules/index.ts';
import { cliCodes } from '../codes.ts';

const stageCodes = {
  ...parseCodes,
  ...resolveCodes,
  ...renderCodes,
  ...savedRulesCodes,
  ...explainCodes,
  ...expectCodes,
  ...codesOfLibrary,
  ...cliCodes,
  ...configurationCodes,
} as const;

/** Every code that a diagnostic can carry. */
export type DiagnosticCode =
  | keyof typeof decoderCodes
  | (typeof allRules)[number]['code']
  | keyof typeof stageCodes;

/** What can be said about a code. */
export interface DescribedCode extends CodeRecord {
  /** About one object, whose annotation can silence it. Of other codes all but errors can be silenced, by flag. */
  readonly isRule: boolean;
}

/** Every code: in the order in which validation looks, then those of the other stages. */
export function codeRecords(): ReadonlyMap<string, DescribedCode> {
  const described = [
    ...[...recordsOf(decoderCodes), ...allRules].map((record) => describe(record, { isRule: true })),
    ...recordsOf(stageCodes).map((record) => describe(record, { isRule: false })),
  ];
  return new Map(described.map((record) => [record.code, record]));
}

function recordsOf(descriptions: CodeDescriptions): readonly CodeRecord[] {
  return Object.entries(descriptions).map(([code, description]) => ({ code, ...description }));
}

/** Explanations are wrapped for their source file. */
function describe(
  { code, category, severity, summary, explanation }: CodeRecord,
  { isRule }: { readonly isRule: boolean },
): DescribedCode {
  return { code, category, severity, summary, explanation: explanation.replace(/\s+/g, ' '), isRule };
}

/** Whether there is such a code. */
export function isDiagnosticCode(code: string): code is DiagnosticCode {
  return codeRecords().has(code);
}
