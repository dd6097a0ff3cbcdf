import { dnsLabelProblem, maskTrailingDash, suggestLabel } from '../../formats/dns.ts';
import { nameProblem } from '../../formats/object-name.ts';
import { areServiceNamesRelaxed } from '../../options.ts';
import type { MetadataRule, ObjectKind } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** ValidateObjectMeta (apimachinery, 1.34): a trailing `-` is fine, because characters follow. */
export const generateNameValid = {
  code: 'generate-name-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['generateName'],
  summary: 'a generateName that no valid name can start with',
  explanation: `The API server puts five characters behind metadata.generateName, so what stands there must be the
start of a valid name of the kind; it may end with '-'.`,
  check({ kind, metadata, path }, report, { options }) {
    const { generateName } = metadata;
    if (!generateName) return;
    const problem = nameProblem(maskTrailingDash(generateName), {
      kind,
      relaxed: areServiceNamesRelaxed(options),
    });
    if (problem === undefined) return;
    report({
      field: [...path, 'generateName'],
      message: `generateName ${quoteValue(generateName)} ${problem}`,
    });
  },
} as const satisfies MetadataRule;

/** Nothing upstream: the name is made up when the object is created. */
export const generatedName = {
  code: 'generated-name',
  category: 'node',
  severity: 'warning',
  onlyWith: ['generateName'],
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

/** Whose names pods get their host names of. */
const NAMES_OF_HOSTS: readonly ObjectKind[] = ['Pod', 'Deployment', 'ReplicaSet', 'Job', 'CronJob'];

/** WarningsForDeployment and its siblings, GetWarningsForPod (1.30 to 1.36); StatefulSets and DaemonSets are not looked at. */
export const hostNameLabel = {
  code: 'host-name-label',
  category: 'api',
  severity: 'warning',
  summary: 'a name with dots, or a long one, that becomes the host name of pods',
  explanation: `The name of a pod is its host name, and pods of a Deployment, ReplicaSet, Job or CronJob have its name in theirs.
A name with dots, or of more than 63 characters, is no DNS label: programs then see another host name than they expect.
The API server warns of it.`,
  check({ kind, metadata: { name }, path }, report) {
    if (!name || !NAMES_OF_HOSTS.includes(kind)) return;
    const problem = dnsLabelProblem(name);
    if (problem === undefined) return;
    report({
      field: [...path, 'name'],
      message: `name ${quoteValue(name)} becomes a host name, and ${problem}`,
      hint: "use lower case letters, digits and '-'",
    });
  },
} as const satisfies MetadataRule;

/** ValidateObjectMeta (apimachinery, 1.34). */
export const namespaceValid = {
  code: 'namespace-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['namespace'],
  summary: 'a namespace that is no DNS label',
  explanation: `A namespace is part of the DNS names of its Services, so it is a DNS label (RFC 1123): lower case
letters, digits and '-', at most 63 characters. An object that names none lives in "default". Kinds without
namespace, such as Node, ignore it.`,
  check({ kind, metadata, path }, report) {
    const { namespace } = metadata;
    if (!namespace || kind === 'Node' || kind === 'ServiceCIDR') return;
    const problem = dnsLabelProblem(namespace);
    if (problem === undefined) return;
    report({ field: [...path, 'namespace'], message: `namespace ${quoteValue(namespace)} ${problem}` });
  },
} as const satisfies MetadataRule;

/** ValidateObjectMeta with the name function of each kind (1.34). */
export const objectNameValid = {
  code: 'object-name-valid',
  category: 'api',
  severity: 'error',
  summary: 'a name that objects of the kind cannot have',
  explanation: `Names are used in URLs and DNS. A Service's name becomes a DNS label, so it is one: lower case
letters, digits and '-', at most 63 characters. Up to Kubernetes 1.35 it starts with a letter (--relaxed-service-names
allows a digit, as the feature gate RelaxedServiceNameValidation does, which is on since 1.36). Other kinds may have
dots too, and 253 characters. In svcgen, names also reach the comments of rules.`,
  check({ kind, metadata, path }, report, { options }) {
    const { name } = metadata;
    if (!name) return;
    const problem = nameProblem(name, { kind, relaxed: areServiceNamesRelaxed(options) });
    if (problem === undefined) return;
    const suggestion = suggestLabel(name);
    report({
      field: [...path, 'name'],
      message: `name ${quoteValue(name)} ${problem}`,
      ...(suggestion === undefined || suggestion === name ? {} : { hint: `try ${suggestion}` }),
    });
  },
} as const satisfies MetadataRule;

/** ValidateObjectMeta (apimachinery, 1.34). */
export const objectNamed = {
  code: 'object-named',
  category: 'api',
  severity: 'error',
  summary: 'an object without a name',
  explanation: `Every object is stored under its name: without one the API server has nowhere to put it. With
metadata.generateName it makes a name up, which kubectl create allows and kubectl apply does not.`,
  check({ kind, metadata, path }, report) {
    if (metadata.name || metadata.generateName) return;
    report({
      field: [...path, 'name'],
      message: `a ${kind} needs a name`,
      hint: 'set metadata.name',
    });
  },
} as const satisfies MetadataRule;
