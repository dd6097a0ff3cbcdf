import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** A Markdown text without its fenced blocks, whose lines stay. */
function withoutFences(markdown: string): string {
  return markdown.replaceAll(/^( *)```[\s\S]*?\n\1```$/gm, (block) => block.replaceAll(/[^\n]/g, ''));
}

/** What a heading is called in links, as GitHub has it: lower case, hyphens for spaces, nothing else but letters. */
function anchorOf(heading: string): string {
  const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
  return text.replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, '').replaceAll(' ', '-');
}

/** The anchors of a document; one that comes twice is numbered from the second on. */
function anchorsOf(document: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of withoutFences(readFileSync(document, 'utf8')).matchAll(/^#+ +(.*)$/gm)) {
    const anchor = anchorOf(heading);
    let name = anchor;
    for (let count = 1; anchors.has(name); count++) name = `${anchor}-${count}`;
    anchors.add(name);
  }
  return anchors;
}

/** The links of a document that lead nowhere: to no file of the repository, or to no heading of one. */
export function deadLinks(document: string): readonly string[] {
  const markdown = withoutFences(readFileSync(document, 'utf8')).replaceAll(/`[^`\n]*`/g, '');
  const targets = [...markdown.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  const anchors = new Map<string, ReadonlySet<string>>();
  const hasAnchor = (file: string, anchor: string) => {
    const known = anchors.get(file) ?? anchorsOf(file);
    anchors.set(file, known);
    return known.has(anchor);
  };
  return targets.filter((target) => {
    if (/^(?:https?|mailto):/.test(target)) return false;
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? document : normalize(join(dirname(document), path));
    return !existsSync(file) || (anchor !== undefined && !hasAnchor(file, anchor));
  });
}
