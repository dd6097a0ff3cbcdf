import type { TestCase } from '../../validate/generated/shapes.js';
import type { TrafficCase } from '../expectation.ts';
import { type CasePlace, diagnose } from './case-faults.ts';
import { readChanges, UNCHANGED } from './read-changes.ts';
import { readExpectation } from './read-outcome.ts';

const NEEDED = ['to', 'expect'] as const;

/** Reads a case. @returns undefined when it makes no sense, which has been reported */
export function readCase(
  fields: TestCase,
  { at, locate, words, report }: CasePlace,
): TrafficCase | undefined {
  const missing = NEEDED.filter((name) => (fields[name] ?? null) === null);
  for (const name of missing)
    report([], { message: `the case has no ${JSON.stringify(name)}`, hint: 'a case has "to" and "expect"' });
  if (missing.length > 0) return undefined;
  const from = words.from(fields.from ?? 'outside', report);
  const to = words.to(fields.to ?? [], report);
  const nodes = words.at(fields.at ?? 'each node', report);
  const { changes, patches } =
    (fields.change ?? null) === null ? UNCHANGED : readChanges(fields.change ?? [], { at, locate, report });
  const expect = readExpectation(fields.expect ?? {}, report);
  const isEachPort = to.every((target) => target.kind === 'name' && target.isEachPort);
  if (expect?.kind === 'only' && !isEachPort)
    report(['expect', 'only'], {
      message: '"only" is about several ports',
      hint: 'write "to: each port of …"',
    });
  if (expect === undefined || from.length === 0 || to.length === 0) return undefined;
  const isNamed = (fields.name ?? null) !== null;
  const name = fields.name ?? `${describe(fields.from ?? 'outside')} to ${describe(fields.to)}`;
  return {
    name,
    locate: () => locate(isNamed ? [...at, 'name'] : at),
    from,
    to,
    at: nodes,
    patches,
    changes,
    expect,
    report: (code, field, problem) =>
      diagnose(locate, `case ${JSON.stringify(name)}`, code, { field: [...at, ...field], ...problem }),
  };
}

function describe(words: unknown): string {
  if (typeof words === 'string') return words;
  return Array.isArray(words) ? describeList(words) : JSON.stringify(words);
}

/** A name is to be read. */
const MAX_WORDS = 5;

function describeList(words: readonly unknown[]): string {
  const more = words.length > MAX_WORDS ? [`${words.length - MAX_WORDS} more`] : [];
  return [...words.slice(0, MAX_WORDS).map(describe), ...more].join(', ');
}
