const PRINTABLE = /^[ -<>-~]+$/;
const CONFIG_KEY = /^[-._a-zA-Z0-9]+$/;
const MAX_CONFIG_KEY = 253;

/** What is wrong with the name of an environment variable (the relaxed rule, default since 1.32); undefined: nothing. */
export function envNameProblem(name: string): string | undefined {
  if (name === '') return 'is empty';
  return PRINTABLE.test(name) ? undefined : "has characters other than printable ASCII, or '='";
}

/** What is wrong with a key of a ConfigMap or Secret; undefined: nothing is. */
export function configKeyProblem(key: string): string | undefined {
  if (key === '') return 'is empty';
  if (key.length > MAX_CONFIG_KEY) return `is longer than ${MAX_CONFIG_KEY} characters`;
  if (!CONFIG_KEY.test(key)) return "has characters other than letters, digits, '-', '_' and '.'";
  return key === '.' || key.startsWith('..') ? "is '.', or starts with '..'" : undefined;
}
