import { type Fraction, fractionKey } from '../lang/packet/fraction.ts';
import { type Branching, type Diagram, inherited, type Leaf, type Question } from './diagram.ts';

/** Where diagrams are made: equal ones are one object. */
export interface DiagramStore {
  readonly leaf: (share: Fraction) => Diagram;
  /** One that asks a question; where all answers come to the same, it is that. */
  readonly branching: (question: Question, cases: ReadonlyMap<string, Diagram>, rest: Diagram) => Diagram;
}

/** An empty store. */
export function makeDiagramStore(): DiagramStore {
  const leaves = new Map<string | number, Leaf>();
  const branchings = new Map<string, Branching>();
  let nextId = 0;
  return {
    leaf: (share) => {
      const key = fractionKey(share);
      const found = leaves.get(key) ?? { kind: 'share', id: nextId++, share };
      leaves.set(key, found);
      return found;
    },
    branching: (question, all, rest) => {
      const isNews = ([answer, next]: readonly [string, Diagram]) => next !== inherited(all, rest, answer);
      const told = [...all].filter(isNews);
      if (told.length === 0) return rest;
      let key = `${question.id}:${rest.id}`;
      for (const [answer, { id }] of told) key += ` ${answer} ${id}`;
      const known = branchings.get(key);
      if (known !== undefined) return known;
      const cases = told.length === all.size ? all : new Map(told);
      const made: Branching = { kind: 'question', id: nextId++, question, cases, rest };
      branchings.set(key, made);
      return made;
    },
  };
}

/** The diagram with every share changed. @param known what has been changed so far */
export function changeLeaves(
  { branching }: Pick<DiagramStore, 'branching'>,
  diagram: Diagram,
  change: (share: Fraction) => Diagram,
  known = new Map<Diagram, Diagram>(),
): Diagram {
  const changed = (each: Diagram): Diagram => {
    const result =
      known.get(each) ??
      (each.kind === 'share'
        ? change(each.share)
        : branching(
            each.question,
            new Map([...each.cases].map(([answer, next]) => [answer, changed(next)])),
            changed(each.rest),
          ));
    known.set(each, result);
    return result;
  };
  return changed(diagram);
}
