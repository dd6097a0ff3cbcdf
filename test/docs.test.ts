import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

/** Paths in backticks: from the root; of a README also from its folder, the one above, or src. `<name>`: any name. */
const PATH = /`([\w.-]+(?:\/[\w.<>-]+)*)`/g;
const IN_REPOSITORY = /^(?:src|test|docs|scripts|schemas|fixtures|bench)(?:\/|$)/;

function pathsIn(file: string): readonly string[] {
  const names = [...readFileSync(file, 'utf8').matchAll(PATH)].map(([, name = '']) => name);
  return names.filter((name) => !name.includes('<'));
}

test('every path on docs/architecture.md exists', () => {
  const paths = pathsIn('docs/architecture.md').filter((name) => IN_REPOSITORY.test(name));
  expect(paths.length).toBeGreaterThan(60);
  expect(paths.filter((path) => !existsSync(path))).toEqual([]);
});

const readmes = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('README.md'))
  .map((name) => join('src', name));

test.each(readmes)('every file in %s exists', (readme) => {
  const folder = dirname(readme);
  const modules = pathsIn(readme).filter((name) => name.endsWith('.ts'));
  const starts = ['', folder, dirname(folder), 'src'];
  const missing = modules.filter(
    (name) => !starts.some((start) => existsSync(join(start, name))) && !isBelow(folder, name),
  );
  expect(missing).toEqual([]);
});

/** A file may be named without the folder that the sentence is about. */
function isBelow(folder: string, name: string): boolean {
  const below = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return !name.includes('/') && below.some((path) => path.split('/').at(-1) === name);
}
