import type * as api from '../generated/shapes.js';
import { describeValue, quoteValue } from '../shape/describe-value.ts';
import { qualifiedNameProblem } from './qualified-name.ts';
import { parseQuantity } from './quantity.ts';

/** What is wrong with a reference to a field of the pod itself, and at which key of the reference. */
export interface ReferenceProblem {
  readonly at: readonly string[];
  readonly message: string;
}

const ENV_FIELDS = new Set([
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  // Its name of old.
  'spec.host',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
]);
const VOLUME_FIELDS = new Set([
  'metadata.name',
  'metadata.namespace',
  'metadata.labels',
  'metadata.annotations',
  'metadata.uid',
]);
/** Fields that can be converted between API versions at all: others are refused before anything else. */
const SUBSCRIPTED = /^(metadata\.(?:labels|annotations))\['(.*)'\]$/s;

/** validateObjectFieldSelector (1.34): which fields may be named depends on the user, a variable or a volume. */
export function downwardFieldProblem(
  { apiVersion, fieldPath }: api.ObjectFieldSelector,
  user: 'env' | 'volume',
): ReferenceProblem | undefined {
  if ((apiVersion || 'v1') !== 'v1') {
    return { at: ['fieldPath'], message: `apiVersion ${quoteValue(apiVersion ?? '')} is not v1` };
  }
  if (!fieldPath) return { at: ['fieldPath'], message: 'a fieldRef needs a fieldPath' };
  const [, map, key] = SUBSCRIPTED.exec(fieldPath) ?? [];
  if (map !== undefined && key !== undefined) {
    const problem = qualifiedNameProblem(map === 'metadata.annotations' ? key.toLowerCase() : key);
    return problem === undefined ? undefined : { at: [], message: `key ${quoteValue(key)} ${problem}` };
  }
  const allowed = user === 'env' ? ENV_FIELDS : VOLUME_FIELDS;
  if (allowed.has(fieldPath)) return undefined;
  return { at: ['fieldPath'], message: `${quoteValue(fieldPath)} is none of ${[...allowed].join(', ')}` };
}

const RESOURCES = /^(?:limits|requests)\.(?:cpu|memory|ephemeral-storage|hugepages-.*)$/s;
const CPU_DIVISORS = ['1m', '1'];
const SIZE_DIVISORS = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];

/** validateContainerResourceFieldSelector (1.34). A volume also has to say of which container. */
export function downwardResourceProblem(
  { containerName, resource, divisor }: api.ResourceFieldSelector,
  user: 'env' | 'volume',
): ReferenceProblem | undefined {
  if (user === 'volume' && !containerName)
    return { at: ['containerName'], message: 'a containerName is needed' };
  if (!resource) return { at: ['resource'], message: 'a resourceFieldRef needs a resource' };
  if (!RESOURCES.test(resource)) {
    return { at: ['resource'], message: `${quoteValue(resource)} is no limit or request of a resource` };
  }
  const size = divisor === null || divisor === undefined ? 0n : (parseQuantity(divisor) ?? 0n);
  const allowed = resource.endsWith('.cpu') ? CPU_DIVISORS : SIZE_DIVISORS;
  if (size === 0n || allowed.some((each) => parseQuantity(each) === size)) return undefined;
  return { at: ['divisor'], message: `divisor ${describeValue(divisor)} does not fit ${resource}` };
}
