import { invariant } from '../diagnostic/invariant.ts';
import {
  ALL,
  add,
  areEqual,
  type Fraction,
  fractionKey,
  isNone,
  multiply,
  NONE,
  rest as restOf,
} from '../lang/packet/fraction.ts';
import type { Unknown } from '../lang/packet/holds.ts';
import type { TracedRule } from '../lang/packet/rules.ts';

/** A question about the packet that only the node can answer. */
export interface Question {
  /** Numbered in the order in which they were asked first; diagrams ask in that order too. */
  readonly id: number;
  readonly about: Unknown['about'];
  /** The match, as its language spells it; "" for interfaces. */
  readonly text: string;
  readonly of: Unknown['of'];
  /** The rule that asked first. */
  readonly askedBy: TracedRule;
}

/**
 * A share of all connections, for each way that open questions can be answered (an algebraic decision diagram). Equal
 * diagrams are one object, so that many thousand ways through rules are as cheap as the few things that they come to.
 */
export type Diagram = Leaf | Branching;

interface Leaf {
  readonly kind: 'share';
  readonly id: number;
  readonly share: Fraction;
}

export interface Branching {
  readonly kind: 'question';
  readonly id: number;
  readonly question: Question;
  /**
   * By answer: the name of an interface, or a prefix of names with `+` behind it; for a match {@link YES}. Names that are
   * listed count before prefixes, and long prefixes before short ones.
   */
  readonly cases: ReadonlyMap<string, Diagram>;
  /** For all other answers. */
  readonly rest: Diagram;
}

/** The answer of a match that holds. */
export const YES = 'yes';

/** Makes diagrams and reckons with them, within a budget. */
export interface Diagrams {
  readonly none: Diagram;
  readonly all: Diagram;
  /** All connections for which an unknown is so; none of the others. */
  readonly where: (unknown: Unknown, askedBy: TracedRule) => Diagram;
  readonly times: (a: Diagram, b: Diagram) => Diagram;
  readonly plus: (a: Diagram, b: Diagram) => Diagram;
  readonly scaled: (diagram: Diagram, share: Fraction) => Diagram;
  /** What is left of everything. */
  readonly without: (diagram: Diagram) => Diagram;
  /** For each share that there is: all connections that have it. */
  readonly byShare: (diagram: Diagram) => readonly { readonly share: Fraction; readonly when: Diagram }[];
  /** In the order in which they were asked. */
  readonly questions: () => readonly Question[];
  /** More was wanted than the budget allows: what has been made since is worthless. */
  readonly isSpent: () => boolean;
}

/** So many cases are looked at for one connection: some tenths of a second. */
const BUDGET = 200_000;

type Operation = 'times' | 'plus';

