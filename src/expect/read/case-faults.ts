import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { didYouMean } from '../../diagnostic/did-you-mean.ts';
import type { FieldPath } from '../../model/field-path.ts';
import type { Locator } from '../../model/source.ts';
import type { ExpectCode } from '../codes.ts';
import type { Fault } from '../expectation.ts';
import type { CaseWords, ReportFault } from './read-words.ts';

interface Found extends Fault {
  readonly field: FieldPath;
  readonly at?: 'key' | 'value' | undefined;
}

/** An error in a file of expectations. */
export function diagnose(
  locate: Locator,
  object: string,
  code: ExpectCode,
  { field, at, message, hint }: Found,
): Diagnostic {
  const span = locate(field, at);
  return {
    code,
    severity: 'error',
    object,
    field,
    span,
    related: [],
    message,
    ...(hint === undefined ? {} : { hint }),
  };
}

/** `did you mean "a"?`, or what there is. */
export function meant(word: string, known: readonly string[]): string {
  const near = didYouMean(word, known);
  return near === undefined ? `it takes ${known.join(', ')}` : `did you mean ${JSON.stringify(near)}?`;
}

/** Where a case is read. */
export interface CasePlace {
  /** Of the case, in its file. */
  readonly at: FieldPath;
  readonly locate: Locator;
  /** Of the file. */
  readonly words: CaseWords;
  /** Takes fields of the case. */
  readonly report: ReportFault;
}

/** A word that is one of some. @returns undefined: it is not given, or none of them, which has been reported */
export function knownWord<const Value extends string>(
  given: string | null | undefined,
  field: FieldPath,
  report: ReportFault,
  known: readonly Value[],
): Value | undefined {
  if (given === undefined || given === null) return undefined;
  const value = known.find((each) => each === given);
  if (value === undefined)
    report(field, {
      message: `${JSON.stringify(given.slice(0, 100))} is unknown here`,
      hint: meant(given, known),
    });
  return value;
}
