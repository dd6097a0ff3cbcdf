import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes minutes: a kernel of our own for IPVS, long fuzzing; what is published, as users get it; the site. */
const SLOW: Readonly<Record<string, string>> = {
  long: 'test/**/*.long.test.ts',
  package: 'test/**/*.package.test.ts',
  docs: 'test/**/*.docs.test.ts',
};
const asked = process.env.SVCGEN_TESTS ?? '';
const slow = SLOW[asked];

/** Files that do only a share of what they could in `npm test`. */
function sharers(): readonly string[] {
  return readdirSync('test', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && !name.includes('node_modules'))
    .map((name) => join('test', name))
    .filter((path) => readFileSync(path, 'utf8').includes("/support/share.ts';"));
}

/** Files that take longest, the slowest first. One that begins last keeps a core waiting at the end. */
const FIRST = [
  'page/page',
  'page/input',
  'kernel/neighbours',
  'page/texts',
  'kernel/confirm',
  'kernel/walker',
  'kernel/script-hazards',
  'parse/limits',
  'parse/pieces/open-in-pieces',
  'kernel/current-nftables',
  'kernel/userspace-ipv6',
  'property/nginx-accepts',
  'kernel/cleanup',
  'property/validate-program',
  'kernel/userspace-ipv4',
  'property/modes-agree',
  'kernel/nftables-kube-proxy-ipv6',
  'docs/commands',
  'property/restore-accepts',
  'validate/only-with',
  'cli/streams',
  'property/validate',
];

/** Whether a file's tests mostly wait: for packets, timeouts and processes in namespaces. */
const waits = ({ moduleId }: TestSpecification) => moduleId.includes('/test/kernel/');

/** The rest as vitest has it (large files before small ones), one that waits for each two that work: cores have no idle end. */
class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = FIRST.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return place < 0 ? FIRST.length : place;
    };
    const sorted = (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
    const rest = sorted.filter((file) => rank(file) === FIRST.length);
    const waiting = rest.filter(waits);
    const working = rest.filter((file) => !waits(file));
    const place = new Map([
      ...waiting.map((file, index) => [file, index * 3] as const),
      ...working.map((file, index) => [file, index * 1.5] as const),
    ]);
    return sorted.toSorted((a, b) => (place.get(a) ?? -1) - (place.get(b) ?? -1));
  }
}

export default defineConfig({
  test: {
    include: [slow ?? 'test/**/*.test.ts', ...(asked === 'long' ? sharers() : [])],
    exclude: ['**/node_modules/**', ...(slow === undefined ? Object.values(SLOW) : [])],
    // Modules keep no state, so that files can share those of their worker: to load them anew for each file takes a third of
    // the time that files without kernel take.
    isolate: false,
    sequence: { sequencer: SlowestFirst },
    // For what never ends: a machine that is busy with something else is no reason to fail, so no test has less.
    testTimeout: 1_200_000,
    hookTimeout: 1_200_000,
    // Kernel tests wait more than they work: two cores do for eight of them.
    maxWorkers: 8,
  },
});
