import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import type { IPFamily } from '../../../model/cluster.ts';
import { familyOf } from '../../../model/ip.ts';
import type { Rule, SavedRule, SavedTable } from '../ruleset.ts';

/** How far to look: rules without an address tell nothing, and large chains of ours have some at the start. */
const MAX_RULES = 1000;

/**
 * Whether rules are those of a family, by the first address in them. Rules without any are of either.
 * @param file where they come from
 */
export function checkFamily(
  file: string,
  tables: readonly SavedTable[],
  family: IPFamily,
): readonly Diagnostic[] {
  const found = firstAddress(tables);
  if (found === undefined || familyOf(found.address) === family) return [];
  const { address, rule } = found;
  const text = rule.text.slice(0, WINDOW);
  const excerpt = { text, start: Math.max(text.indexOf(address), 0), length: address.length };
  return [
    {
      code: 'saved-rules-family',
      severity: 'error',
      object: '',
      field: [],
      span: { file, line: rule.line, column: excerpt.start + 1, excerpt },
      related: [],
      message: `rules of ${family} are wanted, and this one is about ${address}`,
      hint: `give the output of "${PROGRAMS[family]}", or --family ${familyOf(address).toLowerCase()}`,
    },
  ];
}

const PROGRAMS = { IPv4: 'iptables-save', IPv6: 'ip6tables-save' } as const;

/** How much of a long rule is shown. */
const WINDOW = 120;

function firstAddress(tables: readonly SavedTable[]): { address: string; rule: SavedRule } | undefined {
  let looked = 0;
  for (const { chains } of tables) {
    for (const { rules } of chains.values()) {
      for (const rule of rules) {
        const address = addressOf(rule);
        if (address !== undefined) return { address, rule };
        looked += 1;
        if (looked >= MAX_RULES) return undefined;
      }
    }
  }
  return undefined;
}

function addressOf({ matches, action }: Rule): string | undefined {
  if (action?.kind === 'dnat') return action.to.replace(/^\[?(.*?)\]?:\d+$/, '$1');
  for (const match of matches) if (match.kind === 'source' || match.kind === 'destination') return match.cidr;
  return undefined;
}
