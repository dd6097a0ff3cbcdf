/** Where a value stands inside one Kubernetes object: map keys and zero-based list indexes, outermost first. */
export type FieldPath = readonly (string | number)[];

const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** Fields that hold keys of the user's choice. */
const MAPS: ReadonlySet<string | number | undefined> = new Set([
  'annotations',
  'deprecatedTopology',
  'labels',
  'limits',
  'matchLabels',
  'nodeSelector',
  'requests',
]);

/**
 * Prints a field path as the API server does: `spec.ports[0].nodePort`; keys of maps, and those that hold dots,
 * slashes or anything else unusual, are bracketed: `metadata.labels[app]`.
 */
export function formatFieldPath(path: FieldPath): string {
  let text = '';
  let parent: FieldPath[number] | undefined;
  for (const step of path) {
    if (typeof step === 'number' || MAPS.has(parent) || !PLAIN_KEY.test(step)) text += `[${step}]`;
    else text += text === '' ? step : `.${step}`;
    parent = step;
  }
  return text;
}
