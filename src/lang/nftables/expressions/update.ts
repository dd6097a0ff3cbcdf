import { nftIdentifier } from '../../text/quote.ts';
import type { NftField } from '../elements/field.ts';
import { fieldsOf, printKey, takeKey } from '../elements/key.ts';
import { readNftDuration } from '../elements/values.ts';
import { take, takeAs, type Words } from '../elements/words.ts';
import { nothing } from './act.ts';
import type { NftStatementKind, RuleScope } from './expression.ts';

/**
 * Adds an element to a dynamic set, or lets its timeout begin anew: this one, else the set's. When the set is full,
 * the rule does not match.
 */
export interface UpdateStatement {
  readonly kind: 'update';
  readonly set: string;
  readonly fields: readonly NftField[];
  readonly timeoutSeconds?: number;
}

export const UPDATE: NftStatementKind<UpdateStatement, UpdateStatement> = {
  print: ({ set, fields, timeoutSeconds }, family) => {
    const timeout = timeoutSeconds === undefined ? '' : ` timeout ${timeoutSeconds}s`;
    return `update @${nftIdentifier(set)} { ${printKey(fields, family)}${timeout} }`;
  },
  take: (words, scope) => {
    const statement = takeUpdate(words, scope);
    return statement === undefined ? undefined : { statement };
  },
  run: (_, packet) => [nothing(packet)],
};

/** `update @SET { ip saddr timeout 3h }` */
function takeUpdate(words: Words, scope: RuleScope): UpdateStatement | undefined {
  if (!take(words, 'update')) return undefined;
  const set = takeAs(words, (word) => (word.startsWith('@') ? word.slice(1) : undefined));
  if (set === undefined || scope.valuesOf(set) !== 'none' || !take(words, '{')) return undefined;
  const key = takeKey(words, scope.family);
  const fields = key === undefined ? undefined : fieldsOf(key.parts);
  if (key === undefined || fields === undefined || key.protocol !== undefined) return undefined;
  const timeoutSeconds = take(words, 'timeout') ? takeAs(words, readNftDuration) : undefined;
  if (!take(words, '}')) return undefined;
  return { kind: 'update', set, fields, ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }) };
}
