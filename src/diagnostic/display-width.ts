/** Marks that stand on the character before them. */
const COMBINING = /^[\p{Mn}\p{Me}]$/u;
const EMOJI_STYLE = '\ufe0f';

/** East Asian Wide and Fullwidth blocks (Unicode annex 11) as first and last code point; emoji are apart. */
const WIDE_BLOCKS: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x17000, 0x18cff],
  [0x1aff0, 0x1b2ff],
  [0x20000, 0x3fffd],
];
const WIDE_EMOJI = /^\p{Emoji_Presentation}$/u;

/** How many cells of a terminal a text takes that holds no control characters: wide characters take two. */
export function displayWidth(text: string): number {
  let width = 0;
  let lastWidth = 0;
  for (const character of text) {
    if (character === EMOJI_STYLE) {
      width += lastWidth === 1 ? 1 : 0;
      lastWidth = 0;
      continue;
    }
    const own = characterWidth(character);
    width += own;
    if (own > 0) lastWidth = own;
  }
  return width;
}

function characterWidth(character: string): number {
  const codePoint = character.codePointAt(0) ?? 0;
  if (codePoint < 0x300) return 1;
  if (COMBINING.test(character)) return 0;
  if (WIDE_EMOJI.test(character)) return 2;
  return WIDE_BLOCKS.some(([first, last]) => codePoint >= first && codePoint <= last) ? 2 : 1;
}
