const CHARACTERS = /^[-a-z0-9]+$/;
const MAX_LENGTH = 15;

/** What is wrong with the name of a container port (an IANA service name); undefined: nothing is. */
export function portNameProblem(name: string): string | undefined {
  if (name.length > MAX_LENGTH) return `is longer than ${MAX_LENGTH} characters`;
  if (!CHARACTERS.test(name)) return "has characters other than lower case letters, digits and '-'";
  if (!/[a-z]/.test(name)) return 'has no letter';
  if (name.includes('--')) return "has '--' in it";
  if (name.startsWith('-') || name.endsWith('-')) return "starts or ends with '-'";
  return undefined;
}

export function isPortNumber(port: number): boolean {
  return port >= 1 && port <= 65535;
}

/** What is wrong with a port that is a number, or the name of a container port; undefined: nothing is. */
export function portProblem(port: number | string): string | undefined {
  if (typeof port === 'string') return portNameProblem(port);
  return isPortNumber(port) ? undefined : 'is outside 1-65535';
}
