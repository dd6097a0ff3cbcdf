import { ALL, oneIn } from '../../packet/fraction.ts';
import type { Host } from '../../packet/host.ts';
import type { Packet } from '../../packet/packet.ts';
import { sortedReference } from '../elements/canonical.ts';
import {
  type NftReference,
  type NftVerdictElement,
  printReference,
  printVerdictElement,
  takeReference,
  takeVerdictElement,
} from '../elements/element.ts';
import type { NftValue } from '../elements/field.ts';
import { keysOf, type NftKey, printKey, takeKey, typesOf } from '../elements/key.ts';
import { take } from '../elements/words.ts';
import { type Act, nothing } from './act.ts';
import type { NftStatementKind } from './expression.ts';
import { runVerdict } from './verdict.ts';

/** The verdict that a map has for the key; without one the next rule follows. */
export interface VerdictMapStatement {
  readonly kind: 'vmap';
  readonly key: NftKey;
  readonly map: NftReference<NftVerdictElement>;
}

export const VERDICT_MAP: NftStatementKind<VerdictMapStatement, VerdictMapStatement> = {
  print: ({ key, map }, family) =>
    `${printKey(key, family)} vmap ${printReference(map, printVerdictElement)}`,
  take: (words, scope) => {
    const taken = takeKey(words, scope.family);
    if (taken === undefined || !take(words, 'vmap')) return undefined;
    const { parts: key, protocol } = taken;
    const map = takeReference<NftVerdictElement>(
      words,
      (each) => takeVerdictElement(each, { types: typesOf(key), family: scope.family }),
      (name) => scope.valuesOf(name) === 'verdict',
    );
    return map === undefined ? undefined : { protocol, statement: { kind: 'vmap', key, map } };
  },
  canonical: (statement) => ({ ...statement, map: sortedReference(statement.map) }),
  run: ({ key, map }, packet, { sets, host }) => {
    const index = sets.verdictsOf(map);
    return lookUp({ key, packet, host }, (each) => {
      const element = index.find(each);
      return element === undefined ? nothing(packet) : runVerdict(element.verdict, packet);
    });
  },
};

interface Asked {
  readonly key: NftKey;
  readonly packet: Packet;
  readonly host: Host;
}

/** One branch for each number that can be drawn; all are as likely as the others. */
export function lookUp(
  { key, packet, host }: Asked,
  branchOf: (key: readonly NftValue[]) => Act,
): readonly Act[] {
  const keys = keysOf(key, packet, host);
  const share = keys.length === 1 ? ALL : oneIn(keys.length);
  return keys.map((each) => ({ ...branchOf(each), share }));
}
