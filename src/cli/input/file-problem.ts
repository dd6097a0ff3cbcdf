import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { type InputProblem, inputProblem } from '../../library/problem.ts';
import type { CliCode } from '../codes.ts';

/** A diagnostic about the input as files, before there are objects and fields. An error unless said otherwise. */
export function fileProblem(problem: InputProblem<CliCode>): Diagnostic {
  return inputProblem<CliCode>(problem);
}

/** A link that a walk of a folder does not follow: it leads out of the repository. */
export function strayLink(path: string): Diagnostic {
  return fileProblem({
    code: 'link-stays-inside',
    severity: 'warning',
    file: path,
    message: `the link ${JSON.stringify(path)} leads out of the repository or the folder that was given: it is passed over`,
    hint: 'name it, or what it leads to, and it is read',
  });
}
