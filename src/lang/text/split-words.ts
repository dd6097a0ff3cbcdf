/**
 * The words of a line as iptables-restore takes it apart: spaces separate them, double quotes hold them together, and
 * a backslash keeps what follows as it is.
 * @returns undefined when a quote is not closed
 */
export function splitWords(line: string): readonly string[] | undefined {
  if (!line.includes('"') && !line.includes('\\')) return line.split(' ').filter((word) => word !== '');
  const words: string[] = [];
  let word: string | undefined;
  let isQuoted = false;
  for (let index = 0; index < line.length; index += 1) {
    const character = line.charAt(index);
    if (character === '"') {
      isQuoted = !isQuoted;
      word ??= '';
    } else if (character === ' ' && !isQuoted) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      if (character === '\\') index += 1;
      word = (word ?? '') + line.charAt(index);
    }
  }
  if (word !== undefined) words.push(word);
  return isQuoted ? undefined : words;
}
