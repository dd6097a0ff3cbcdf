import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProgram } from './support/run-program.ts';

/**
 * What went wrong once, for somebody or in a review, and what is right: a folder of `fixtures/cases` with the input and a
 * `case.json`. It is run in a copy, since Git keeps neither dead links nor a work tree in a work tree.
 */
interface Case {
  /** What is right, in a sentence. */
  readonly shows: string;
  /** Files that Git would not keep, by path. */
  readonly make?: Readonly<Record<string, string>>;
  /** Links, with what they lead to. */
  readonly links?: Readonly<Record<string, string>>;
  readonly runs: readonly CaseRun[];
}

interface CaseRun {
  /** `{dir}` is the folder. */
  readonly argv: readonly string[];
  readonly exit: number;
  /** Parts of stderr and stdout. */
  readonly says?: readonly string[];
  readonly never?: readonly string[];
}

const root = 'fixtures/cases';
const cases = readdirSync(root).flatMap((group) =>
  readdirSync(join(root, group)).map((name) => join(group, name)),
);

let copies: string;
beforeAll(() => {
  copies = mkdtempSync(join(tmpdir(), 'svcgen-cases-'));
});
afterAll(() => rmSync(copies, { recursive: true }));

/** @returns the folder of the copy */
function copyOf(name: string, { make = {}, links = {} }: Case): string {
  const dir = join(copies, name);
  cpSync(join(root, name), dir, { recursive: true });
  rmSync(join(dir, 'case.json'));
  for (const [path, text] of Object.entries(make)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  for (const [path, target] of Object.entries(links)) symlinkSync(target, join(dir, path));
  return dir;
}

describe.each(cases)('%s', (name) => {
  const each: Case = JSON.parse(readFileSync(join(root, name, 'case.json'), 'utf8'));

  test(each.shows, async () => {
    const dir = copyOf(name, each);
    for (const { argv, exit, says = [], never = [] } of each.runs) {
      const { exitCode, stdout, stderr } = await runProgram(argv.map((word) => word.replace('{dir}', dir)));
      const said = `${stderr}${stdout}`;
      expect({ argv, exitCode }, said).toEqual({ argv, exitCode: exit });
      for (const part of says) expect(said, argv.join(' ')).toContain(part);
      for (const part of never) expect(said, argv.join(' ')).not.toContain(part);
      if (exit !== 0 && !['validate', 'diff', 'test'].includes(argv[0] ?? '')) expect(stdout).toBe('');
    }
  });
});
