import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { aboutRun } from '../../diagnostic/report.ts';
import type { SavedTable, TableName } from '../../model/ruleset.ts';

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
