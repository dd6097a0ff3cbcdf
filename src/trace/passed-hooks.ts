import type { Packet } from '../lang/packet/packet.ts';
import type { Hook } from '../lang/packet/rules.ts';
import { itemsOf } from '../lang/packet/way.ts';
import type { Outcome } from './follow.ts';

/** The hooks that a connection passes, on any of its ways. */
export function passedHooks({ inInterface }: Packet, outcomes: readonly Outcome[]): ReadonlySet<Hook> {
  const isOwn = inInterface.kind === 'none';
  const hooks = new Set<Hook>([isOwn ? 'OUTPUT' : 'PREROUTING']);
  for (const { steps } of outcomes) {
    for (const step of itemsOf(steps)) {
      if (step.kind === 'rule') hooks.add(step.hook);
      if (step.kind !== 'route') continue;
      for (const hook of AFTER_ROUTING[isOwn ? 'own' : 'others'][step.to]) hooks.add(hook);
    }
  }
  return hooks;
}

/** What the node itself sends to itself comes back in. */
const AFTER_ROUTING = {
  own: { node: ['POSTROUTING', 'PREROUTING', 'INPUT'], elsewhere: ['POSTROUTING'] },
  others: { node: ['INPUT'], elsewhere: ['FORWARD', 'POSTROUTING'] },
} as const satisfies Record<string, Record<'node' | 'elsewhere', readonly Hook[]>>;
