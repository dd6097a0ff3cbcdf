import { labelOf } from '../../diagnose.ts';
import type { ClusterFinding } from '../../rule.ts';
import type { ClusterRule } from './cluster-rule.ts';
import type { Repetition } from './view/repetitions.ts';

/** A cluster keeps one object a kind, namespace and name: whatever is applied last. */
export const objectUnique = {
  code: 'object-unique',
  category: 'cross',
  severity: 'error',
  summary: 'two objects of one kind, namespace and name',
  explanation: `A cluster keeps one object for each kind, namespace and name. Of two definitions in one input the one
that is applied last would win, so what the input means would depend on its order. Manifests that are alternatives,
such as overlays for several environments, are validated one by one, or each file on its own with --each.`,
  *check(_, { view }) {
    for (const repetition of view.repetitions) yield findingOf(repetition);
  },
} as const satisfies ClusterRule;

function findingOf({ kind, object, first }: Repetition): ClusterFinding {
  return {
    kind,
    object,
    field: ['metadata', 'name'],
    message: `${labelOf(kind, object)} is defined already`,
    hint: 'remove or rename one of them; --each validates every file on its own',
    related: [{ kind, object: first, field: ['metadata', 'name'], message: 'the first definition' }],
  };
}
