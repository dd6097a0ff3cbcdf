import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { formatFieldPath } from '../../src/model/field-path.ts';
import type { RuleCategory } from '../../src/validate/options.ts';
import { checkText } from '../support/check-text.ts';
import { kubernetesVersion } from '../support/versions.ts';

/** What the API server of Kubernetes 1.34 says of one manifest. fixtures/conformance/README.md says more. */
interface Verdict {
  readonly id: string;
  readonly about: string;
  readonly yaml: string;
  readonly flags: { readonly serviceCIDR?: string };
  readonly ok: boolean;
  readonly fields: readonly string[];
}

const file = new URL('../../fixtures/conformance/validate.jsonl', import.meta.url);
const verdicts: readonly Verdict[] = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line));

function errorsOf({ yaml, flags }: Verdict) {
  const categories = new Set<RuleCategory>(['api']);
  const diagnostics = checkText(yaml, {
    categories,
    serviceCIDRs: flags.serviceCIDR?.split(','),
    kubernetes: kubernetesVersion('1.34'),
  });
  return diagnostics.filter(({ severity }) => severity === 'error');
}

/** Kubernetes' spelling and ours: only letter case may differ (`spec.LoadBalancerSourceRanges`). */
function fieldsOf(verdict: Verdict): readonly string[] {
  return errorsOf(verdict).map(({ field }) => formatFieldPath(field).toLowerCase());
}

test.each(verdicts.map((verdict) => [verdict.id, verdict.about, verdict] as const))(
  '%s: %s',
  (_id, _about, verdict) => {
    expect(
      errorsOf(verdict).length === 0,
      errorsOf(verdict)
        .map(({ message }) => message)
        .join('; '),
    ).toBe(verdict.ok);
  },
);

test('at least 97 % of the rejected ones name a field that the API server names', () => {
  const located = verdicts.filter(({ ok, fields }) => !ok && fields.length > 0);
  const named = located.filter((verdict) => {
    const ours = fieldsOf(verdict);
    return verdict.fields.some((field) => ours.includes(field.toLowerCase()));
  });
  expect(named.length / located.length).toBeGreaterThan(0.97);
});
