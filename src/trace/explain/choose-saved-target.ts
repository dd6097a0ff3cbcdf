import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { aboutRun, listNames } from '../../diagnostic/report.ts';
import type { SavedTable } from '../../model/ruleset.ts';
import type { Destination } from './find-target.ts';
import type { WantedName } from './parse-target.ts';
import { findSavedNames, type SavedName } from './saved-names.ts';

/** The address that a name stands for in the rules of a node, by their comments. */
export function chooseSavedTarget(
  wanted: WantedName,
  tables: readonly SavedTable[],
): Destination | Diagnostic {
  const label = `${wanted.namespace}/${wanted.name}`;
  const names = findSavedNames(tables, label);
  const [first, second] = names.filter((name) => isWanted(name, wanted));
  if (first !== undefined && second === undefined) return first;
  const ports = names.map(
    ({ portName, port, protocol }) => `${portName === '' ? port : portName} (${port}/${protocol})`,
  );
  return aboutRun({
    code: 'service-known',
    severity: 'error',
    message:
      names.length === 0
        ? `no comment in these rules names Service ${label}, so its address is not known`
        : `it is not clear which port of Service ${label} is meant`,
    hint:
      names.length === 0
        ? 'give manifests as paths too, or --to ADDRESS:PORT'
        : `these rules are about ${listNames(ports)}`,
  });
}

function isWanted({ portName, port, protocol }: SavedName, wanted: WantedName): boolean {
  const isProtocol = wanted.protocol === undefined || protocol === wanted.protocol;
  return isProtocol && (wanted.port === undefined || portName === wanted.port || `${port}` === wanted.port);
}
