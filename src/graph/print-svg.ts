import { escapeXml } from '../diagnostic/escape.ts';
import {
  LINE,
  layOut,
  PADDING,
  type PlacedArrow,
  type PlacedBox,
  type PlacedPicture,
  TITLE,
} from './layout.ts';
import type { Arrow, Column, Picture } from './picture.ts';

/** The one style sheet of all pictures. A page that shows them in itself has to allow it (Content-Security-Policy), by its hash. */
const SVG_STYLE = `
svg.svcgen{--ground:#fff;--text:#1b2430;--faint:#5b6777;--line:#8a97a8;--box:#f7f9fb;--edge:#d4dbe4;--client:#64748b;--address:#2563eb;--choice:#7c3aed;--endpoint:#0f8a5f;--refused:#c81e3a;--refusedbox:#fdeef0;--lit:#b45309}
@media (prefers-color-scheme:dark){svg.svcgen{--ground:#0f141b;--text:#e6ebf2;--faint:#9aa7b8;--line:#5f6f83;--box:#18202b;--edge:#2c3846;--client:#94a3b8;--address:#6ea8fe;--choice:#b79cff;--endpoint:#4ecb9a;--refused:#ff7b8e;--refusedbox:#33181f;--lit:#fbbf24}}
svg.svcgen .ground{fill:var(--ground)}
svg.svcgen text{font:12px system-ui,-apple-system,"Segoe UI",sans-serif;fill:var(--faint)}
svg.svcgen .name{font-size:15px;font-weight:600;fill:var(--text)}
svg.svcgen .caption{font-size:12px;letter-spacing:.06em;text-transform:uppercase}
svg.svcgen .title{font:600 13px ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;fill:var(--text)}
svg.svcgen .box rect{fill:var(--box);stroke:var(--edge)}
svg.svcgen .box .mark{stroke:none}
svg.svcgen .client .mark{fill:var(--client)}
svg.svcgen .address .mark{fill:var(--address)}
svg.svcgen .choice .mark{fill:var(--choice)}
svg.svcgen .endpoint .mark{fill:var(--endpoint)}
svg.svcgen .box.refused rect{fill:var(--refusedbox);stroke:var(--refused)}
svg.svcgen .box.refused .mark,svg.svcgen .arrow.refused .head{fill:var(--refused)}
svg.svcgen .box.refused .title,svg.svcgen .box.refused text,svg.svcgen .label.refused{fill:var(--refused)}
svg.svcgen .box.idle rect{fill:none;stroke-dasharray:4 3}
svg.svcgen .box.idle .mark{fill:var(--edge)}
svg.svcgen .box.idle .title{fill:var(--faint)}
svg.svcgen .arrow path{fill:none;stroke:var(--line);stroke-width:1.4}
svg.svcgen .arrow .head{fill:var(--line);stroke:none}
svg.svcgen .arrow.refused path{stroke:var(--refused)}
svg.svcgen .arrow.refused .head{stroke:none}
svg.svcgen .arrow.idle path{stroke-dasharray:4 3}
svg.svcgen .label{text-anchor:end;font-size:12px;paint-order:stroke;stroke:var(--ground);stroke-width:4px;stroke-linejoin:round}
svg.svcgen.explained .box:not(.lit),svg.svcgen.explained .arrow:not(.lit),svg.svcgen.explained .label:not(.lit){opacity:.35}
svg.svcgen .box.lit rect:first-of-type{stroke:var(--lit);stroke-width:2.5}
svg.svcgen .arrow.lit path{stroke:var(--lit);stroke-width:2.5}
svg.svcgen .arrow.lit .head{fill:var(--lit);stroke:none}
`;

const MARGIN = 20;
/** Above the boxes: the name of the Service and the captions of the columns. */
const HEAD = 62;
const CAPTIONS: Readonly<Record<Column, string>> = {
  client: 'clients',
  address: 'addresses',
  choice: 'decision',
  endpoint: 'endpoints',
};

/**
 * Pictures of Services, one below the other, as one SVG (1.1, with CSS that browsers know): it needs nothing from anywhere, runs
 * nothing, follows the colours of the reader, and says in `<desc>` what it shows.
 */
