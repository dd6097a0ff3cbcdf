import { assertNever } from '../../diagnostic/invariant.ts';
import type { HostServer } from '../../lang/packet/host.ts';

/** How a proxy, or IPVS among real servers that all have the same weight, chooses; chance chooses elsewhere. */
export function describeChooser(chooser: HostServer | undefined): string {
  const scheduler = chooser?.scheduler;
  if (chooser?.isProxy === true) {
    const which = scheduler === 'sh' ? 'by a hash of the client' : 'in turn';
    return `${which}, and then, when it does not answer, to one of the others`;
  }
  switch (scheduler) {
    case undefined:
      return 'by chance';
    case 'rr':
    case 'wrr':
      return `in turn (scheduler ${scheduler})`;
    case 'sh':
    case 'mh':
      return `by a hash of the client (scheduler ${scheduler})`;
    case 'dh':
      return `by a hash of the destination (scheduler ${scheduler})`;
    case 'lc':
    case 'wlc':
    case 'lblc':
    case 'lblcr':
    case 'sed':
    case 'nq':
      return `the least busy one (scheduler ${scheduler})`;
    default:
      return assertNever(scheduler);
  }
}
