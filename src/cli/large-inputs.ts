import type { Cluster } from '../model/cluster.ts';
import { useNativeSha256 } from '../model/sha256.ts';

/** So many objects make some ten thousand names of chains. */
const MANY_OBJECTS = 5000;

/**
 * Loads the SHA-256 of Node.js for clusters with so many names to hash that this pays: half the time for each is some
 * percent of a run. For others loading it would take longer than all the rest.
 */
export async function prepareHashing({ services, endpointSlices, endpoints, pods }: Cluster): Promise<void> {
  const objects = services.length + endpointSlices.length + endpoints.length + pods.length;
  if (objects < MANY_OBJECTS) return;
  const { hash } = await import('node:crypto');
  useNativeSha256((text) => hash('sha256', text, 'binary'));
}

/** From so many files on it pays: loading `node:v8` takes some 3 ms. */
const MANY_FILES = 100;

interface CompilerFlag {
  readonly late: string;
  /** V8's default. */
  readonly usual: string;
}

/** By version of V8, Node.js 20 and 22. With 24, which compiles fast code in between (Maglev), nothing is gained. */
const COMPILER_FLAGS: ReadonlyMap<string, CompilerFlag> = new Map([
  ['11.3', { late: '--interrupt-budget=800000', usual: '--interrupt-budget=67584' }],
  ['12.4', { late: '--invocation-count-for-turbofan=12000', usual: '--invocation-count-for-turbofan=3000' }],
]);

/**
 * Makes V8 wait longer before it optimises a function. Judging thousands of small files runs hundreds of functions a few
 * thousand times each: V8 would optimise them on a second thread, and the run end before that pays. V8 reads these numbers
 * each time that it sets a function's budget (`TieringManager::InterruptBudgetFor`), so that they may change while it runs,
 * which flags of its garbage collection may not: with those it crashes.
 *
 * `svcgen validate` of 2,000 files takes 27 to 30 % less of a processor with Node.js 20 and 10 to 13 % less of a user's
 * time; with 22, 23 % and 9 %.
 */
export function optimizeLate(files: number): void {
  const flag = COMPILER_FLAGS.get(process.versions.v8.split('.', 2).join('.'));
  if (flag === undefined || files < MANY_FILES) return;
  setFlags([flag.late], [flag.usual]);
}

/** From so many bytes of input on it pays. */
const MANY_BYTES = 8 * 1024 * 1024;

/** The newest V8 that is known to have the flags below (Node.js 24). */
const NEWEST_V8 = 13;

/**
 * Lets the young generation of the heap grow to its full size at once instead of by doubling: nearly all objects are made for a
 * piece of the input and gone with the next one, so that there is little to copy in a large one. V8 reads the flag before a
 * collection and not during one (`NewSpace::Grow`, 11.3 to 13.6).
 *
 * `svcgen render` of 10,000 Services x 10 in YAML takes 0.87 x the time of a processor and 0.91 x by the clock, in JSON as long,
 * and no more memory (minima and medians of 8 to 12 runs in turn, Node.js 20). To have one thread collect garbage
 * (`--no-parallel-scavenge`) spares no processor any more, and takes 1.02 to 1.05 x by the clock.
 */
export function makeRoom(bytes: number): void {
  if (bytes >= MANY_BYTES && isKnownV8())
    setFlags(['--semi-space-growth-factor=16'], ['--semi-space-growth-factor=2']);
}

/** From so many bytes on memory matters more than the 5 % of a processor that saving it takes. */
const VERY_MANY_BYTES = 24 * 1024 * 1024;

/**
 * Lets the old generation of the heap grow by half before garbage is collected, not up to fourfold: what judges a large document
 * makes much that is soon garbage, and how much of that is there at the worst moment would hang on what else the machine does. V8
 * reads the flag after each collection (`MemoryController::GrowingFactor`, 11.3 to 13.6).
 *
 * `svcgen validate` of a Service with a million broken ports takes 0.5 to 0.6 GB in each of its runs, not 0.5 to 0.8 GB (Node.js 20).
 */
export function growSlowly(bytes: number): void {
  if (bytes >= VERY_MANY_BYTES && isKnownV8())
    setFlags(['--heap-growing-percent=50'], ['--heap-growing-percent=0']);
}

function isKnownV8(): boolean {
  return Number.parseInt(process.versions.v8, 10) <= NEWEST_V8;
}

/** Until the process ends. Node.js before 20.16 has no such function: all stays as it is. */
function setFlags(flags: readonly string[], usual: readonly string[]): void {
  const v8 = process.getBuiltinModule?.('node:v8');
  if (v8 === undefined) return;
  for (const flag of flags) v8.setFlagsFromString(flag);
  // bin/svcgen.js may keep compiled code when the process ends, and V8 takes that back under equal flags only.
  process.prependOnceListener('exit', () => {
    for (const flag of usual) v8.setFlagsFromString(flag);
  });
}
