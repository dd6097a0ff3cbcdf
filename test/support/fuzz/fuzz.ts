import { DUMP_FORMATS, FUZZED_FORMATS } from './formats.ts';
import { createRandom, mutateText } from './mutate-text.ts';

/** What is more than any text of this size should take. */
const MAX_CPU_MS = 2000;
const MAX_MEMORY_BYTES = 300 * 2 ** 20;

/** What went wrong with one input. */
export interface FuzzFinding {
  readonly format: string;
  /** Makes the same input again: `node scripts/fuzz.mjs FORMAT 1 SEED`. */
  readonly seed: number;
  readonly problem: string;
  readonly text: string;
}

/** By name; `dumps`: what the tools of a node print. */
export const fuzzedFormats = { all: Object.keys(FUZZED_FORMATS), dumps: Object.keys(DUMP_FORMATS) } as const;

/** Reads one input, which its seed alone decides about. @returns undefined: all is well */
export function fuzzOnce(format: string, seed: number): FuzzFinding | undefined {
  const { examples, read } = FUZZED_FORMATS[format] ?? { examples: [], read: () => {} };
  if (examples.length === 0) throw new Error(`there are no examples of ${format}`);
  const text = mutateText(examples, createRandom(seed));
  const before = process.memoryUsage.rss();
  const start = performance.now();
  const problem = problemOf(() => read(text));
  const passed = performance.now() - start;
  const memory = process.memoryUsage.rss() - before;
  if (problem !== undefined) return { format, seed, problem, text };
  // Other processes may have had the time, and to ask for that of this one takes longer than to read a short text.
  const cpu = passed > MAX_CPU_MS ? cpuOf(() => read(text)) : passed;
  if (cpu > MAX_CPU_MS) return { format, seed, problem: `it took ${Math.round(cpu)} ms`, text };
  if (memory > MAX_MEMORY_BYTES) return { format, seed, problem: `it took ${memory} bytes`, text };
  return undefined;
}

/** Milliseconds of this process. */
function cpuOf(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function problemOf(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

/** Reads inputs of one format. @returns the first finding, if there is one */
export function fuzz(format: string, inputs: number, seed: number): FuzzFinding | undefined {
  for (let input = 0; input < inputs; input++) {
    const finding = fuzzOnce(format, seed + input);
    if (finding !== undefined) return finding;
  }
  return undefined;
}
