/** How much text one yielded piece holds at least, but for the last: few pieces, little memory. */
const PIECE_LENGTH = 64 * 1024;

/** Joins lines (with their line breaks) to pieces that are worth a write each. */
export function* inPieces(lines: Iterable<string>): Generator<string> {
  let piece = '';
  for (const line of lines) {
    piece += line;
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
