import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A fenced block of a document. Behind its language stands what the tests have to know, which no reader sees:
 *
 * - `file=NAME`: what the block shows is a file of that name for the commands below it on the page.
 * - `root`: its commands change rules; they run in a network namespace of their own, where that can be had.
 * - `not-run="REASON"`: its commands do not run in tests.
 */
export interface Fence {
  readonly document: string;
  /** Of the line that opens it, from 1. */
  readonly line: number;
  /** `console`: commands behind `$ `, and what they print. `sh`: commands that succeed. All else is no command. */
  readonly language: string;
  readonly file: string | undefined;
  readonly isRoot: boolean;
  readonly notRun: string | undefined;
  readonly text: string;
}

const FENCE = /^( *)```(.*)\n((?:.*\n)*?)\1```$/gm;
const INFO = /^(\w*)((?: +(?:root|file=[\w./-]+|not-run="[^"]+"))*)$/;

/** The blocks of a text in their order. @throws Error for one whose first line means nothing */
export function fencesOf(document: string, markdown: string): readonly Fence[] {
  return [...markdown.matchAll(FENCE)].map((match) => {
    const [, indent = '', info = '', text = ''] = match;
    const line = markdown.slice(0, match.index).split('\n').length;
    const [, language = '', words = ''] = INFO.exec(info) ?? fail(`${document}:${line}: \`\`\`${info}`);
    return {
      document,
      line,
      language,
      file: /file=(\S+)/.exec(words)?.[1],
      isRoot: /(?:^| )root(?: |$)/.test(words),
      notRun: /not-run="(.*)"/.exec(words)?.[1],
      text: indent === '' ? text : text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    };
  });
}

function fail(message: string): never {
  throw new Error(message);
}

/** Documents that people read, of the whole repository, sorted. docs/rules.md is made by a script with tests of its own. */
export function documents(): readonly string[] {
  const below = ['docs', 'src', 'test', 'bench', 'page', 'examples', 'site'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  const names = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...below].filter((name) =>
    name.endsWith('.md'),
  );
  return names.filter((name) => name !== 'docs/rules.md' && !name.includes('node_modules')).sort();
}

export function readFences(document: string): readonly Fence[] {
  return fencesOf(document, readFileSync(document, 'utf8'));
}
