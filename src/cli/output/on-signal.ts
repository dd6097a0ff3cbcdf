const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** How long a signal may have to wait. */
const TURN_MS = 50;

/**
 * Does work that leaves something behind when it is interrupted. A signal that ends the process cleans up first; the
 * work notices signals when it takes a turn, so it is to take one every now and then, and before it ends.
 * @param work gets a function that lets signals through, when the last time is long enough ago
 */
export async function cleanUpOnSignal<T>(
  cleanUp: () => void,
  work: (takeTurn: () => Promise<void> | undefined) => Promise<T>,
): Promise<T> {
  const end = (signal: NodeJS.Signals) => {
    cleanUp();
    ignore();
    process.kill(process.pid, signal);
  };
  const ignore = () => {
    for (const signal of SIGNALS) process.off(signal, end);
  };
  for (const signal of SIGNALS) process.on(signal, end);
  try {
    const result = await work(turns());
    await nextTurn();
    return result;
  } finally {
    ignore();
  }
}

function turns(): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < TURN_MS) return undefined;
    return nextTurn().then(() => {
      last = performance.now();
    });
  };
}

/** `node:timers/promises` has that too, and takes half a millisecond to load. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
