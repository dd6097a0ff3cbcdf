import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { escapeText } from '../../src/diagnostic/escape.ts';
import { printDot, printMermaid } from '../../src/graph/print-text.ts';
import { type DrawFormat, draw } from '../../src/index.ts';
import { hasBrowser, launch } from '../page/browser.ts';
import { runQuietly } from '../support/run-program.ts';
import { HOSTILE, hostilePicture } from './hostile-picture.ts';

/** The newest Mermaid, at home in a folder of its own: `npm ci --prefix test/graph/mermaid`. */
const MERMAID = 'test/graph/mermaid/node_modules/mermaid/dist/mermaid.min.js';
const hasMermaid = hasBrowser && existsSync(MERMAID);
const hasDot = spawnSync('dot', ['-V']).status === 0;
for (const [program, isThere] of Object.entries({ mermaid: hasMermaid, dot: hasDot })) {
  if (isThere) continue;
  if (process.env.SVCGEN_BROWSER === 'required') throw new Error(`there is no ${program}`);
  console.warn(`\nSKIPPED: pictures are not drawn, since there is no ${program}\n`);
}

/** All Services of a fixture. */
function picturesOf(path: string, format: DrawFormat): string {
  const files = readdirSync(path)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => ({ path: name, text: readFileSync(join(path, name), 'utf8') }));
  return draw(files, { format, nodeName: 'node-a' }).artifacts?.get('graph')?.text() ?? '';
}

const FIXTURES = ['fixtures/quickstart', 'fixtures/valid/graph', 'fixtures/valid/local-policies'];

describe.skipIf(!hasDot)('Graphviz draws', () => {
  const drawn = (text: string) => {
    const { status, stdout, stderr } = spawnSync('dot', ['-Tsvg'], { input: text, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    // Of these XML has none.
    expect(stdout).not.toMatch(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
    return stdout.slice(stdout.indexOf('<svg'));
  };

  test.each(FIXTURES)('%s', (path) => {
    const text = picturesOf(path, 'dot');
    const svg = drawn(text);
    expect(svg.match(/<g id="node/g)?.length).toBe(text.match(/^ {4}s\d+b\d+ \[/gm)?.length);
    expect(svg.match(/<g id="edge/g)?.length).toBe(text.match(/^ {4}s\d+b\d+ -> /gm)?.length);
  });

  test.each(HOSTILE)('%j as text', (text) => {
    const svg = drawn(printDot([hostilePicture(text)]));
    const shown = [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, each = '']) => decoded(each));
    expect(new Set(shown.map((each) => each.replaceAll('\u00a0', ' ')))).toEqual(
      new Set([escapeText(text).replaceAll('\ufffe', '\ufffd')]),
    );
    expect(svg).not.toMatch(/<(?:a|image|script|foreignObject)\b|href=|\son\w+="/);
  });
});

/** What XML means by entities. */
function decoded(text: string): string {
  return text
    .replaceAll(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replaceAll(/&#x([\da-f]+);/gi, (_, code) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

interface Drawn {
  readonly labels: readonly string[];
  readonly nodes: number;
  /** Elements and attributes that no picture of ours has. */
  readonly foreign: readonly string[];
}

/** As GitHub does it: nothing in a text may be a link, a script or HTML. */
const DRAW = `async (text) => {
  mermaid.initialize({ startOnLoad: false, securityLevel: 'strict' });
  const { svg } = await mermaid.render('drawn', text);
  const root = new DOMParser().parseFromString(svg, 'text/html').body;
  const all = [...root.querySelectorAll('*')];
  const label = (each) => each.innerHTML.split(/<br ?\\/?>/).map((line) => {
    const holder = document.createElement('template');
    holder.innerHTML = line;
    return holder.content.textContent;
  });
  return {
    labels: [...root.querySelectorAll('.nodeLabel p')].flatMap(label),
    nodes: root.querySelectorAll('g.node').length,
    foreign: [
      ...all.filter(({ localName }) => ['a', 'img', 'script', 'iframe', 'image'].includes(localName)).map(({ outerHTML }) => outerHTML),
      ...all.flatMap((each) => [...each.attributes].filter(({ name }) => /^on|href$/.test(name)).map(({ name }) => name)),
      ...(globalThis.hacked === undefined ? [] : ['hacked']),
    ],
  };
}`;

describe.skipIf(!hasMermaid)('Mermaid draws', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await launch();
    page = await browser.newPage();
    await page.addScriptTag({ path: MERMAID });
  });
  afterAll(() => browser?.close());

  const drawn = (text: string) => page.evaluate<Drawn>(`(${DRAW})(${JSON.stringify(text)})`);

  test.each(FIXTURES)('%s', async (path) => {
    const text = picturesOf(path, 'mermaid');
    const { nodes, foreign } = await drawn(text);
    expect(nodes).toBe(text.match(/^ {4}s\d+b\d+(?:\(|\[|\{)/gm)?.length);
    expect(foreign).toEqual([]);
  });

  test('what diff adds for each Service that is not removed, folded', async () => {
    const names = readdirSync('fixtures/diff').filter((name) => existsSync(`fixtures/diff/${name}/new.yaml`));
    let pictures = 0;
    for (const name of names) {
      const [old, now] = ['old', 'new'].map((each) => `fixtures/diff/${name}/${each}.yaml`);
      const argv = ['diff', old ?? '', now ?? '', '--node', 'node-a', '--output', 'markdown'];
      const { stdout } = await runQuietly(argv);
      const blocks = [
        ...stdout.matchAll(
          /<details><summary>picture.*\n\n( *)```mermaid\n([\s\S]*?)\n\1```\n\n\1<\/details>/g,
        ),
      ];
      const changed = [...stdout.matchAll(/^- \*\*(?:changed|added|renamed)\*\* `/gm)];
      expect(blocks.length, name).toBe(changed.length);
      for (const [, indent = '', block = ''] of blocks) {
        const text = block.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
        const { nodes, foreign } = await drawn(text);
        expect(nodes, name).toBe(text.match(/^ {4}s\d+b\d+(?:\(|\[|\{)/gm)?.length);
        expect(foreign, name).toEqual([]);
      }
      pictures += blocks.length;
    }
    expect(pictures).toBeGreaterThan(3);
  });

  test.each(HOSTILE)('%j as text', async (text) => {
    const { labels, foreign } = await drawn(printMermaid([hostilePicture(text)]));
    expect(foreign).toEqual([]);
    // On arrows Mermaid leaves out a backslash in front of a quote.
    const read = (each: string) => each.replaceAll('\\"', '"');
    expect(new Set(labels.map(read))).toEqual(new Set([read(escapeText(text))]));
  });
});
