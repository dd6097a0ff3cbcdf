import { ALL, add, multiply, NONE } from '../lang/packet/fraction.ts';
import { answered, answersOf, type Diagram, firstQuestion, otherwise } from './diagram.ts';
import type { DiagramStore } from './diagram-store.ts';

/** So many cases are looked at for one connection: some tenths of a second. */
const BUDGET = 200_000;

/** Reckons with diagrams, within a budget. */
export interface Combiner {
  readonly times: (a: Diagram, b: Diagram) => Diagram;
  readonly plus: (a: Diagram, b: Diagram) => Diagram;
  /** More was wanted than the budget allows: what has been made since is worthless. */
  readonly isSpent: () => boolean;
}

type Operation = 'times' | 'plus';

/** Reckons with the diagrams of a store; what has been reckoned is not reckoned again. */
export function makeDiagramCombiner({ leaf, branching }: DiagramStore): Combiner {
  const [none, all] = [leaf(NONE), leaf(ALL)];
  const results = { times: new Map<number, Diagram>(), plus: new Map<number, Diagram>() };
  let work = 0;

  const combined = (operation: Operation, a: Diagram, b: Diagram): Diagram => {
    if (a.kind === 'share' && b.kind === 'share')
      return leaf(operation === 'times' ? multiply(a.share, b.share) : add(a.share, b.share));
    if (work > BUDGET) return none;
    const [low, high] = a.id < b.id ? [a.id, b.id] : [b.id, a.id];
    const key = low * 2 ** 26 + high;
    const known = results[operation].get(key);
    if (known !== undefined) return known;
    const question = firstQuestion(a, b);
    const answers = answersOf(question, a, b);
    work += answers.length + 1;
    const reckon = operation === 'times' ? times : plus;
    const cases = answers.map((answer): readonly [string, Diagram] => [
      answer,
      reckon(answered(a, question, answer), answered(b, question, answer)),
    ]);
    const result = branching(
      question,
      new Map(cases),
      reckon(otherwise(a, question), otherwise(b, question)),
    );
    results[operation].set(key, result);
    return result;
  };
  const times = (a: Diagram, b: Diagram): Diagram => {
    if (a === none || b === all) return a;
    if (b === none || a === all) return b;
    return combined('times', a, b);
  };
  const plus = (a: Diagram, b: Diagram): Diagram => {
    if (a === none) return b;
    return b === none ? a : combined('plus', a, b);
  };
  return { times, plus, isSpent: () => work > BUDGET };
}
