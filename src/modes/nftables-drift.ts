import type { ChainDrift } from '../lang/iptables/compare/drift.ts';
import { compareParts, type PartLine, type WantedPart } from '../lang/nftables/compare/compare-parts.ts';
import {
  type AnyElement,
  declarationLine,
  elementLine,
  hookLine,
  ruleLine,
} from '../lang/nftables/compare/lines.ts';
import { listedParts } from '../lang/nftables/compare/listed-parts.ts';
import {
  FAMILIES,
  type NftFamily,
  printDestinationElement,
  printElement,
  printRule,
  printVerdictElement,
} from '../lang/nftables/print/print-expressions.ts';
import { mapType, setType } from '../lang/nftables/print/print-table.ts';
import type { ListedTable, NftMap, NftSet, NftTable } from '../lang/nftables/ruleset.ts';
import { quoteNftComment } from '../lang/text/quote.ts';
import type { NodeState } from '../model/node-state.ts';
import type { RuleLayout } from '../model/proxy-config.ts';
import { purposeOf } from '../render/nftables/purposes.ts';
import { buildTable } from '../render/nftables/render.ts';

/** How the table of a node differs from the one that is wanted: chain by chain, element by element. */
export function nftablesDrift(
  tables: readonly ListedTable[],
  state: NodeState,
  layout: RuleLayout,
): readonly ChainDrift[] {
  const { family } = state;
  const listed = tables.find((each) => each.family === family);
  const wanted = state.servicePorts.length === 0 ? [] : wantedParts(buildTable(state, layout));
  const table = `${FAMILIES[family]} kube-proxy`;
  return Array.from(compareParts(listedParts(listed), wanted), ({ name, part, kind, lacks, has }) => {
    const named = part === undefined ? { name } : { name, part };
    return { table, ...named, kind, purpose: purposeOf(name), lacks, has };
  });
}

function* wantedParts({ family: of, sets, maps, chains }: NftTable): Generator<WantedPart> {
  const family = FAMILIES[of];
  for (const set of sets) yield { kind: 'set', name: set.name, lines: setLines(set, family) };
  for (const map of maps) yield { kind: 'map', name: map.name, lines: mapLines(map, family) };
  for (const { name, hook, rules } of chains) {
    const start = hook === undefined ? [] : [hookLine(hook)];
    const lines = Array.from(rules, (rule) => ruleLine(rule, printRule(rule, family)));
    yield { kind: 'chain', name, lines: [...start, ...lines] };
  }
}

function* setLines({ fields, timeoutSeconds, elements }: NftSet, family: NftFamily): Generator<PartLine> {
  yield declarationLine(setType(fields, family), timeoutSeconds);
  for (const element of elements) yield quotedLine(element, printElement(element));
}

function* mapLines(map: NftMap, family: NftFamily): Generator<PartLine> {
  yield declarationLine(mapType(map, family), undefined);
  if (map.values === 'verdict') {
    for (const element of map.elements) yield quotedLine(element, printVerdictElement(element));
  } else {
    for (const element of map.elements) yield quotedLine(element, printDestinationElement(element));
  }
}

function quotedLine(element: AnyElement, text: string): PartLine {
  const { comment } = element;
  return elementLine(element, text, comment === undefined ? '' : quoteNftComment(comment));
}
