import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { FieldPath } from '../model/field-path.ts';
import type { ValueResult } from '../validate/proxy-values.ts';
import { optionProblem } from './problem.ts';

/** Reads options that a program gave, and notes those whose values mean nothing. */
export interface OptionReader {
  /** The value that `read` makes of what was given; undefined: it means nothing, or nothing was given. */
  readonly read: <Given, Value>(
    field: FieldPath,
    given: Given | undefined,
    read: (given: Given) => ValueResult<Value>,
  ) => Value | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export function optionReader(): OptionReader {
  const diagnostics: Diagnostic[] = [];
  return {
    diagnostics,
    read: (field, given, read) => {
      if (given === undefined) return undefined;
      const result = read(given);
      if (result.kind === 'value') return result.value;
      diagnostics.push(optionProblem(field, result.message));
      return undefined;
    },
  };
}

/** A whole number; both ends are allowed. */
export function wholeNumber(first: number, last: number): (number: number) => ValueResult<number> {
  return (number) => {
    if (Number.isInteger(number) && number >= first && number <= last)
      return { kind: 'value', value: number };
    return { kind: 'problem', message: `${number} is no whole number from ${first} to ${last}` };
  };
}

/** One of some words. */
export function oneOf<const Value extends string>(
  allowed: readonly Value[],
): (given: string) => ValueResult<Value> {
  return (given) => {
    const value = allowed.find((each) => each === given);
    if (value !== undefined) return { kind: 'value', value };
    return { kind: 'problem', message: `${JSON.stringify(given)} is none of ${allowed.join(', ')}` };
  };
}

/** A list whose entries are all read in the same way. */
export function listOf<Given, Value>(
  read: (given: Given) => ValueResult<Value>,
): (given: readonly Given[]) => ValueResult<readonly Value[]> {
  return (given) => {
    const values: Value[] = [];
    for (const each of given) {
      const result = read(each);
      if (result.kind === 'problem') return result;
      values.push(result.value);
    }
    return { kind: 'value', value: values };
  };
}
