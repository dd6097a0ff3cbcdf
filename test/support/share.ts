/** Whether this is `npm run test:long`, which runs every file again that asks here. */
export function isLong(): boolean {
  return process.env.SVCGEN_TESTS === 'long';
}

/**
 * How many of `all` there are of what costs seconds (runs of a property, lines of a dump): a third in `npm test`, where properties
 * get other cases each time, and all in `npm run test:long`.
 */
export function shareOf(all: number): number {
  return isLong() ? all : Math.ceil(all / 3);
}
