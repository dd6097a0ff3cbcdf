/**
 * How many of `all` there are of what costs seconds (runs of a property, lines of a dump): a third in `npm test`, where properties
 * get other cases each time, and all in `npm run test:long`, which runs every file again that asks here.
 */
export function shareOf(all: number): number {
  return process.env.SVCGEN_TESTS === 'long' ? all : Math.ceil(all / 3);
}
