import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import type { SourceText } from '../../../model/source-text.ts';
import { lineText } from '../../text/stretch.ts';
import { type LinePlace, textProblem } from '../../text/text-problem.ts';
import type { SavedTable } from '../ruleset.ts';
import { MAX_RULE_LENGTH, MAX_RULES_OF_CHAIN } from './chain-index.ts';

/** What other tools print, and what to run instead. */
const OTHER_TOOLS: readonly { readonly looks: RegExp; readonly hint: string }[] = [
  {
    looks: /^(?:Chain \S+ \(|target +prot )/,
    hint: 'this is what "iptables -L" prints; take "iptables-save", which shows all of it',
  },
  {
    looks: /^-[PN] \S/,
    hint: 'this is what "iptables -S" prints, of one table; take "iptables-save"',
  },
  {
    looks: /^table (?:ip6?|inet) \S+ \{/,
    hint: 'these are rules of nft, which are those of --mode nftables; take "iptables-save" here, also of iptables-nft',
  },
  {
    looks: /^\{ ?"nftables"/,
    hint: 'this is what "nft -j" prints, rules of nft, which are those of --mode nftables; take "iptables-save" here',
  },
  {
    looks: /^Name: \S/,
    hint: 'this is what "ipset list" prints: "explain" reads it beside the output of "iptables-save", which has the rules',
  },
  {
    looks: /^(?:IP Virtual Server version|Prot LocalAddress)/,
    hint: 'this is what "ipvsadm -Ln" prints, which "explain" reads; "diff" takes "ipvsadm-save -n", beside "iptables-save"',
  },
  {
    looks: /^(?:add|create|delete|flush) (?:table|chain|rule|set|map|element) /,
    hint: 'these are commands of nft, which are those of --mode nftables: load them, and take "nft list ruleset"',
  },
  {
    looks: /^(?:create|add) \S+ /,
    hint: 'this is what "ipset save" prints, which is for "explain" and "diff --mode ipvs"; take "iptables-save" here',
  },
  {
    looks: /^-[Aa] -[tu] /,
    hint: 'this is what "ipvsadm --save" prints, which is for "explain" and "diff --mode ipvs"; take "iptables-save" here',
  },
  {
    looks: /^(?:apiVersion|kind|metadata|---|\{)/,
    hint: 'these look like manifests, which are given as paths; rules come from "iptables-save"',
  },
];

/** Text that cannot stand where it stands. */
export function lineProblem(source: SourceText, { start, end }: LinePlace, expected: string): Diagnostic {
  const text = lineText(source.text, start, end);
  const tool = OTHER_TOOLS.find(({ looks }) => looks.test(text.trim()));
  return partProblem(source, {
    place: { start, end },
    tool: 'iptables-save',
    expected,
    hint: tool?.hint ?? 'give the whole output of "iptables-save" (or "ip6tables-save"), as it is',
  });
}

/** Ends in the midst of a table: the rest may hold what matters most. */
export function cutOff(
  source: SourceText,
  table: Pick<SavedTable, 'name' | 'line'>,
  place: Pick<LinePlace, 'start' | 'end'>,
): Diagnostic {
  return textProblem(source, {
    code: 'saved-rules-complete',
    place,
    message: `table ${table.name}, which begins in line ${table.line}, has no COMMIT: the text is cut off here`,
    hint: 'save the rules again: "iptables-save > FILE"',
  });
}

/** Two saves in one: of both families, or of both variants of iptables. */
export function repeatedTable(
  source: SourceText,
  { start, end }: LinePlace,
  earlier: SavedTable,
): Diagnostic {
  return textProblem(source, {
    code: 'saved-rules-text',
    place: { start, end },
    message: `table ${earlier.name} begins a second time, after line ${earlier.line}`,
    hint: 'give one save at a time: iptables-save or ip6tables-save, of iptables-legacy or iptables-nft',
  });
}

/** The first rule that is one too many. */
export function fullChain(source: SourceText, { start, end }: LinePlace, chain: string): Diagnostic {
  return textProblem(source, {
    code: 'saved-rules-text',
    place: { start, end },
    message: `chain ${chain} has more than ${MAX_RULES_OF_CHAIN} rules, which are too many to follow`,
    hint: 'if they differ in their addresses alone, one rule with a set of ipset does the same',
  });
}

export function longRule(source: SourceText, { start, end }: LinePlace): Diagnostic {
  return partProblem(source, {
    place: { start, end },
    tool: 'iptables-save',
    expected: `a rule of at most ${MAX_RULE_LENGTH} characters`,
  });
}

/** A line that another tool has printed, outside of tables. */
interface ForeignProblem {
  readonly place: Pick<LinePlace, 'start' | 'end'>;
  /** Whose output it should be. */
  readonly tool: string;
  readonly expected: string;
  readonly hint?: string;
}

/** Part of a line that cannot stand where it stands. */
export function partProblem(
  source: SourceText,
  { place: { start, end }, tool, expected, hint }: ForeignProblem,
): Diagnostic {
  const text = lineText(source.text, start, end);
  return textProblem(source, {
    code: 'saved-rules-text',
    place: { start, end },
    message: `not what ${tool} prints: expected ${expected}, found ${JSON.stringify(text.slice(0, 60))}`,
    hint: hint ?? `give the whole output of "${tool}", as it is`,
  });
}

/** The last line of what ends with a line break has none. */
export function cutOffLine(
  source: SourceText,
  { place, tool }: Pick<ForeignProblem, 'place' | 'tool'>,
): Diagnostic {
  return textProblem(source, {
    code: 'saved-rules-complete',
    place,
    message: `the last line has no line break, so the output of ${tool} is cut off here`,
    hint: `save it again, as it is: "${tool}"`,
  });
}

export function emptyInput(source: SourceText): Diagnostic {
  return textProblem(source, {
    code: 'saved-rules-given',
    place: { start: 0, end: 0 },
    message: `${source.file} holds no rules`,
    hint: 'iptables-save and nft need root, and print nothing where nobody has used them: is this the right node?',
  });
}