export function printSvg(pictures: readonly Picture[]): string {
  const placed = pictures.map((picture) => ({ picture, layout: layOut(picture) }));
  const width =
    placed.reduce((most, each) => Math.max(most, each.layout.width, headWidth(each.picture)), 0) + MARGIN * 2;
  const parts: string[] = [];
  let top = MARGIN;
  for (const { picture, layout } of placed) {
    parts.push(printPicture(picture, layout, top));
    top += HEAD + layout.height + MARGIN * 1.5;
  }
  const [only, ...others] = pictures;
  const title =
    only === undefined ? 'no Service' : others.length === 0 ? only.title : `${pictures.length} Services`;
  const words = pictures.flatMap((each) => [`${each.title}.`, ...each.words.map((line) => `${line}.`)]);
  const height = Math.round(Math.max(top, MARGIN * 2));
  return `<svg xmlns="http://www.w3.org/2000/svg" class="svcgen" role="img" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<title>${escapeXml(title)}</title>
<desc>${words.map(escapeXml).join('\n')}</desc>
<style>${SVG_STYLE}</style>
<rect class="ground" width="${width}" height="${height}"/>
${parts.join('')}</svg>
`;
}

function headWidth({ title }: Picture): number {
  return Math.min(title.length, 90) * 8;
}

function printPicture({ service, title }: Picture, layout: PlacedPicture, top: number): string {
  const captions = layout.columns.map(
    ({ column, x }) => `<text class="caption" x="${x}" y="46">${CAPTIONS[column]}</text>\n`,
  );
  return `<g data-service="${escapeXml(service)}" transform="translate(${MARGIN} ${top})">
<text class="name" y="14">${escapeXml(title)}</text>
${captions.join('')}<g transform="translate(0 ${HEAD})">
${layout.arrows.map(printArrow).join('')}${layout.arrows.map(printLabel).join('')}${layout.boxes.map(printBox).join('')}</g>
</g>
`;
}

function printArrow({ arrow, start, end }: PlacedArrow): string {
  const bend = Math.round((end.x - start.x) / 2);
  const curve = `M${start.x} ${start.y}C${start.x + bend} ${start.y} ${end.x - bend} ${end.y} ${end.x - 6} ${end.y}`;
  return `<g class="arrow ${arrow.tone}" ${endsOf(arrow)}><path d="${curve}"/><path class="head" d="M${end.x} ${end.y}l-8 -4v8z"/></g>
`;
}

/** What an arrow says stands above all arrows: where many meet, others would cross it out. */
function printLabel({ arrow, end }: PlacedArrow): string {
  if (arrow.label === '') return '';
  return `<text class="label ${arrow.tone}" ${endsOf(arrow)} x="${end.x - 12}" y="${end.y - 5}">${escapeXml(arrow.label)}</text>
`;
}

/** What tells a page which arrow it is: an arrow and its label have the same. */
function endsOf({ from, to, label }: Arrow): string {
  return `data-from="${from}" data-to="${to}" data-label="${escapeXml(label)}"`;
}

function printBox({ box, x, y, width, height, titleLines, lines }: PlacedBox): string {
  const titleEnd = PADDING.y + titleLines.length * TITLE.height;
  const texts = [
    ...titleLines.map((line, index) => ({ line, y: PADDING.y + 14 + index * TITLE.height, name: 'title' })),
    ...lines.map((line, index) => ({ line, y: titleEnd + 13 + index * LINE.height, name: undefined })),
  ].map(
    (text) =>
      `<text${text.name === undefined ? '' : ` class="${text.name}"`} x="${PADDING.x}" y="${text.y}">${escapeXml(text.line)}</text>`,
  );
  const whole = [box.title, ...box.details].join(', ');
  return `<g class="box ${box.column} ${box.tone}" data-box="${box.id}" data-addresses="${escapeXml(box.addresses.join(' '))}" transform="translate(${x} ${y})"><title>${escapeXml(whole)}</title><rect width="${width}" height="${height}" rx="8"/><rect class="mark" x="0.5" y="8" width="3.5" height="${height - 16}" rx="1.75"/>${texts.join('')}</g>
`;
}
