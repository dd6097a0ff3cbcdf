/** An error of svcgen itself: bad input makes diagnostics, never this. */
export function bug(message: string): Error {
  return new Error(`svcgen bug: ${message}`);
}

/** Throws when svcgen itself is at fault. On hot paths the message must be a constant: it is always evaluated. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw bug(message);
}

/** Closes an exhaustive switch. */
export function assertNever(value: never): never {
  throw bug(`unexpected value ${JSON.stringify(value)}`);
}
