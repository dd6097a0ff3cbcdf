import type { FieldPath } from '../../../model/field-path.ts';
import { labelOf } from '../../diagnose.ts';
import type { ClusterFinding } from '../../rule.ts';
import type { AddressClaim, AddressConflict } from './view/address-claims.ts';

/** What to say of an address and port that lead to another Service. */
export function addressFinding({ claim, first }: AddressConflict): ClusterFinding {
  const owner = labelOf('Service', first.service);
  return {
    kind: 'Service',
    object: claim.service,
    field: fieldOf(claim),
    message: `${claim.kind} ${claim.ip} with port ${claim.port} leads to ${owner} already`,
    hint: 'Services can share an address, but each of its ports belongs to one: change the port or the address',
    related: [
      {
        kind: 'Service',
        object: first.service,
        field: fieldOf(first),
        message: `${first.kind} of ${owner}`,
      },
    ],
  };
}

const MAX_INGRESS = 16;

/**
 * The model keeps only those entries of an ingress list that nodes use, so their places are looked for: the first
 * entry that spells the address. The list as a whole when none does.
 */
function fieldOf({ kind, service, ip, field }: AddressClaim): FieldPath {
  if (kind !== 'load-balancer address') return field;
  for (let index = 0; index < MAX_INGRESS; index += 1) {
    const path = [...field, index, 'ip'];
    const { text, start, length } = service.locate(path).excerpt;
    if (text.slice(start, start + length).replace(/["']/g, '') === ip) return path;
  }
  return field;
}
