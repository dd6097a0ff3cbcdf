import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseCIDR } from '../../src/model/ip.ts';
import type { Manifest } from '../../src/model/manifest.ts';
import { parse } from '../../src/parse/parse.ts';
import { defaultService, partsOfService } from '../../src/validate/defaults/service.ts';
import { partsOfPod, workloadSubjectOf } from '../../src/validate/defaults/workload.ts';
import { toServiceRange } from '../../src/validate/formats/service-range.ts';
import * as shapes from '../../src/validate/generated/shapes.js';
import { defaultValidateOptions } from '../../src/validate/options.ts';
import type { ObjectRule, PodSubject, RuleContext, WorkloadSubject } from '../../src/validate/rule.ts';
import { metadataRules } from '../../src/validate/rules/metadata/index.ts';
import { podRules, workloadRules } from '../../src/validate/rules/pod/index.ts';
import { serviceRules } from '../../src/validate/rules/service/index.ts';
import { checkText } from '../support/check-text.ts';
import { kubernetesVersion } from '../support/versions.ts';

/*
 * A rule is not asked about an object without the fields that it names in `onlyWith`. So it must have nothing to say of such
 * an object: here it is asked about every object of fixtures/ without these fields, whatever else is wrong with them.
 */

const files = readdirSync('fixtures', { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(?:ya?ml|json)$/.test(path))
  .map((path) => ({ path, bytes: readFileSync(`fixtures/${path}`) }));
const { manifests } = parse(files);

const contexts = ['1.30', '1.36'].map(
  (name): RuleContext => ({
    options: { ...defaultValidateOptions, kubernetes: kubernetesVersion(name) },
    serviceCIDRs: ['10.96.0.0/16'].flatMap((cidr) => {
      const parsed = parseCIDR(cidr);
      return parsed === undefined ? [] : [toServiceRange(parsed)];
    }),
    withheld: new Set(),
    validKeys: new Set(),
    validNodeNames: new Set(),
  }),
);

/** An object of a kind as rules see it, once without some fields. undefined: it is of another kind, or of no shape. */
type Reader<Subject> = (manifest: Manifest, without: readonly string[]) => Subject | undefined;

function remove(parts: readonly object[], fields: readonly string[]): void {
  for (const part of parts) for (const field of fields) Reflect.deleteProperty(part, field);
}

const readService: Reader<ReturnType<typeof defaultService>> = ({ kind, value }, without) => {
  if (kind !== 'Service') return undefined;
  const raw: unknown = structuredClone(value);
  if (!shapes.isService(raw)) return undefined;
  remove(partsOfService(raw), without);
  return defaultService(raw);
};

const readMetadata: Reader<{ kind: 'Service'; metadata: shapes.ObjectMeta; path: string[] }> = (
  { kind, value },
  without,
) => {
  if (kind !== 'Service') return undefined;
  const raw: unknown = structuredClone(value);
  if (!shapes.isService(raw)) return undefined;
  const metadata = raw.metadata ?? {};
  remove([metadata], without);
  return { kind, metadata, path: ['metadata'] };
};

const WORKLOADS: ReadonlySet<string> = new Set([
  'Pod',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
]);

/** A Pod stands for a Deployment with such a template. */
const readWorkload: Reader<WorkloadSubject> = ({ kind, value }, without) => {
  if (!WORKLOADS.has(kind)) return undefined;
  const raw: unknown = structuredClone(value);
  const read = () => {
    if (kind === 'Pod' && shapes.isPod(raw)) return workloadSubjectOf.Deployment({ spec: { template: raw } });
    if (kind === 'Deployment' && shapes.isDeployment(raw)) return workloadSubjectOf.Deployment(raw);
    if (kind === 'StatefulSet' && shapes.isStatefulSet(raw)) return workloadSubjectOf.StatefulSet(raw);
    if (kind === 'DaemonSet' && shapes.isDaemonSet(raw)) return workloadSubjectOf.DaemonSet(raw);
    if (kind === 'Job' && shapes.isJob(raw)) return workloadSubjectOf.Job(raw);
    return kind === 'CronJob' && shapes.isCronJob(raw) ? workloadSubjectOf.CronJob(raw) : undefined;
  };
  const whole = read();
  if (whole === undefined) return undefined;
  remove(partsOfPod({ ...whole.pod, claims: [] }), without);
  const subject = read();
  if (subject === undefined || !without.includes('volumeClaimTemplates')) return subject;
  return { ...subject, pod: { ...subject.pod, claims: [] } };
};

const readPod: Reader<PodSubject> = ({ kind, value }, without) => {
  if (kind !== 'Pod') return undefined;
  const raw: unknown = structuredClone(value);
  if (!shapes.isPod(raw)) return undefined;
  const read = (): PodSubject => {
    const { pod } = workloadSubjectOf.Deployment({ spec: { template: raw } });
    return { ...pod, status: raw.status ?? {}, isTemplate: false };
  };
  remove(partsOfPod(read()), without);
  return read();
};

/** How often a rule speaks of the fixtures, or of what is left of them. */
function countFindings<Subject>(
  rule: ObjectRule<Subject>,
  read: Reader<Subject>,
  without: readonly string[],
): number {
  let found = 0;
  for (const manifest of manifests) {
    const subject = read(manifest, without);
    if (subject === undefined) continue;
    const report = () => {
      found += 1;
    };
    for (const context of contexts) rule.check(subject, report, context);
  }
  return found;
}

function describeRules<Subject>(
  name: string,
  rules: readonly ObjectRule<Subject>[],
  read: Reader<Subject>,
): void {
  const selective = rules.flatMap((rule) =>
    rule.onlyWith === undefined ? [] : [{ code: rule.code, rule, fields: rule.onlyWith }],
  );
  describe(name, () => {
    test.each(selective)('$code has nothing to say without $fields', ({ rule, fields }) => {
      expect(countFindings(rule, read, fields)).toBe(0);
    });

    test('most rules speak of the fixtures as they are', () => {
      const speaking = selective.filter(({ rule }) => countFindings(rule, read, []) > 0);
      expect(speaking.length).toBeGreaterThan(selective.length * 0.6);
    });
  });
}

describeRules('Service', serviceRules, readService);
describeRules('metadata', metadataRules, readMetadata);
describeRules('workload', workloadRules, readWorkload);
describeRules('Pod', podRules, readPod);

test('a field whose name holds a comma takes no rules away from objects that come later', () => {
  const pod = (name: string, fields: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec: {${fields}, containers: [{name: a, image: a}]}\n`;
  const text = [
    pod('one', '"hostname,hostAliases": 1'),
    pod('two', 'hostname: a.b, hostAliases: [{ip: x}]'),
    pod('three', '"hostname": a.b, "hostAliases": [{ip: x}]'),
  ].join('---\n');
  const codes = checkText(text).map(({ code }) => code);
  expect(codes.filter((code) => code === 'pod-hostname-valid')).toHaveLength(2);
  expect(codes.filter((code) => code === 'pod-host-aliases-valid')).toHaveLength(2);
});
