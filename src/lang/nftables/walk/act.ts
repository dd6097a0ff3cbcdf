import { assertNever } from '../../../diagnostic/invariant.ts';
import { joinHostPort } from '../../../model/ip.ts';
import { ALL, oneIn } from '../../packet/fraction.ts';
import { type Packet, sendTo } from '../../packet/packet.ts';
import type { Branch } from '../../packet/rules.ts';
import type { Next } from '../../packet/verdict.ts';
import type { NftDestination, NftKey, NftStatement, NftValue, NftVerdict } from '../ruleset.ts';
import type { LoadedTable } from './load-table.ts';
import { keysOf } from './look-up.ts';

const ON: Next = { kind: 'on' };
const ACCEPTED: Next = { kind: 'verdict', verdict: { kind: 'accept' } };

/** What the statements of a rule do with a packet that its matches let through, one after the other. */
export function runStatements(
  statements: readonly NftStatement[],
  packet: Packet,
  table: LoadedTable,
): readonly Branch[] {
  let branches: readonly Branch[] = [{ packet, next: ON, share: ALL, effect: undefined }];
  for (const statement of statements) {
    branches = branches.flatMap((branch) =>
      branch.next === ON ? continued(branch, run(statement, branch.packet, table)) : [branch],
    );
  }
  return branches;
}

/** Effects of several statements of a rule are told together. Only the last one can be a matter of chance. */
function continued(before: Branch, after: readonly Branch[]): readonly Branch[] {
  return after.map((branch) => ({
    ...branch,
    share: branch.share === ALL ? before.share : branch.share,
    effect: [before.effect ?? [], branch.effect ?? []].flat().join(', ') || undefined,
  }));
}

function run(statement: NftStatement, packet: Packet, table: LoadedTable): readonly Branch[] {
  switch (statement.kind) {
    case 'vmap': {
      const map = table.verdictsOf(statement.map);
      return drawn(statement.key, packet, (key) => {
        const element = map.find(key);
        return element === undefined ? nothing(packet) : verdictBranch(element.verdict, packet);
      });
    }
    case 'dnat': {
      const { to } = statement;
      if (to.kind === 'constant') return [translated(packet, to.to)];
      const map = table.destinationsOf(to.map);
      return drawn(to.key, packet, (key) => {
        const element = map.find(key);
        return element === undefined ? nothing(packet) : translated(packet, element.to);
      });
    }
    case 'set-mark':
      return [
        {
          packet: { ...packet, mark: newMark(statement, packet.mark) },
          next: ON,
          share: ALL,
          effect: `mark ${statement.operator} ${hex(statement.value)}`,
        },
      ];
    case 'masquerade':
      return [
        {
          packet: { ...packet, rewrittenSource: 'masquerade' },
          next: ACCEPTED,
          share: ALL,
          effect: 'masquerade',
        },
      ];
    case 'reject': {
      const effect = statement.with === undefined ? 'reject' : `reject with ${statement.with}`;
      return [{ packet, next: { kind: 'verdict', verdict: statement }, share: ALL, effect }];
    }
    case 'update':
      return [nothing(packet)];
    case 'unknown': {
      const { text } = statement;
      const reason = `svcgen does not follow ${text}`;
      return [
        { packet, next: { kind: 'verdict', verdict: { kind: 'lost', reason } }, share: ALL, effect: text },
      ];
    }
    default:
      return [verdictBranch(statement, packet)];
  }
}

/** One branch for each number that can be drawn; all are as likely as the others. */
function drawn(
  key: NftKey,
  packet: Packet,
  branchOf: (key: readonly NftValue[]) => Branch,
): readonly Branch[] {
  const keys = keysOf(key, packet);
  const share = keys.length === 1 ? ALL : oneIn(keys.length);
  return keys.map((each) => ({ ...branchOf(each), share }));
}

function nothing(packet: Packet): Branch {
  return { packet, next: ON, share: ALL, effect: undefined };
}

function translated(packet: Packet, to: NftDestination): Branch {
  return {
    packet: sendTo(packet, to),
    next: ACCEPTED,
    share: ALL,
    effect: `dnat to ${joinHostPort(to.ip, to.port)}`,
  };
}

function verdictBranch(verdict: NftVerdict, packet: Packet): Branch {
  switch (verdict.kind) {
    case 'jump':
    case 'goto':
      return { packet, next: verdict, share: ALL, effect: `-> ${verdict.chain}` };
    case 'return':
      return { packet, next: { kind: 'return' }, share: ALL, effect: 'return' };
    case 'accept':
    case 'drop':
      return {
        packet,
        next: { kind: 'verdict', verdict: { kind: verdict.kind } },
        share: ALL,
        effect: verdict.kind,
      };
    default:
      return assertNever(verdict);
  }
}

function newMark(
  { operator, value }: Extract<NftStatement, { readonly kind: 'set-mark' }>,
  mark: number,
): number {
  switch (operator) {
    case 'and':
      return (mark & value) >>> 0;
    case 'or':
      return (mark | value) >>> 0;
    case 'xor':
      return (mark ^ value) >>> 0;
    default:
      return assertNever(operator);
  }
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
