import { type NodeDump, type SavedDump, servicesIn } from '../../modes/dump/node-dump.ts';
import { findListedService } from '../connection/listed-names.ts';
import type { Connection } from '../explanation.ts';
import type { RuleSource } from '../rule-source.ts';
import type { DumpFindings } from './findings.ts';
import { listedFindings } from './listed-findings.ts';
import { savedFindings } from './saved-findings.ts';
import { shadowedIn } from './shadowed-services.ts';

/** What there is to say of the rules of a node, beside what they do. */
export function ruleFindings(rules: RuleSource, connection: Connection): DumpFindings {
  switch (rules.kind) {
    case 'own':
      return { hints: () => [], gaps: [] };
    case 'saved':
      return savedOrListedFindings(rules, connection);
    case 'listed':
      return listedFindings(rules, connection);
  }
}

/** Rules of iptables say it themselves, each for one Service. */
export function serviceOf(dump: NodeDump | undefined, connection: Connection): string | undefined {
  const services = dump && servicesIn(dump);
  return services?.kind === 'listed' ? findListedService(services.ruleset, connection) : undefined;
}

/** What kube-proxy's own rules have for a connection. */
export function shadowedBy(dump: NodeDump | undefined, connection: Connection): string | undefined {
  const listed = serviceOf(dump, connection);
  if (listed !== undefined) return listed;
  return dump?.kind === 'saved' ? shadowedIn(dump.tables, connection) : undefined;
}

function savedOrListedFindings(rules: SavedDump, connection: Connection): DumpFindings {
  const saved = savedFindings(rules, connection);
  const services = servicesIn(rules);
  if (services.kind === 'saved') return saved;
  const listed = listedFindings(services, connection);
  return { ...listed, gaps: [...saved.gaps, ...listed.gaps] };
}
