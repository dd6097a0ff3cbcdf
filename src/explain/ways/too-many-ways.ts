import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { aboutRun, count } from '../../diagnostic/report.ts';
import type { Question } from '../../trace/diagram.ts';
import type { ExplainCode } from '../codes.ts';
import { placeOf } from './explain-step.ts';
import { formatPlace } from './format-place.ts';

/** No answer would be of use: what is open is named, so that it can be said. */
export function tooManyWays(questions: readonly Question[]): Diagnostic {
  const [first] = questions;
  const because =
    first === undefined
      ? 'the packet meets too many rules, or chains lead to each other in too many ways'
      : `it depends on ${count(questions.length, 'thing')} that only the node can tell, the first one in ${formatPlace(placeOf(first.askedBy))}`;
  const isAbout = (about: Question['about']) => questions.some((each) => each.about === about);
  const hints = [
    ...(isAbout('in-interface') || isAbout('out-interface')
      ? ['--host FILE (or --in-interface and --out-interface)']
      : []),
    ...(isAbout('match') ? ['what "ipset save" prints beside the rules, where they ask for sets'] : []),
  ];
  return aboutRun<ExplainCode>({
    code: 'ways-bounded',
    severity: 'error',
    message: `there are too many ways through these rules: ${because}`,
    hint:
      hints.length === 0
        ? 'look at chains with thousands of rules, and at those that jump to the same chain several times'
        : `give ${hints.join(', and ')}`,
  });
}
