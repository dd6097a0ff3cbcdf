/** Where a value stands inside one Kubernetes object: map keys and zero-based list indexes, outermost first. */
export type FieldPath = readonly (string | number)[];

const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/**
 * Prints a field path as the API server does: `spec.ports[0].nodePort`; keys that hold dots, slashes or
 * anything else unusual are bracketed: `metadata.labels[app.kubernetes.io/name]`.
 */
export function formatFieldPath(path: FieldPath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number' || !PLAIN_KEY.test(step)) text += `[${step}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}
