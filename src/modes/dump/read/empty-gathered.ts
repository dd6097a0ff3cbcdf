import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import { readKernelFacts } from '../../../lang/packet/kernel-facts.ts';
import { textProblem } from '../../../lang/text/text-problem.ts';
import type { SourceText } from '../../../model/source-text.ts';

/** What `svcgen doctor` printed where it could see no rules, which it says itself. */
export function emptyGathered(source: SourceText): Diagnostic {
  const { gaps } = readKernelFacts(source.text.split('\n'));
  const why = gaps.length === 0 ? '' : `; it lacks ${gaps.join('; ')}`;
  return textProblem(source, {
    code: 'saved-rules-given',
    place: { start: 0, end: 0 },
    message: `${source.file} holds no rules that could be followed${why}`,
    hint: 'run the script as root on the node whose rules are meant: svcgen doctor | ssh root@NODE sh',
  });
}
