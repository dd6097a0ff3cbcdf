/** `in JSON at position 5`, `at position 5 (line 1 column 6)`: how V8 versions tell where. */
const POSITION = / (?:in JSON )?at position (\d+)(?: \(line \d+ column \d+\))?/;

/** What JSON.parse says of a text that it refuses, and where: at its end when the message doesn't tell. */
export function jsonSyntaxError(text: string): { readonly message: string; readonly position: number } {
  try {
    JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const position = Number(POSITION.exec(message)?.[1] ?? text.length);
    return {
      message: message.replace(POSITION, '').toLowerCase(),
      position: Math.min(position, text.length),
    };
  }
  return { message: 'it holds several values', position: 0 };
}
