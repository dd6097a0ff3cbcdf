import { isNone } from '../../lang/packet/fraction.ts';
import { answered, type Branching, type Diagram, type Question, YES } from '../../trace/diagram.ts';
import type { Condition, ConditionSet } from '../explanation.ts';
import { placeOf } from './explain-step.ts';

/** More than these nobody reads. */
const MAX_ALTERNATIVES = 4;

/** When a way is taken, in terms of what only the node can tell. */
export interface Conditions {
  /** One of them must hold; none: it is always so. */
  readonly alternatives: readonly ConditionSet[];
  /** There are too many cases to list: the alternative holds in all of them, and they depend on these questions. */
  readonly open: readonly Question[];
}

/** @param when all connections where a way is taken, and none elsewhere */
export function conditionsOf(when: Diagram): Conditions {
  const alternatives = alternativesOf(when);
  if (alternatives !== undefined)
    return {
      alternatives: alternatives.some((each) => each.length === 0) ? [] : usualFirst(alternatives),
      open: [],
    };
  const { asked, skipped } = questionsIn(when);
  const needed = [...asked].flatMap(([question, nodes]) =>
    skipped.has(question) ? [] : (neededAnswer(question, nodes) ?? []),
  );
  return { alternatives: needed.length === 0 ? [] : [needed], open: [...asked.keys()] };
}

/** What takes less for granted is more usual. */
function usualFirst(alternatives: readonly ConditionSet[]): readonly ConditionSet[] {
  const asserted = (each: ConditionSet) =>
    each.filter((condition) => (condition.kind === 'match' ? condition.holds : !condition.isOther)).length;
  return [...alternatives].sort((a, b) => asserted(a) - asserted(b));
}

/** undefined: there are too many. */
function alternativesOf(diagram: Diagram): readonly ConditionSet[] | undefined {
  if (diagram.kind === 'share') return isNone(diagram.share) ? [] : [[]];
  const { question, cases, rest } = diagram;
  const found: ConditionSet[] = [];
  for (const next of new Set([...cases.values(), rest])) {
    const inner = alternativesOf(next);
    if (inner === undefined) return undefined;
    const condition = conditionOf(question, { cases, rest }, (each) => each === next);
    for (const each of inner) found.push([condition, ...each]);
    if (found.length > MAX_ALTERNATIVES) return undefined;
  }
  return found;
}

/** What must be so for a question to have an answer that is wanted. */
function conditionOf<T>(
  { about, text, askedBy }: Question,
  { cases, rest }: { readonly cases: ReadonlyMap<string, T>; readonly rest: T },
  isWanted: (next: T) => boolean,
): Condition {
  const place = placeOf(askedBy);
  const wanted = [...cases].flatMap(([answer, next]) => (isWanted(next) ? answer : []));
  if (about === 'match') return { kind: 'match', unknown: text, holds: wanted.includes(YES), place };
  const unwanted = [...cases.keys()].filter((answer) => !wanted.includes(answer));
  const isOther = isWanted(rest);
  const [names, others] = isOther ? [unwanted, wanted] : [wanted, unwanted];
  const except = others.filter((name) => names.some((prefix) => isUnder(prefix, name)));
  return { kind: 'interface', side: about === 'in-interface' ? 'in' : 'out', isOther, names, except, place };
}

function isUnder(prefix: string, name: string): boolean {
  return prefix.endsWith('+') && name.startsWith(prefix.slice(0, -1));
}

/** What a question that is always asked needs as its answer; undefined: any will do. */
function neededAnswer(question: Question, nodes: readonly Branching[]): Condition | undefined {
  const answers = [...new Set(nodes.flatMap(({ cases }) => [...cases.keys()]))].sort();
  const isPossible = (answer: string) => nodes.some((node) => !isNever(answered(node, question, answer)));
  const cases = new Map(answers.map((answer) => [answer, isPossible(answer)]));
  const rest = nodes.some((node) => !isNever(node.rest));
  if (rest && [...cases.values()].every((each) => each)) return undefined;
  return conditionOf(question, { cases, rest }, (each) => each);
}

function isNever(diagram: Diagram): boolean {
  return diagram.kind === 'share' && isNone(diagram.share);
}

interface Questions {
  /** Where each is asked, in the order of diagrams. */
  readonly asked: ReadonlyMap<Question, readonly Branching[]>;
  /** Those that some way through the diagram goes without. */
  readonly skipped: ReadonlySet<Question>;
}

function questionsIn(diagram: Diagram): Questions {
  const asked = new Map<Question, Branching[]>();
  const seen = new Set<Diagram>();
  const visit = (each: Diagram) => {
    if (each.kind === 'share' || seen.has(each)) return;
    seen.add(each);
    asked.set(each.question, [...(asked.get(each.question) ?? []), each]);
    for (const next of [...each.cases.values(), each.rest]) visit(next);
  };
  visit(diagram);
  const ordered = new Map([...asked].sort(([a], [b]) => a.id - b.id));
  const skipped = new Set([...ordered.keys()].filter((question) => isAvoidable(diagram, question)));
  return { asked: ordered, skipped };
}

/** Whether a way leads to something without asking a question. */
function isAvoidable(diagram: Diagram, question: Question, known = new Map<Diagram, boolean>()): boolean {
  if (diagram.kind === 'share') return !isNone(diagram.share);
  if (diagram.question === question) return false;
  const found =
    known.get(diagram) ??
    [...diagram.cases.values(), diagram.rest].some((next) => isAvoidable(next, question, known));
  known.set(diagram, found);
  return found;
}