/** A workshop for the diagrams of one connection. */
export function makeDiagrams(): Diagrams {
  const leaves = new Map<string | number, Leaf>();
  const branchings = new Map<string, Branching>();
  const results = { times: new Map<number, Diagram>(), plus: new Map<number, Diagram>() };
  const questions = new Map<string, Question>();
  const askers = new Map<TracedRule, number>();
  let nextId = 0;
  let work = 0;

  const leaf = (share: Fraction): Diagram => {
    const key = fractionKey(share);
    const found = leaves.get(key) ?? { kind: 'share', id: nextId++, share };
    leaves.set(key, found);
    return found;
  };
  const none = leaf(NONE);
  const all = leaf(ALL);

  const branching = (question: Question, all: ReadonlyMap<string, Diagram>, rest: Diagram): Diagram => {
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
  };

  const mapped = (diagram: Branching, change: (next: Diagram) => Diagram): Diagram =>
    branching(
      diagram.question,
      new Map([...diagram.cases].map(([answer, next]) => [answer, change(next)])),
      change(diagram.rest),
    );

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

  const changeLeaves = (
    diagram: Diagram,
    change: (share: Fraction) => Diagram,
    known = new Map<Diagram, Diagram>(),
  ): Diagram => {
    const changed = (each: Diagram): Diagram => {
      const result = known.get(each) ?? (each.kind === 'share' ? change(each.share) : mapped(each, changed));
      known.set(each, result);
      return result;
    };
    return changed(diagram);
  };

  // Ways to hundreds of endpoints have the same diagrams.
  const complements = new Map<Diagram, Diagram>();
  const split = new Map<Diagram, ReturnType<Diagrams['byShare']>>();
  const splitByShare: Diagrams['byShare'] = (diagram) =>
    sharesIn(diagram).map((share) => ({
      share,
      when:
        diagram.kind === 'share'
          ? all
          : changeLeaves(diagram, (each) => (areEqual(each, share) ? all : none)),
    }));

  const questionOf = ({ about, asked, of, isOwn }: Unknown, askedBy: TracedRule): Question => {
    const text = about === 'match' ? asked.join() : '';
    if (!askers.has(askedBy)) askers.set(askedBy, askers.size);
    const key = `${about} ${of} ${isOwn ? askers.get(askedBy) : ''} ${text}`;
    const found = questions.get(key) ?? { id: questions.size, about, text, of, askedBy };
    questions.set(key, found);
    return found;
  };

  return {
    none,
    all,
    where: (unknown, askedBy) => {
      const answers = unknown.about === 'match' ? [YES] : unknown.asked.toSorted();
      const [then, other] = unknown.holds ? [all, none] : [none, all];
      return branching(questionOf(unknown, askedBy), new Map(answers.map((answer) => [answer, then])), other);
    },
    times,
    plus,
    scaled: (diagram, share) => (share === ALL ? diagram : times(diagram, leaf(share))),
    without: (diagram) => changeLeaves(diagram, (share) => leaf(restOf(share)), complements),
    byShare: (diagram) => {
      const found = split.get(diagram) ?? splitByShare(diagram);
      split.set(diagram, found);
      return found;
    },
    questions: () => [...questions.values()],
    isSpent: () => work > BUDGET,
  };
}

/** Sorted, so that equal diagrams list them alike. */
function answersOf(question: Question, a: Diagram, b: Diagram): readonly string[] {
  const ofA = a.kind === 'question' && a.question === question ? [...a.cases.keys()] : [];
  const ofB = b.kind === 'question' && b.question === question ? [...b.cases.keys()] : [];
  if (ofA.length === 0 || ofB.length === 0) return ofA.length === 0 ? ofB : ofA;
  return [...new Set([...ofA, ...ofB])].sort();
}

function firstQuestion(a: Diagram, b: Diagram): Question {
  if (a.kind === 'question')
    return b.kind === 'question' && b.question.id < a.question.id ? b.question : a.question;
  invariant(b.kind === 'question', 'two shares ask nothing');
  return b.question;
}

/** What a diagram comes to when a question has an answer. */
export function answered(diagram: Diagram, question: Question, answer: string): Diagram {
  if (diagram.kind === 'share' || diagram.question !== question) return diagram;
  return diagram.cases.get(answer) ?? inherited(diagram.cases, diagram.rest, answer);
}

function otherwise(diagram: Diagram, question: Question): Diagram {
  return diagram.kind === 'question' && diagram.question === question ? diagram.rest : diagram;
}

/** What a longer answer gets of the prefixes that it begins with. */
function inherited(cases: ReadonlyMap<string, Diagram>, rest: Diagram, answer: string): Diagram {
  let longest = '';
  let found = rest;
  for (const [prefix, next] of cases) {
    if (!prefix.endsWith('+') || prefix === answer || prefix.length <= longest.length) continue;
    if (!answer.startsWith(prefix.slice(0, -1))) continue;
    longest = prefix;
    found = next;
  }
  return found;
}

/** All that are in a diagram, but none at all. */
function sharesIn(diagram: Diagram): readonly Fraction[] {
  const shares: Fraction[] = [];
  const seen = new Set<Diagram>();
  const visit = (each: Diagram) => {
    if (seen.has(each)) return;
    seen.add(each);
    if (each.kind === 'share') {
      if (!isNone(each.share)) shares.push(each.share);
      return;
    }
    for (const next of each.cases.values()) visit(next);
    visit(each.rest);
  };
  visit(diagram);
  return shares;
}
