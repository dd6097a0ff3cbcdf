import type { MetadataRule } from '../../rule.ts';

/** Nothing upstream: the name is made up when the object is created. */
export const generatedName = {
  code: 'generated-name',
  category: 'node',
  severity: 'warning',
  summary: 'a Service whose name is only known once it is created',
  explanation: `With metadata.generateName the API server makes up the name of a Service when it is created, and a part of
the rules (names of chains, comments) depends on that name. svcgen makes up another one, so its rules are not those that
the cluster will have.`,
  check({ kind, metadata, path }, report) {
    if (kind !== 'Service' || metadata.name || !metadata.generateName) return;
    report({
      field: [...path, 'generateName'],
      message: 'the name of this Service is only known once it is created',
      hint: 'set metadata.name',
    });
  },
} as const satisfies MetadataRule;
