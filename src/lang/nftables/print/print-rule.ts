import { quoteNftComment } from '../../text/quote.ts';
import { printNftMatch } from '../expressions/match.ts';
import { printStatement } from '../expressions/statement.ts';
import type { NftFamily } from '../family.ts';
import type { NftRule } from '../ruleset.ts';

/** A rule on one line, as nft reads it inside a chain. */
export function printNftRule({ matches, statements, comment }: NftRule, family: NftFamily): string {
  const parts: string[] = [];
  for (const match of matches) parts.push(printNftMatch(match, family));
  for (const statement of statements) parts.push(printStatement(statement, family));
  if (comment !== undefined) parts.push(`comment ${quoteNftComment(comment)}`);
  return parts.join(' ');
}
