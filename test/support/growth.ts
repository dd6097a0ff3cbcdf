const TRIES = 3;

/**
 * How many times as long work takes for input that is four times as long: some 4 where time is linear, 16 where it is
 * the square of the length. CPU time counts, of the best of some tries, so that it does not matter what the machine does
 * besides.
 * @param work makes the input for a length, and gives what is to be measured
 */
export function growthOf(work: (length: number) => () => void, length: number): number {
  return best(work(4 * length)) / best(work(length));
}

/** What is above this is no longer linear, whatever the machine. */
export const MAX_GROWTH = 9;

function best(run: () => void): number {
  const times = Array.from({ length: TRIES }, () => {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    return user + system;
  });
  return Math.min(...times);
}
