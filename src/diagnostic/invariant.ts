/** Throws when svcgen itself is at fault: bad input makes diagnostics, never this. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`svcgen bug: ${message}`);
}

/** Closes an exhaustive switch. */
export function assertNever(value: never): never {
  throw new Error(`svcgen bug: unexpected value ${JSON.stringify(value)}`);
}
