import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { documents, fencesOf, readFences } from './support/docs/fences.ts';
import { deadLinks } from './support/docs/links.ts';

/**
 * Paths in backticks, from the root of the repository; those of a README also from its folder, the one above, or src.
 * `<name>` stands for any name.
 */
const PATH = /`([\w.-]+(?:\/[\w.<>-]+)*\/?)`/g;
const IN_REPOSITORY = /^(?:src|test|docs|scripts|schemas|fixtures|bench|examples|page|man|site)\//;

/** And those that pictures of text are made of: `src/cli → src/library`. */
const DRAWN_PATH = /(?<![\w./-])((?:src|test|docs)\/[\w./-]+)/g;

function pathsIn(file: string): readonly string[] {
  const drawings = readFences(file).filter(({ language }) => language === 'text');
  const drawn = drawings.flatMap(({ text }) => [...text.matchAll(DRAWN_PATH)]);
  const names = [...readFileSync(file, 'utf8').matchAll(PATH), ...drawn].map(([, name = '']) => name);
  return names.filter((name) => !name.includes('<'));
}

describe.each(documents())('%s', (document) => {
  test('every path that it names exists', () => {
    const paths = pathsIn(document).filter((name) => IN_REPOSITORY.test(name));
    const starts = document.endsWith('README.md') ? ['', dirname(document)] : [''];
    expect(paths.filter((path) => !starts.some((start) => existsSync(join(start, path))))).toEqual([]);
  });

  test('no link is dead', () => expect(deadLinks(document)).toEqual([]));

  test('its blocks say what they are, and those of YAML are YAML', () => {
    for (const { line, language, text } of readFences(document)) {
      expect(language, `line ${line}: which language is this block in?`).not.toBe('');
      if (language !== 'yaml') continue;
      const errors = parseAllDocuments(text).flatMap((each) => each.errors);
      expect(errors, `line ${line}`).toEqual([]);
    }
  });
});

test('docs/architecture.md names what it is about', () => {
  expect(pathsIn('docs/architecture.md').filter((name) => IN_REPOSITORY.test(name)).length).toBeGreaterThan(
    60,
  );
});

test('the links of docs/rules.md lead somewhere', () => expect(deadLinks('docs/rules.md')).toEqual([]));

test('site/pages.mjs, the menu of the site, names every document of docs/', () => {
  const menu = readFileSync('site/pages.mjs', 'utf8');
  const pages = documents().filter((name) => name.startsWith('docs/'));
  expect(pages.filter((name) => !menu.includes(`'${name}'`))).toEqual([]);
});

test('docs/ci.md installs the version of package.json', () => {
  const { version }: { version: string } = JSON.parse(readFileSync('package.json', 'utf8'));
  const named = readFileSync('docs/ci.md', 'utf8').matchAll(/\b(?:svcgen[@/]v?|v|version: )(\d+\.\d+\.\d+)/g);
  const versions = [...named].map(([, each]) => each);
  expect(versions.length).toBeGreaterThan(8);
  expect([...new Set(versions)]).toEqual([version]);
});

test('a block whose first line means nothing is an error', () => {
  expect(() => fencesOf('a.md', 'text\n\n```sh norun\nrm -r .\n```\n')).toThrow('a.md:3');
  expect(fencesOf('a.md', '- a list\n\n  ```sh root\n  ls\n  ```\n')).toMatchObject([
    { line: 3, language: 'sh', isRoot: true, notRun: undefined, text: 'ls\n' },
  ]);
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
