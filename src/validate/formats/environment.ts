const PRINTABLE = /^[ -<>-~]+$/;
const IDENTIFIER = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;
const CONFIG_KEY = /^[-._a-zA-Z0-9]+$/;
const MAX_CONFIG_KEY = 253;

/**
 * What is wrong with the name of an environment variable; undefined: nothing (IsEnvVarName and IsRelaxedEnvVarName,
 * apimachinery 1.36). `isRelaxed`: the rule that is the default since 1.32.
 */
export function envNameProblem(name: string, isRelaxed: boolean): string | undefined {
  if (name === '') return 'is empty';
  if (!isRelaxed) return strictNameProblem(name);
  return PRINTABLE.test(name) ? undefined : "has characters other than printable ASCII, or '='";
}

function strictNameProblem(name: string): string | undefined {
  if (!IDENTIFIER.test(name)) return "is more than letters, digits, '_', '-' and '.', or starts with a digit";
  return name === '.' || name.startsWith('..') ? "is '.', or starts with '..'" : undefined;
}

/** What is wrong with a key of a ConfigMap or Secret; undefined: nothing is. */
export function configKeyProblem(key: string): string | undefined {
  if (key === '') return 'is empty';
  if (key.length > MAX_CONFIG_KEY) return `is longer than ${MAX_CONFIG_KEY} characters`;
  if (!CONFIG_KEY.test(key)) return "has characters other than letters, digits, '-', '_' and '.'";
  return key === '.' || key.startsWith('..') ? "is '.', or starts with '..'" : undefined;
}
