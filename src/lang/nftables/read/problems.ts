import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import type { SourceText } from '../../../model/source-text.ts';
import { lastLine, lineText } from '../../text/stretch.ts';
import { type LinePlace, textProblem } from '../../text/text-problem.ts';

/** What else may be given, and what to do then. */
const OTHER_TEXTS: readonly { readonly looks: RegExp; readonly hint: string }[] = [
  {
    looks: /^(?:add|create|delete|destroy|flush|insert) (?:table|chain|set|map|rule|element|ruleset)\b/,
    hint: 'this is a script for "nft -f"; give what "nft list ruleset" prints once it is loaded',
  },
  {
    looks: /^(?:\*(?:raw|mangle|nat|filter|security)$|:[A-Z]+ (?:ACCEPT|DROP|-)|-[AP] \S)/,
    hint: 'this is what "iptables-save" prints, which is for --mode iptables or ipvs; take "nft list ruleset"',
  },
  {
    looks: /^(?:apiVersion|kind|metadata|---|\{)/,
    hint: 'these look like manifests, which are given as paths; rules come from "nft list ruleset"',
  },
];

/** How much of a line is repeated. */
const SHOWN = 60;

/** Text that cannot stand where it stands. */
export function unlistedLine(source: SourceText, place: LinePlace, expected: string): Diagnostic {
  const text = lineText(source.text, place.start, place.end).trim().slice(0, SHOWN);
  return textProblem(source, {
    code: 'saved-rules-text',
    place,
    message: `not what "nft list ruleset" prints: expected ${expected}, found ${JSON.stringify(text)}`,
    hint:
      OTHER_TEXTS.find(({ looks }) => looks.test(text))?.hint ??
      'give the whole output of "nft list ruleset" as it is, without -n or -S',
  });
}

/** Begins as JSON of nft, and is none. */
export function brokenJson(source: SourceText): Diagnostic {
  return textProblem(source, {
    code: 'saved-rules-complete',
    place: lastLine(source.text),
    message: 'this begins as "nft -j list ruleset" does, but is no whole JSON: it is cut off or damaged',
    hint: 'save the rules again: "nft -j list ruleset > FILE"',
  });
}

/** More than can be read in reasonable time and memory. @param most with its unit */
export function largeJson(source: SourceText, most: string): Diagnostic {
  return textProblem(source, {
    code: 'saved-rules-complete',
    place: { start: 0, end: 0 },
    message: `${source.file} has more than ${most} of JSON, which are too many to read`,
    hint: 'give the text of "nft list ruleset" (without -j), of which several times as much is read, or only the table of kube-proxy',
  });
}

export function emptyListing(source: SourceText): Diagnostic {
  return textProblem(source, {
    code: 'saved-rules-given',
    place: { start: 0, end: 0 },
    message: `${source.file} holds no rules`,
    hint: '"nft list ruleset" needs root, and prints nothing where nobody has used nft yet: is this the right node?',
  });
}

/** Something that is open where it ought to be closed. */
export interface OpenBlock {
  /** `table ip kube-proxy`, `chain services`. */
  readonly title: string;
  readonly line: number;
}

/** Ends in the midst of a block: the rest may hold what matters most. */
export function listingCutOff(
  source: SourceText,
  { title, line }: OpenBlock,
  place: Pick<LinePlace, 'start' | 'end'>,
): Diagnostic {
  return textProblem(source, {
    code: 'saved-rules-complete',
    place,
    message: `${title}, which begins in line ${line}, is not closed with }: the text is cut off here`,
    hint: 'save the rules again: "nft list ruleset > FILE"',
  });
}

/**
 * The kernel has been making the hash table of a set larger, on a thread of its own, while nft listed it piece by piece: it
 * began again where it was by counting elements, so that as many are missing as come twice (`nft_rhash_walk` in
 * net/netfilter/nft_set_hash.c). That happens for some hundredths of a second after many elements were added.
 */
export function repeatedElement(source: SourceText, place: LinePlace, set: string): Diagnostic {
  const text = lineText(source.text, place.start, place.end).trim().slice(0, SHOWN);
  return textProblem(source, {
    code: 'saved-rules-complete',
    place,
    message: `the set ${set} has an element twice, in ${JSON.stringify(text)}, so that others are missing: the kernel was rearranging it while nft listed it`,
    hint: 'save the rules again, some seconds after they were loaded: "nft list ruleset > FILE"',
  });
}

/** Two listings in one. */
export function repeatedBlock(source: SourceText, place: LinePlace, { title, line }: OpenBlock): Diagnostic {
  return textProblem(source, {
    code: 'saved-rules-text',
    place,
    message: `${title} begins a second time, after line ${line}`,
    hint: 'give what one run of "nft list ruleset" printed',
  });
}
