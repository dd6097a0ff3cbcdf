const MILLISECONDS = 4;

const nobodyWakes = new Int32Array(new SharedArrayBuffer(4));

/** Sleeps a moment, without spinning, until a non-blocking descriptor may be ready again. */
export function pause(): void {
  Atomics.wait(nobodyWakes, 0, 0, MILLISECONDS);
}
