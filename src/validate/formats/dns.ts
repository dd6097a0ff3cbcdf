/** Names that become parts of DNS names. Each function says what is wrong; undefined: nothing is. */

const LABEL_CHARACTERS = /^[a-z0-9-]*$/;
const SUBDOMAIN_CHARACTERS = /^[a-z0-9.-]*$/;
const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const LABEL_1035 = /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const UNDERSCORE_SUBDOMAIN = /^_?[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?(?:\._?[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?)*$/;
const MAX_LABEL = 63;
const MAX_SUBDOMAIN = 253;

/** RFC 1123 label: lower case letters, digits and `-`, at most 63. */
export function dnsLabelProblem(text: string): string | undefined {
  if (text.length <= MAX_LABEL && LABEL.test(text)) return undefined;
  if (text.length > MAX_LABEL) return `is longer than ${MAX_LABEL} characters`;
  if (text === '') return 'is empty';
  if (!LABEL_CHARACTERS.test(text)) return "has characters other than lower case letters, digits and '-'";
  return "starts or ends with '-'";
}

/** RFC 1035 label: like RFC 1123, but it starts with a letter. */
export function dns1035LabelProblem(text: string): string | undefined {
  if (text.length <= MAX_LABEL && LABEL_1035.test(text)) return undefined;
  return dnsLabelProblem(text) ?? 'starts with a digit';
}

/** RFC 1123 subdomain: labels with dots between them, at most 253 characters. */
export function dnsSubdomainProblem(text: string): string | undefined {
  if (text.length <= MAX_SUBDOMAIN && SUBDOMAIN.test(text)) return undefined;
  if (text.length > MAX_SUBDOMAIN) return `is longer than ${MAX_SUBDOMAIN} characters`;
  if (text === '') return 'is empty';
  if (!SUBDOMAIN_CHARACTERS.test(text))
    return "has characters other than lower case letters, digits, '-' and '.'";
  return "has a part between dots that is empty, or starts or ends with '-'";
}

/** A subdomain in which `_` is allowed too, as search domains may have it. */
export function dnsSearchProblem(text: string): string | undefined {
  if (text.length > MAX_SUBDOMAIN) return `is longer than ${MAX_SUBDOMAIN} characters`;
  return UNDERSCORE_SUBDOMAIN.test(text) ? undefined : 'is no domain name';
}

/** A name that comes close to what is wanted, for hints; undefined when nothing is left of it. */
export function suggestLabel(text: string): string | undefined {
  const suggestion = text
    .slice(0, MAX_LABEL)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return suggestion === '' ? undefined : suggestion;
}

/**
 * A name that more characters are put behind, as it is checked: the last two characters, when the last is `-`, count
 * as one letter (maskTrailingDash, apimachinery 1.34).
 */
export function maskTrailingDash(name: string): string {
  return name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name;
}

/**
 * What is wrong with a domain name of at least two labels, which may end with a dot (IsFullyQualifiedDomainName,
 * apimachinery 1.34); undefined: nothing is. Names that look like addresses pass.
 */
export function fullyQualifiedNameProblem(text: string): string | undefined {
  const name = text.endsWith('.') ? text.slice(0, -1) : text;
  const problem = dnsSubdomainProblem(name);
  if (problem !== undefined) return problem;
  const labels = name.split('.');
  if (labels.length < 2) return 'is no fully qualified name: it has no dot';
  return labels.some((label) => dnsLabelProblem(label) !== undefined)
    ? 'has a part longer than 63 characters'
    : undefined;
}
