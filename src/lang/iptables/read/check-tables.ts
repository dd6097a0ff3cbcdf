import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import { aboutRun } from '../../../diagnostic/report.ts';
import type { SavedIPVS } from '../../ipvs/ruleset.ts';
import type { SavedTable, TableName } from '../ruleset.ts';

/** Those that rules of ours are in. */
const OUR_TABLES: readonly TableName[] = ['filter', 'nat'];

/** A warning when a table is not in a dump that has others: it may have been left out, or nobody has used it yet. */
export function checkTables(tables: readonly SavedTable[]): readonly Diagnostic[] {
  const absent = OUR_TABLES.filter((wanted) => tables.every(({ name }) => name !== wanted));
  if (tables.length === 0 || absent.length === 0) return [];
  return [
    aboutRun({
      code: 'saved-rules-complete',
      severity: 'warning',
      message: `the rules of the node hold no table ${absent.join(' and no table ')}: all of ours there is taken to be missing`,
      hint: 'give the whole output of "iptables-save", without -t, unless nobody has used that table yet',
    }),
  ];
}

/**
 * Warnings for what the text of a node in ipvs mode has none of. Tools print nothing where there is nothing, so beside sets
 * or virtual servers the rest is taken to be missing.
 */
export function checkIPVSParts(
  { sets, virtualServers }: SavedIPVS,
  tables: readonly SavedTable[],
): readonly Diagnostic[] {
  if (sets === undefined && virtualServers === undefined) return [rulesAlone()];
  const parts = [
    { what: 'rules', isThere: tables.length > 0, program: 'iptables-save' },
    { what: 'sets', isThere: sets !== undefined, program: 'ipset save' },
    { what: 'virtual servers', isThere: virtualServers !== undefined, program: 'ipvsadm-save -n' },
  ];
  return parts
    .filter(({ isThere }) => !isThere)
    .map(({ what, program }) =>
      aboutRun({
        code: 'saved-rules-complete',
        severity: 'warning',
        message: `the text of the node holds no ${what}: all of ours are taken to be missing`,
        hint: `add the output of "${program}", unless it prints nothing: ${ALL_PARTS}`,
      }),
    );
}

const ALL_PARTS = '{ iptables-save; ipset save; ipvsadm-save -n; }';

function rulesAlone(): Diagnostic {
  return aboutRun({
    code: 'saved-rules-complete',
    severity: 'warning',
    message: 'the text of the node holds neither sets nor virtual servers, so only rules are compared',
    hint: `give all that ipvs mode has: ${ALL_PARTS}`,
  });
}
