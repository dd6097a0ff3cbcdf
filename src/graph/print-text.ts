import { escapeDot, escapeMermaid } from '../diagnostic/escape.ts';
import type { Box, Column, Picture, Tone } from './picture.ts';

/** How boxes look in Mermaid, both on light and on dark pages. */
const MERMAID_CLASSES = `  classDef refused stroke:#c81e3a,stroke-width:2px,color:#c81e3a
  classDef idle stroke-dasharray:4 3,color:#7b8794
`;

const MERMAID_SHAPES: Readonly<Record<Column, readonly [string, string]>> = {
  client: ['(["', '"])'],
  address: ['["', '"]'],
  choice: ['{{"', '"}}'],
  endpoint: ['["', '"]'],
};

/** A flowchart of Mermaid (11), as GitHub draws it: a subgraph for each Service. */
export function printMermaid(pictures: readonly Picture[]): string {
  const parts = pictures.map((picture, index) => {
    const name = (id: string) => `s${index + 1}${id}`;
    const boxes = picture.boxes.map((box) => {
      const [open, close] = MERMAID_SHAPES[box.column];
      const label = linesOf(box).map(escapeMermaid).join('<br/>');
      return `    ${name(box.id)}${open}${label}${close}${box.tone === 'plain' ? '' : `:::${box.tone}`}\n`;
    });
    const arrows = picture.arrows.map(({ from, to, tone, label }) => {
      const line = tone === 'plain' ? '-->' : '-.->';
      return `    ${name(from)} ${line}${label === '' ? '' : `|"${escapeMermaid(label)}"|`} ${name(to)}\n`;
    });
    const title = escapeMermaid(picture.title);
    return `  subgraph s${index + 1}["${title}"]\n    direction LR\n${boxes.join('')}${arrows.join('')}  end\n`;
  });
  return `flowchart LR\n${parts.join('')}${MERMAID_CLASSES}`;
}

const DOT_TONES: Readonly<Record<Tone, string>> = {
  plain: '',
  refused: ', color="#c81e3a", fontcolor="#c81e3a"',
  idle: ', style="rounded,dashed", color="#8a97a8", fontcolor="#8a97a8"',
};

/** A graph in the language of Graphviz: a cluster for each Service. */
export function printDot(pictures: readonly Picture[]): string {
  const parts = pictures.map((picture, index) => {
    const name = (id: string) => `s${index + 1}${id}`;
    const boxes = picture.boxes.map(
      (box) =>
        `    ${name(box.id)} [label="${linesOf(box).map(escapeDot).join('\\n')}"${DOT_TONES[box.tone]}];\n`,
    );
    const arrows = picture.arrows.map(
      ({ from, to, tone, label }) =>
        `    ${name(from)} -> ${name(to)} [label="${escapeDot(label)}"${DOT_TONES[tone]}];\n`,
    );
    const title = escapeDot(picture.title);
    return `  subgraph cluster_${index + 1} {\n    label="${title}";\n${boxes.join('')}${arrows.join('')}  }\n`;
  });
  return `digraph svcgen {
  rankdir=LR;
  fontname="sans-serif";
  node [shape=box, style=rounded, fontname="sans-serif"];
  edge [fontname="sans-serif", fontsize=10];
${parts.join('')}}
`;
}

function linesOf({ title, details }: Box): readonly string[] {
  return [title, ...details];
}
