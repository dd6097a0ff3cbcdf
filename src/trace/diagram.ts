import { invariant } from '../diagnostic/invariant.ts';
import { type Fraction, isNone } from '../lang/packet/fraction.ts';
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

/** A diagram that asks nothing. */
export interface Leaf {
  readonly kind: 'share';
  readonly id: number;
  readonly share: Fraction;
}

/** A diagram that asks a question first. */
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

/** Sorted, so that equal diagrams list them alike. */
export function answersOf(question: Question, a: Diagram, b: Diagram): readonly string[] {
  const ofA = a.kind === 'question' && a.question === question ? [...a.cases.keys()] : [];
  const ofB = b.kind === 'question' && b.question === question ? [...b.cases.keys()] : [];
  if (ofA.length === 0 || ofB.length === 0) return ofA.length === 0 ? ofB : ofA;
  return [...new Set([...ofA, ...ofB])].sort();
}

/** The one that was asked first of those that two diagrams begin with. */
export function firstQuestion(a: Diagram, b: Diagram): Question {
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

/** What it comes to for all answers that it does not list. */
export function otherwise(diagram: Diagram, question: Question): Diagram {
  return diagram.kind === 'question' && diagram.question === question ? diagram.rest : diagram;
}

/** What a longer answer gets of the prefixes that it begins with. */
export function inherited(cases: ReadonlyMap<string, Diagram>, rest: Diagram, answer: string): Diagram {
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
export function sharesIn(diagram: Diagram): readonly Fraction[] {
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
