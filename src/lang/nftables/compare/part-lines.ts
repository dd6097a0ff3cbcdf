import type { NftDestinationElement, NftElement, NftVerdictElement } from '../elements/element.ts';
import { canonicalMatch } from '../expressions/match.ts';
import { canonicalStatement, impliedProtocol } from '../expressions/statement.ts';
import { type NftHook, printHook } from '../hook.ts';
import type { NftRule } from '../ruleset.ts';
import type { PartLine } from './compare-parts.ts';

/** Lines of what is wanted and of what a node has, with keys that are the same when both do the same. */

/** What makes a chain a base chain. */
export function hookLine(hook: NftHook): PartLine {
  const text = `${printHook(hook)} policy ${hook.policy ?? 'accept'};`;
  return { text, key: () => text };
}

/** What a set or map is declared as. @param type as nft has it: `type ipv4_addr : verdict` */
export function declarationLine(type: string, timeoutSeconds: number | undefined): PartLine {
  const text = timeoutSeconds === undefined ? type : `${type}; timeout ${timeoutSeconds}s`;
  return { text, key: () => text };
}

export type AnyElement = NftElement &
  Partial<Pick<NftVerdictElement, 'verdict'> & Pick<NftDestinationElement, 'to'>>;

/** @param comment as nft has it: a long one is cut, and in quotes */
export function elementLine(element: AnyElement, text: string, comment = ''): PartLine {
  return { text, key: () => `${element.key.join(' ')} : ${valueKey(element)} ${comment}` };
}

function valueKey({ verdict, to }: AnyElement): string {
  if (to !== undefined) return `${to.ip} ${to.port}`;
  if (verdict === undefined) return '';
  return 'chain' in verdict ? `${verdict.kind} ${verdict.chain}` : verdict.kind;
}

export function ruleLine(rule: NftRule, text: string): PartLine {
  return { text, key: () => ruleKey(rule) };
}

/** As the kernel gives a rule back, whatever its parts were made by. */
function ruleKey({ matches, statements, comment }: NftRule): string {
  const { matches: asked, statements: done } = canonicalNftRule({ matches, statements });
  return JSON.stringify([asked, done, comment], (_, value: unknown) =>
    isRecord(value) ? inOrder(value) : value,
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is false may be left out. */
function inOrder(record: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const entries = Object.entries(record).filter(([, value]) => value !== false && value !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * A rule as it comes back from the kernel, whatever nft has made of it on the way: sets of one element become the element,
 * ranges of addresses that touch become one, and elements are sorted, since the kernel keeps no order.
 */
export function canonicalNftRule(rule: NftRule): NftRule {
  const statements = rule.statements.map((statement) => canonicalStatement(statement));
  const asked = new Set(statements.map((statement) => impliedProtocol(statement)));
  // nft asks for the protocol of a port by itself, and does not print that.
  const matches = rule.matches.filter((match) => match.kind !== 'l4proto' || !asked.has(match.protocol));
  return { ...rule, matches: matches.map((match) => canonicalMatch(match)), statements };
}
