import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import { aboutRun } from '../../../diagnostic/report.ts';
import type { SavedTable } from '../../../lang/iptables/ruleset.ts';
import type { SavedRulesCode } from '../../../lang/text/codes.ts';
import type { RuleLayout } from '../../../model/proxy-config.ts';
import { IPTABLES_CHAINS } from '../../../render/iptables/vocabulary.ts';

/** A warning where rules of a node are compared with those of another layout. @param told undefined: nothing tells */
export function checkLayout(told: RuleLayout | undefined, wanted: RuleLayout): readonly Diagnostic[] {
  if (told === undefined || told === wanted) return [];
  return [
    aboutRun<SavedRulesCode>({
      code: 'saved-rules-layout',
      severity: 'warning',
      message: `the rules of the node are not laid out as layout ${wanted} is, so nearly all of them differ`,
      hint: `leave --layout out, or make it --layout ${told}`,
    }),
  ];
}

/** The layout of rules of iptables: in kube-proxy's, endpoints have chains; undefined: no Service has any endpoint. */
export function iptablesLayoutOf(tables: readonly SavedTable[]): RuleLayout | undefined {
  const { service, endpoint } = IPTABLES_CHAINS;
  let layout: RuleLayout | undefined;
  for (const { name: table, chains } of tables) {
    if (table !== 'nat') continue;
    for (const name of chains.keys()) {
      if (name.startsWith(endpoint.name)) return 'kube-proxy';
      if (name.startsWith(service.name)) layout = 'compact';
    }
  }
  return layout;
}
