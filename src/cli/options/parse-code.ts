import { InvalidArgumentError } from 'commander';
import { type DiagnosticCode, diagnosticCodes } from '../../diagnostic/codes.ts';
import { didYouMean } from '../../diagnostic/did-you-mean.ts';

/** Reads the code of a diagnostic. @throws InvalidArgumentError when there is none of that name */
export function parseCode(value: string): DiagnosticCode {
  if (isCode(value)) return value;
  const suggestion = didYouMean(value, Object.keys(diagnosticCodes));
  throw new InvalidArgumentError(
    suggestion === undefined
      ? 'There is no such code; diagnostics name theirs in brackets.'
      : `There is no such code. (Did you mean ${suggestion}?)`,
  );
}

function isCode(value: string): value is DiagnosticCode {
  return Object.hasOwn(diagnosticCodes, value);
}
