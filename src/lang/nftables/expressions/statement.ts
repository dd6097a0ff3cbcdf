import type { L4Protocol } from '../../packet/l4-protocol.ts';
import type { Packet } from '../../packet/packet.ts';
import type { Words } from '../elements/words.ts';
import type { NftFamily } from '../family.ts';
import type { Act } from './act.ts';
import { ASIDE, type AsideStatement, NOTRACK, type NotrackStatement } from './aside.ts';
import type { NftStatementKind, RuleScope, Surroundings, Taken } from './expression.ts';
import { HANDOVER, type HandoverStatement } from './handover.ts';
import { VERDICT_MAP, type VerdictMapStatement } from './look-up.ts';
import { ASSIGN_MARK, type AssignMarkStatement, META_MARK_SET, type SetMarkStatement } from './meta.ts';
import {
  DNAT_STATEMENT,
  type DnatStatement,
  MASQUERADE_STATEMENT,
  type MasqueradeStatement,
  REDIRECT_STATEMENT,
  type RedirectStatement,
  SNAT_STATEMENT,
  type SnatStatement,
} from './nat.ts';
import { REJECT_STATEMENT, type RejectStatement } from './reject.ts';
import { UNKNOWN_STATEMENT, type UnknownPart } from './unknown.ts';
import { UPDATE, type UpdateStatement } from './update.ts';
import { type NftVerdict, printVerdict, runVerdict, takeVerdict } from './verdict.ts';

/** What a rule does with a packet. */
export type NftStatement =
  | NftVerdict
  | RejectStatement
  | VerdictMapStatement
  | SetMarkStatement
  | AssignMarkStatement
  | DnatStatement
  | MasqueradeStatement
  | SnatStatement
  | RedirectStatement
  | NotrackStatement
  | AsideStatement
  | UpdateStatement
  | HandoverStatement
  | UnknownPart;

type Kind = NftStatement['kind'];
type ByKind = { readonly [S in NftStatement as S['kind']]: S };
type StatementOf<K extends Kind> = ByKind[K] & { readonly kind: K };

const VERDICT: NftStatementKind<NftVerdict, NftVerdict> = {
  print: printVerdict,
  run: (verdict, packet) => [runVerdict(verdict, packet)],
};

/** All kinds, with what is known of them. */
const KINDS: { readonly [K in Kind]: NftStatementKind<ByKind[K], NftStatement> } = {
  accept: {
    ...VERDICT,
    take: (words) => {
      const statement = takeVerdict(words);
      return statement === undefined ? undefined : { statement };
    },
  },
  drop: VERDICT,
  return: VERDICT,
  continue: VERDICT,
  jump: VERDICT,
  goto: VERDICT,
  reject: REJECT_STATEMENT,
  masquerade: MASQUERADE_STATEMENT,
  snat: SNAT_STATEMENT,
  redirect: REDIRECT_STATEMENT,
  notrack: NOTRACK,
  'set-mark': META_MARK_SET,
  'assign-mark': ASSIGN_MARK,
  update: UPDATE,
  dnat: DNAT_STATEMENT,
  vmap: VERDICT_MAP,
  // Behind `update`, which knows some of them.
  aside: ASIDE,
  handover: HANDOVER,
  unknown: UNKNOWN_STATEMENT,
};

const READERS = Object.values(KINDS).flatMap(({ take }) => take ?? []);

export function printStatement<K extends Kind>(statement: StatementOf<K>, family: NftFamily): string {
  return KINDS[statement.kind].print(statement, family);
}

/** Reads what a rule does next. @returns undefined when that is not understood */
export function takeStatement(words: Words, scope: RuleScope): Taken<NftStatement> | undefined {
  const start = words.at;
  for (const take of READERS) {
    const taken = take(words, scope);
    if (taken !== undefined) return taken;
    words.at = start;
  }
  return undefined;
}

/** A statement as the kernel gives it back. */
export function canonicalStatement<K extends Kind>(statement: StatementOf<K>): NftStatement {
  return KINDS[statement.kind].canonical?.(statement) ?? statement;
}

/** The protocol that nft asks for by itself where a rule has this statement. */
export function impliedProtocol<K extends Kind>(statement: StatementOf<K>): L4Protocol | undefined {
  return KINDS[statement.kind].protocolOf?.(statement);
}

/** What a statement does with a packet. */
export function runStatement<K extends Kind>(
  statement: StatementOf<K>,
  packet: Packet,
  around: Surroundings,
): readonly Act[] {
  return KINDS[statement.kind].run(statement, packet, around);
}
