import type { Problem } from './problem.ts';

const LINE = /([^\n]*)\n?/y;
const BLANK = /^\s*(?:#.*)?$/;
const YAML_1_1 = /^%YAML[ \t]+1\.1\s*(?:#.*)?$/;

/**
 * The first directive that Kubernetes refuses above a part of a file: it reads YAML 1.1, and knows of `%TAG` beside
 * `%YAML`. kubectl takes none at all, because it cuts files at "---" before it reads them.
 */
export function findForeignDirective(text: string, start: number): Problem | undefined {
  for (let position = 0; position < text.length; ) {
    LINE.lastIndex = position;
    const [whole = '', line = ''] = LINE.exec(text) ?? [];
    const isDirective = line.startsWith('%');
    if (!isDirective && !BLANK.test(line)) return undefined;
    if (isDirective && !line.startsWith('%TAG') && !YAML_1_1.test(line)) {
      return {
        code: 'yaml-syntax',
        severity: 'error',
        message: `${JSON.stringify(line.trimEnd().slice(0, 60))} is no directive of YAML 1.1, which is all that Kubernetes reads`,
        hint: 'remove the line, and the "---" below it if nothing else is above that',
        range: { start: start + position, end: start + position + line.trimEnd().length },
      };
    }
    position += Math.max(whole.length, 1);
  }
  return undefined;
}
