import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { type InputProblem, inputProblem } from '../../library/problem.ts';
import type { CliCode } from '../codes.ts';

/** A diagnostic about the input as files, before there are objects and fields. An error unless said otherwise. */
export function fileProblem(problem: InputProblem<CliCode>): Diagnostic {
  return inputProblem<CliCode>(problem);
}
