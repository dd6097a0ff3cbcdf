import { labelOf } from '../../diagnose.ts';
import type { ClusterFinding } from '../../rule.ts';
import type { NodePortClaim, NodePortConflict } from './view/node-port-claims.ts';

/** What to say of a number that another Service has. */
export function nodePortFinding({ claim, first }: NodePortConflict): ClusterFinding {
  const owner = labelOf('Service', first.service);
  return {
    kind: 'Service',
    object: claim.service,
    field: claim.field,
    message: `${claim.kind} ${claim.number} is the ${first.kind} of ${owner} already${protocolNote(claim, first)}`,
    hint: 'choose another number, or leave it out to have a free one allocated',
    related: [{ kind: 'Service', object: first.service, field: first.field, message: `taken by ${owner}` }],
  };
}

function protocolNote(claim: NodePortClaim, first: NodePortClaim): string {
  const [own, other] = [protocolOf(claim), protocolOf(first)];
  if (own === undefined || other === undefined || own === other) return '';
  return `, for ${other}; ${own} and ${other} share a number only within one Service`;
}

function protocolOf({ service, kind, field }: NodePortClaim): string | undefined {
  return kind === 'nodePort' ? service.ports[Number(field[2])]?.protocol : undefined;
}
