import type { FieldPath } from '../../../../model/field-path.ts';
import { reportRepeated } from '../../../checks/repeated.ts';
import { labelValueProblem } from '../../../formats/qualified-name.ts';
import type * as api from '../../../generated/shapes.js';
import type { PodRule, Report } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

/** Labels of nodes that have newer names. */
const OLD_LABELS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'beta.kubernetes.io/arch': 'use "kubernetes.io/arch"',
    'beta.kubernetes.io/os': 'use "kubernetes.io/os"',
    'failure-domain.beta.kubernetes.io/region': 'use "topology.kubernetes.io/region"',
    'failure-domain.beta.kubernetes.io/zone': 'use "topology.kubernetes.io/zone"',
    'beta.kubernetes.io/instance-type': 'use "node.kubernetes.io/instance-type"',
  }),
);

/** What the API server warns of beside those since 1.31. */
const MORE_OLD_LABELS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'app.kubernetes.io/created-by': 'it is no label of nodes',
    'scheduler.alpha.kubernetes.io/preferAvoidPods': 'it is no longer read',
    'node-role.kubernetes.io/master': 'use "node-role.kubernetes.io/control-plane"',
  }),
);

/** GetWarningsForPod (pkg/api/pod/warnings.go) and pkg/api/node/util.go, 1.30 to 1.36, as all of this file. */
export const nodeLabelCurrent = {
  code: 'node-label-current',
  category: 'api',
  severity: 'warning',
  onlyWith: ['nodeSelector', 'affinity', 'topologySpreadConstraints'],
  summary: 'a node label whose name is deprecated',
  explanation: `Some labels of nodes have got new names, and nodes may lose the old ones: a pod that asks for one of those can
then run nowhere. The API server warns of them in nodeSelector, node affinities and topology spread constraints.`,
  check({ spec, path }, report, { options }) {
    const { nodeSelector, affinity, topologySpreadConstraints } = spec;
    if (!nodeSelector && !affinity?.nodeAffinity && !topologySpreadConstraints) return;
    const hasMore = options.kubernetes.api.warnings.has('more-node-labels');
    const check = (key: string | null | undefined, field: FieldPath, at: 'key' | 'value') => {
      const hint = OLD_LABELS.get(key ?? '') ?? (hasMore ? MORE_OLD_LABELS.get(key ?? '') : undefined);
      if (hint !== undefined)
        report({ field, at, message: `node label ${quoteValue(key ?? '')} is deprecated`, hint });
    };
    for (const key of Object.keys(nodeSelector ?? {})) check(key, [...path, 'nodeSelector', key], 'key');
    for (const { expression, field } of nodeExpressions(affinity?.nodeAffinity, path))
      check(expression.key, [...field, 'key'], 'value');
    for (const [index, constraint] of (topologySpreadConstraints ?? []).entries())
      check(constraint?.topologyKey, [...path, 'topologySpreadConstraints', index, 'topologyKey'], 'value');
  },
} as const satisfies PodRule;

/** Since 1.33; values of required terms are refused. */
export const affinityValuesValid = {
  code: 'affinity-values-valid',
  category: 'api',
  severity: 'warning',
  onlyWith: ['affinity'],
  summary: 'a preferred node affinity whose value no label can have',
  explanation: `A node affinity is compared with labels of nodes: a value that no label can have matches nothing, so the
preference does nothing. From Kubernetes 1.33 on the API server warns of it.`,
  check({ spec: { affinity }, path }, report, { options }) {
    if (!affinity?.nodeAffinity || !options.kubernetes.api.warnings.has('affinity-values')) return;
    for (const { expression, field, isPreferred } of nodeExpressions(affinity.nodeAffinity, path)) {
      if (!isPreferred) continue;
      for (const [index, value] of (expression.values ?? []).entries()) {
        const problem = labelValueProblem(value ?? '');
        if (problem !== undefined)
          report({
            field: [...field, 'values', index],
            message: `value ${quoteValue(value ?? '')} ${problem}`,
          });
      }
    }
  },
} as const satisfies PodRule;

function* nodeExpressions(affinity: api.NodeAffinity | null | undefined, path: FieldPath) {
  if (!affinity) return;
  const own = [...path, 'affinity', 'nodeAffinity'];
  const required = affinity.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const preferred = affinity.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const terms = [
    ...required.map((term, index) => ({
      term,
      isPreferred: false,
      field: [...own, 'requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms', index],
    })),
    ...preferred.map((entry, index) => ({
      term: entry?.preference,
      isPreferred: true,
      field: [...own, 'preferredDuringSchedulingIgnoredDuringExecution', index, 'preference'],
    })),
  ];
  for (const { term, isPreferred, field } of terms) {
    for (const [index, expression] of (term?.matchExpressions ?? []).entries())
      yield { expression: expression ?? {}, isPreferred, field: [...field, 'matchExpressions', index] };
  }
}

