import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import { aboutRun } from '../../../diagnostic/report.ts';
import type { IPFamily } from '../../../model/cluster.ts';
import { familyOf } from '../../../model/ip.ts';
import type { SavedRulesCode } from '../../text/codes.ts';
import type { Rule, SavedRule, SavedTable, TableName } from '../ruleset.ts';

/** How far to look: rules without an address tell nothing, and large chains of ours have some at the start. */
const MAX_RULES = 1000;

/**
 * Whether rules are those of a family, by the first address in them. Rules without any are of either.
 * @param file where they come from
 */
export function checkSavedFamily(
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
  if (action?.kind === 'dnat') return action.to.replace(/^(?:\[(.*)\]|([\d.]+)):\d+$/, '$1$2');
  for (const match of matches) if (match.kind === 'source' || match.kind === 'destination') return match.cidr;
  return undefined;
}

/** Those that rules of ours are in. */
const OUR_TABLES: readonly TableName[] = ['filter', 'nat'];

/**
 * An error when a table is there of both variants, for what is wanted is compared with one; a warning when a table is not in a
 * dump that has others: it may have been left out, or nobody has used it yet.
 */
export function checkTables(tables: readonly SavedTable[]): readonly Diagnostic[] {
  for (const table of tables) {
    const { name, variant, line } = table;
    const other = tables.find((each) => each.name === name && each.variant !== variant);
    if (other?.variant === undefined || variant === undefined) continue;
    return [
      aboutRun<SavedRulesCode>({
        code: 'saved-rules-text',
        severity: 'error',
        message: `the rules of the node hold table ${name} of iptables-legacy and of iptables-nft, from lines ${line} and ${other.line} on`,
        hint: 'give those of the one that kube-proxy uses, as "iptables-save" prints them there; "svcgen explain" follows both',
      }),
    ];
  }
  const absent = OUR_TABLES.filter((wanted) => tables.every(({ name }) => name !== wanted));
  if (tables.length === 0 || absent.length === 0) return [];
  return [
    aboutRun<SavedRulesCode>({
      code: 'saved-rules-complete',
      severity: 'warning',
      message: `the rules of the node hold no table ${absent.join(' and no table ')}: all of ours there is taken to be missing`,
      hint: 'give the whole output of "iptables-save", without -t, unless nobody has used that table yet',
    }),
  ];
}
