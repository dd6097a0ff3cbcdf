/** A space that is printed as one, and where no line is broken. */
export const NO_BREAK = '\u00a0';

/**
 * Breaks a line between words, so that it fits: what follows is indented more deeply. A word that is too long for a line
 * stays whole, as people copy names and paths, and so does what NO_BREAK joins.
 * @param columns UTF-16 units; colours take none
 * @param indent how much deeper, in columns
 */
export function wrapLine(text: string, columns: number, indent = 4): readonly string[] {
  if (text.length <= columns) return [text.replaceAll(NO_BREAK, ' ')];
  const [margin = ''] = /^ */.exec(text) ?? [];
  const deeper = `${margin}${' '.repeat(indent)}`;
  const lines: string[] = [];
  let [line, width] = [margin, margin.length];
  let isEmpty = true;
  for (const word of text.slice(margin.length).split(' ')) {
    const length = widthOf(word);
    if (!isEmpty && width + 1 + length > columns) {
      lines.push(line);
      [line, width, isEmpty] = [deeper, deeper.length, true];
    }
    line += isEmpty ? word : ` ${word}`;
    width += isEmpty ? length : length + 1;
    isEmpty = false;
  }
  return [...lines, line].map((each) => each.replaceAll(NO_BREAK, ' '));
}

/** Of what begins colours, up to their "m", a terminal shows nothing. */
const ESC = String.fromCharCode(27);

function widthOf(word: string): number {
  const [plain = '', ...colored] = word.split(ESC);
  return colored.reduce((sum, part) => sum + part.length - part.indexOf('m') - 1, plain.length);
}
