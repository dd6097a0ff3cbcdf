import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { aboutRun, listNames } from '../diagnostic/report.ts';
import type { ExplainCode } from './codes.ts';
import type { Destination } from './find-target.ts';
import type { WantedName } from './parse-target.ts';
import type { SavedName } from './saved-names.ts';

/**
 * The address that a name stands for in the rules of a node.
 */
export function chooseSavedTarget(wanted: WantedName, { find, by }: SavedNames): Destination | Diagnostic {
  const label = `${wanted.namespace}/${wanted.name}`;
  const names = find(label);
  const [first, second] = names.filter((name) => isWanted(name, wanted));
  if (first !== undefined && second === undefined) return first;
  const ports = names.map(
    ({ portName, port, protocol }) => `${portName === '' ? port : portName} (${port}/${protocol})`,
  );
  return aboutRun<ExplainCode>({
    code: 'service-known',
    severity: 'error',
    message:
      names.length === 0
        ? `no ${by} in these rules names Service ${label}, so its address is not known`
        : `it is not clear which port of Service ${label} is meant`,
    hint:
      names.length === 0
        ? 'give manifests as paths too, or --to ADDRESS:PORT'
        : `these rules are about ${listNames(ports)}`,
  });
}

/** What rules tell of Services. */
export interface SavedNames {
  readonly find: (label: string) => readonly SavedName[];
  /** What tells it. */
  readonly by: string;
}

function isWanted({ portName, port, protocol }: SavedName, wanted: WantedName): boolean {
  const isProtocol = wanted.protocol === undefined || protocol === wanted.protocol;
  return isProtocol && (wanted.port === undefined || portName === wanted.port || `${port}` === wanted.port);
}
