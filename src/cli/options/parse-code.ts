import { didYouMean } from '../../diagnostic/did-you-mean.ts';
import { codeRecords, type DiagnosticCode, isDiagnosticCode } from '../describe-code/code-records.ts';
import { invalidValue } from './invalid-value.ts';

/** Reads the code of a diagnostic. @throws InvalidArgumentError when there is none of that name */
export function parseCode(value: string): DiagnosticCode {
  if (isDiagnosticCode(value)) return value;
  const suggestion = didYouMean(value, [...codeRecords().keys()]);
  throw invalidValue(
    suggestion === undefined
      ? 'There is no such code; diagnostics name theirs in brackets.'
      : `There is no such code. (Did you mean ${suggestion}?)`,
  );
}
