import { ALL, areEqual, type Fraction, NONE, rest as restOf } from '../lang/packet/fraction.ts';
import type { Unknown } from '../lang/packet/holds.ts';
import type { TracedRule } from '../lang/packet/rules.ts';
import { type Diagram, type Question, sharesIn, YES } from './diagram.ts';
import { type Combiner, makeDiagramCombiner } from './diagram-combiner.ts';
import { changeLeaves, makeDiagramStore } from './diagram-store.ts';

/** Makes diagrams and reckons with them, within a budget. */
export interface Diagrams extends Combiner {
  readonly none: Diagram;
  readonly all: Diagram;
  /** All connections for which an unknown is so; none of the others. */
  readonly where: (unknown: Unknown, askedBy: TracedRule) => Diagram;
  readonly scaled: (diagram: Diagram, share: Fraction) => Diagram;
  /** What is left of everything. */
  readonly without: (diagram: Diagram) => Diagram;
  /** For each share that there is: all connections that have it. */
  readonly byShare: (diagram: Diagram) => readonly { readonly share: Fraction; readonly when: Diagram }[];
  /** In the order in which they were asked. */
  readonly questions: () => readonly Question[];
}

/** A workshop for the diagrams of one connection. */
export function makeDiagrams(): Diagrams {
  const store = makeDiagramStore();
  const { leaf, branching } = store;
  const [none, all] = [leaf(NONE), leaf(ALL)];
  const combiner = makeDiagramCombiner(store);
  const { questionOf, questions } = questionList();
  // Ways to hundreds of endpoints have the same diagrams.
  const complements = new Map<Diagram, Diagram>();
  const split = new Map<Diagram, ReturnType<Diagrams['byShare']>>();
  const withShare = (diagram: Diagram, share: Fraction) =>
    diagram.kind === 'share'
      ? all
      : changeLeaves(store, diagram, (each) => (areEqual(each, share) ? all : none));
  return {
    ...combiner,
    none,
    all,
    where: (unknown, askedBy) => {
      const answers = unknown.about === 'match' ? [YES] : unknown.asked.toSorted();
      const [then, other] = unknown.holds ? [all, none] : [none, all];
      return branching(questionOf(unknown, askedBy), new Map(answers.map((answer) => [answer, then])), other);
    },
    scaled: (diagram, share) => (share === ALL ? diagram : combiner.times(diagram, leaf(share))),
    without: (diagram) => changeLeaves(store, diagram, (share) => leaf(restOf(share)), complements),
    byShare: (diagram) => {
      const found =
        split.get(diagram) ?? sharesIn(diagram).map((share) => ({ share, when: withShare(diagram, share) }));
      split.set(diagram, found);
      return found;
    },
    questions,
  };
}

interface QuestionList {
  /** The same one for everybody who asks the same. */
  readonly questionOf: (unknown: Unknown, askedBy: TracedRule) => Question;
  readonly questions: () => readonly Question[];
}

/** Questions in the order in which they were asked first. */
function questionList(): QuestionList {
  const questions = new Map<string, Question>();
  const askers = new Map<TracedRule, number>();
  return {
    questionOf: ({ about, asked, of, isOwn }, askedBy) => {
      const text = about === 'match' ? asked.join() : '';
      if (!askers.has(askedBy)) askers.set(askedBy, askers.size);
      const key = `${about} ${of} ${isOwn ? askers.get(askedBy) : ''} ${text}`;
      const found = questions.get(key) ?? { id: questions.size, about, text, of, askedBy };
      questions.set(key, found);
      return found;
    },
    questions: () => [...questions.values()],
  };
}
