import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { aboutRun, listNames } from '../../diagnostic/report.ts';
import type { ExplainCode } from '../codes.ts';
import { nearService } from './near-service.ts';
import type { WantedName } from './parse-target.ts';
import type { TargetAddress } from './targets.ts';

/** A port of a Service, as far as the dump of a node names it. */
export interface DumpedName extends TargetAddress {
  /** The name of the port; "": it has none. */
  readonly portName: string;
}

/** How a dump names Services. */
export interface DumpNames {
  /** The ports of the Service with this `namespace/name`. */
  readonly find: (label: string) => readonly DumpedName[];
  /** All Services that it names, as `namespace/name`. */
  readonly labels: () => Iterable<string>;
  /** Where it has the names: `comment`. */
  readonly by: string;
}

/** The address that a name stands for in the dump of a node. */
export function chooseDumpedTarget(
  wanted: WantedName,
  { find, labels, by }: DumpNames,
): TargetAddress | Diagnostic {
  const label = `${wanted.namespace}/${wanted.name}`;
  const names = find(label);
  if (names.length === 0) return unnamedService(label, { near: nearService(label, labels()), by });
  const [first, second] = names.filter((name) => isDumpWanted(name, wanted));
  if (first !== undefined && second === undefined) return first;
  const ports = names.map(
    ({ portName, port, protocol }) => `${portName === '' ? port : portName} (${port}/${protocol})`,
  );
  return aboutRun<ExplainCode>({
    code: 'service-known',
    severity: 'error',
    message: `it is not clear which port of Service ${label} is meant`,
    hint: `these rules are about ${listNames(ports)}`,
  });
}

function unnamedService(
  label: string,
  { near, by }: Pick<DumpNames, 'by'> & { readonly near: string | undefined },
): Diagnostic {
  const meant = near === undefined ? '' : `did you mean ${near}? Else `;
  return aboutRun<ExplainCode>({
    code: 'service-known',
    severity: 'error',
    message: `no ${by} in these rules names Service ${label}, so its address is not known`,
    hint: `${meant}give manifests as paths too, or --to ADDRESS:PORT; headless Services and ExternalNames have no rules`,
  });
}

function isDumpWanted({ portName, port, protocol }: DumpedName, wanted: WantedName): boolean {
  const isProtocol = wanted.protocol === undefined || protocol === wanted.protocol;
  return isProtocol && (wanted.port === undefined || portName === wanted.port || `${port}` === wanted.port);
}
