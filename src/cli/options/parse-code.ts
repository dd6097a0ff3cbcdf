import { codeRecords, type DiagnosticCode, isDiagnosticCode } from '../describe-code/code-records.ts';
import { invalidValue } from './invalid-value.ts';

/** Reads the code of a diagnostic. @throws InvalidArgumentError when there is none of that name */
export function parseCode(value: string): DiagnosticCode {
  if (isDiagnosticCode(value)) return value;
  throw invalidValue('there is no such code; diagnostics name theirs in brackets', {
    word: value,
    choices: codeRecords().keys(),
  });
}