export const podTermSelects = {
  code: 'pod-term-selects',
  category: 'api',
  severity: 'warning',
  onlyWith: ['affinity', 'topologySpreadConstraints'],
  summary: 'a term about pods without labelSelector, which matches none',
  explanation: `Pod affinities, pod anti-affinities and topology spread constraints are about the pods that a labelSelector
matches. Left out it matches no pod, so the term does nothing; an empty one, {}, matches all. The API server warns.`,
  check({ spec: { affinity, topologySpreadConstraints }, path }, report) {
    if (!affinity && !topologySpreadConstraints) return;
    for (const [index, constraint] of (topologySpreadConstraints ?? []).entries())
      checkSelector(constraint?.labelSelector, [...path, 'topologySpreadConstraints', index], report);
    for (const name of ['podAffinity', 'podAntiAffinity'] as const) {
      const field = [...path, 'affinity', name];
      const required = affinity?.[name]?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
      for (const [index, term] of required.entries())
        checkSelector(
          term?.labelSelector,
          [...field, 'requiredDuringSchedulingIgnoredDuringExecution', index],
          report,
        );
      const preferred = affinity?.[name]?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
      for (const [index, term] of preferred.entries()) {
        const place = [...field, 'preferredDuringSchedulingIgnoredDuringExecution', index, 'podAffinityTerm'];
        checkSelector(term?.podAffinityTerm?.labelSelector, place, report);
      }
    }
  },
} as const satisfies PodRule;

function checkSelector(
  selector: api.LabelSelector | null | undefined,
  field: FieldPath,
  report: Report,
): void {
  if (selector) return;
  const message = 'without labelSelector no pod is meant';
  report({ field: [...field, 'labelSelector'], message, hint: 'select labels, or write {} for all pods' });
}

/** Drivers that are gone; gitRepo is switched off by default since 1.33. */
const OLD_VOLUMES = [
  'photonPersistentDisk',
  'scaleIO',
  'flocker',
  'storageos',
  'quobyte',
  'glusterfs',
  'cephfs',
  'rbd',
  'gitRepo',
] as const;

export const volumeTypeCurrent = {
  code: 'volume-type-current',
  category: 'api',
  severity: 'warning',
  onlyWith: ['volumes'],
  summary: 'a volume of a type that nodes no longer mount',
  explanation: `The drivers of some volume types have been removed from Kubernetes, and gitRepo is switched off by default since
1.33: the API server takes such a pod with a warning, and the pod does not start.`,
  check({ spec, path }, report) {
    for (const [index, volume] of (spec.volumes ?? []).entries()) {
      for (const type of OLD_VOLUMES) {
        if (!volume?.[type]) continue;
        const hint = type === 'gitRepo' ? 'clone in an init container' : 'use a CSI driver';
        report({
          field: [...path, 'volumes', index, type],
          message: `volumes of type ${type} are deprecated`,
          hint,
        });
      }
    }
  },
} as const satisfies PodRule;

export const pullSecretsNamed = {
  code: 'pull-secrets-named',
  category: 'api',
  severity: 'warning',
  onlyWith: ['imagePullSecrets'],
  summary: 'an image pull secret without name, or named twice',
  explanation: `imagePullSecrets name Secrets with the passwords of registries. One without a name does nothing, and a second one
of the same name is lost in merges by name. The API server warns of both.`,
  check({ spec, path }, report) {
    const secrets = spec.imagePullSecrets ?? [];
    const field = (index: number) => [...path, 'imagePullSecrets', index, 'name'];
    for (const [index, secret] of secrets.entries())
      if (!secret?.name) report({ field: field(index), message: 'an image pull secret without name' });
    reportRepeated(secrets, {
      keyOf: (secret) => secret?.name ?? '',
      toFinding: (secret, index) => ({
        field: field(index),
        message: `image pull secret ${quoteValue(secret?.name ?? '')} is named twice`,
      }),
      report,
    });
  },
} as const satisfies PodRule;

export const hostAliasesUnique = {
  code: 'host-aliases-unique',
  category: 'api',
  severity: 'warning',
  onlyWith: ['hostAliases'],
  summary: 'two host aliases of one address',
  explanation: `Host aliases are merged by their address, so a second one of the same address gets lost when a manifest is
applied. The API server warns; one entry takes any number of names.`,
  check({ spec, path }, report) {
    reportRepeated(spec.hostAliases ?? [], {
      keyOf: (alias) => alias?.ip ?? '',
      toFinding: (alias, index, first) => ({
        field: [...path, 'hostAliases', index, 'ip'],
        message: `${quoteValue(alias?.ip ?? '')} is that of hostAliases[${first}] too`,
        hint: 'write all names into one entry',
      }),
      report,
    });
  },
} as const satisfies PodRule;

export const gracePeriodNotNegative = {
  code: 'grace-period-not-negative',
  category: 'api',
  severity: 'warning',
  onlyWith: ['terminationGracePeriodSeconds'],
  summary: 'a negative terminationGracePeriodSeconds',
  explanation: `terminationGracePeriodSeconds is how long a pod may take to end. A negative number counts as 1, and the API server
warns of it.`,
  check({ spec: { terminationGracePeriodSeconds: seconds }, path }, report) {
    if (typeof seconds !== 'number' || seconds >= 0) return;
    const field = [...path, 'terminationGracePeriodSeconds'];
    report({ field, message: `terminationGracePeriodSeconds ${seconds} is negative, and counts as 1` });
  },
} as const satisfies PodRule;
