import { dnsSubdomainProblem } from './dns.ts';

const NAME = /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const LABEL_VALUE = /^(?:(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const CHARACTERS = /^[-A-Za-z0-9_.]*$/;
const MAX_LENGTH = 63;

/**
 * What is wrong with a qualified name, `name` or `example.com/name`: keys of labels and annotations, application
 * protocols, and more. undefined: nothing is.
 */
export function qualifiedNameProblem(text: string): string | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return nameProblem(text);
  const prefix = text.slice(0, slash);
  const prefixProblem = dnsSubdomainProblem(prefix);
  if (prefixProblem !== undefined) return `has a part before '/' that ${prefixProblem}`;
  const name = text.slice(slash + 1);
  if (name.includes('/')) return "has more than one '/'";
  const problem = nameProblem(name);
  return problem === undefined ? undefined : `has a part behind '/' that ${problem}`;
}

function nameProblem(name: string): string | undefined {
  if (name.length <= MAX_LENGTH && NAME.test(name)) return undefined;
  return name === '' ? 'is empty' : textProblem(name);
}

/** What is wrong with the value of a label, which may be empty; undefined: nothing is. */
export function labelValueProblem(text: string): string | undefined {
  if (text.length <= MAX_LENGTH && LABEL_VALUE.test(text)) return undefined;
  return textProblem(text);
}

function textProblem(text: string): string {
  if (text.length > MAX_LENGTH) return `is longer than ${MAX_LENGTH} characters`;
  if (!CHARACTERS.test(text)) return "has characters other than letters, digits, '-', '_' and '.'";
  return 'does not start and end with a letter or digit';
}
