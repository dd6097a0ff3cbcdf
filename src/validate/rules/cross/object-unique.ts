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
that is applied last would win, so what the input means would depend on its order. Equal definitions are one. Different
ones in different folders below one that was given are alternatives to svcgen validate, such as overlays for several
environments: an info, and the first is looked at. --duplicates says which one counts, --each looks at every file alone.`,
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
    hint: 'remove or rename one of them, or say with --duplicates which one counts',
    related: [{ kind, object: first, field: ['metadata', 'name'], message: 'the first definition' }],
  };
}
