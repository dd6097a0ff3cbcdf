import type { TestCase } from '../../validate/generated/shapes.js';
import { type Expectation, REASONS, REFUSALS } from '../expectation.ts';
import { knownWord, meant } from './case-faults.ts';
import { type ReportFault, readEndpoint, readSelector } from './read-words.ts';

type ExpectFields = Exclude<NonNullable<TestCase['expect']>, string>;

const KINDS = ['reaches', ...REFUSALS, 'only'] as const;

/** Reads what a case expects. @returns undefined: it makes no sense, which has been reported */
export function readExpectation(given: string | ExpectFields, report: ReportFault): Expectation | undefined {
  if (typeof given === 'string') return readOutcome(given, report);
  const kinds = KINDS.filter((kind) => (given[kind] ?? null) !== null);
  const [kind = 'reaches', second] = kinds;
  const source = knownWord(given.source, ['expect', 'source'], report, ['kept', 'rewritten'] as const);
  const hasSource = (given.source ?? null) !== null;
  if (second !== undefined || (kinds.length === 0 && !hasSource)) {
    const message = `an expectation is about one of ${KINDS.join(', ')}, not ${kinds.length}`;
    report(['expect'], {
      message,
      hint: 'write "expect: reaches", or { reaches: { count: 3 }, source: kept }',
    });
    return undefined;
  }
  if (source !== undefined && kind !== 'reaches')
    report(['expect', 'source'], {
      message: `only what reaches an endpoint has a source there, and this is ${kind}`,
    });
  if (kind === 'only') return { kind, ports: (given.only ?? []).map(String) };
  if (kind === 'reaches') return { kind, ...readReached(given.reaches ?? {}, report), source };
  return { kind, reason: knownWord(given[kind], ['expect', kind], report, REASONS) };
}

function readOutcome(text: string, report: ReportFault): Expectation | undefined {
  const kind = [...REFUSALS, 'reaches' as const].find((each) => each === text);
  switch (kind) {
    case undefined:
      report(['expect'], {
        message: `${JSON.stringify(text.slice(0, 100))} is nothing that can be expected`,
        hint: meant(text, ['reaches', ...REFUSALS]),
      });
      return undefined;
    case 'reaches':
      return { kind, ...readReached({}, report), source: undefined };
    default:
      return { kind, reason: undefined };
  }
}

type Reaches = Extract<Expectation, { kind: 'reaches' }>;

function readReached(
  given: NonNullable<ExpectFields['reaches']>,
  report: ReportFault,
): Omit<Reaches, 'kind' | 'source'> {
  const { pods, namespace, node, zone, endpoints, count, evenly } = given;
  if (typeof count === 'number' && count < 1)
    report(['expect', 'reaches', 'count'], {
      message: `what reaches an endpoint reaches 1 or more, not ${count}`,
      hint: 'of what reaches nothing, write "expect: unreachable"',
    });
  const isSelected = [pods, namespace, node, zone].some((each) => (each ?? null) !== null);
  const selected = isSelected ? readSelector({ pods: pods ?? {}, namespace, node, zone }) : undefined;
  if (isSelected && (endpoints ?? null) !== null)
    report(['expect', 'reaches', 'endpoints'], {
      message: 'it is about the pods of a selector, and about single endpoints',
      hint: 'write pods, with namespace, node and zone, or endpoints',
    });
  return {
    pods: selected !== undefined && 'value' in selected ? selected.value : undefined,
    endpoints: readEndpoints(endpoints ?? undefined, report),
    count: count ?? undefined,
    evenly: evenly ?? undefined,
  };
}

function readEndpoints(
  given: NonNullable<ExpectFields['reaches']>['endpoints'],
  report: ReportFault,
): Reaches['endpoints'] {
  const field = ['expect', 'reaches', 'endpoints'];
  if (given?.length === 0)
    report(field, { message: 'the list is empty', hint: 'nothing is reached: write "expect: unreachable"' });
  return given?.flatMap((text, index) => {
    const read = readEndpoint(text ?? '');
    if ('value' in read) return [read.value];
    report([...field, index], read.problem);
    return [];
  });
}
